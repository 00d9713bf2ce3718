"""Bulk send: a sheet is read, its columns are matched with a template, all rows checked, envelopes sent in waves."""
