"""What every template may know."""

from collections.abc import Callable

from django.http import HttpRequest

from signing import connection
from signing.branding import Brand, brand


def organisation(request: HttpRequest) -> dict[str, Brand]:
    return {"brand": brand()}


def docusign(request: HttpRequest) -> dict[str, Callable[[], object]]:
    """For the banner of the admin's pages. Functions, so that only a page with the banner looks it up."""
    return {"docusign_trouble": connection.trouble, "docusign_consent_link": connection.consent_link}
