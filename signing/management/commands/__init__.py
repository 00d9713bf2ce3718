"""One module per command: `manage.py <module>`."""
