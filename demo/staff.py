"""Make the demo's staff user, or give it the present password."""

import os

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  (needs the set-up above)
from django.contrib.auth.hashers import make_password  # noqa: E402


def main() -> None:
    user, _ = get_user_model().objects.get_or_create(
        username="demo",
        defaults={
            "email": "dana.field@northwind.example",
            "first_name": "Dana",
            "last_name": "Field",
            "is_staff": True,
            "is_superuser": True,
        },
    )
    # A colleague to hand envelopes to; nobody logs in as them.
    get_user_model().objects.get_or_create(
        username="robin",
        defaults={
            "email": "robin.keller@northwind.example",
            "first_name": "Robin",
            "last_name": "Keller",
            "is_staff": True,
            "password": make_password(None),
        },
    )
    password = os.environ["DEMO_PASSWORD"]
    if not user.check_password(password):
        user.set_password(password)
        user.save()


if __name__ == "__main__":
    main()
