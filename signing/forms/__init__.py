"""Forms clean values and say what is wrong where; they write nothing."""
