"""Make the demo's staff user, or give it the present password."""

import os

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  (needs the set-up above)


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
    password = os.environ["DEMO_PASSWORD"]
    if not user.check_password(password):
        user.set_password(password)
        user.save()


if __name__ == "__main__":
    main()
