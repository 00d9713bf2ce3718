"""What every template may know."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from signing import connection


def organisation(request: HttpRequest) -> dict[str, str]:
    return {"organisation_name": settings.ORGANISATION_NAME}


def docusign(request: HttpRequest) -> dict[str, Callable[[], object]]:
    """For the banner of the admin's pages. Functions, so that only a page with the banner looks it up."""
    return {"docusign_trouble": connection.trouble, "docusign_consent_link": connection.consent_link}
