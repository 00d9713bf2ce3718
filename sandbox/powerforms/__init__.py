"""PowerForms: a public page from which anyone makes an envelope of a template and signs it (reference 7.1)."""
