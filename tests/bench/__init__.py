"""Benchmarks, run by hand with `make bench…`: figures of one run beside each other, never pass or fail on time."""
