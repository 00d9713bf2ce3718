"""The staff's way in: django-allauth and django-axes, told the portal's rules in one place each."""
