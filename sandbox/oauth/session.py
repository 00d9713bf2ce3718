"""Who the browser is: the person chosen last stays logged in, as at Docusign, until log-out."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from sandbox.models import User

COOKIE = "sandbox_user"
Response = TypeVar("Response", bound=HttpResponse)


def current(request: HttpRequest) -> str:
    """The user's guid; empty where nobody is logged in."""
    return request.COOKIES.get(COOKIE, "")


def remember(response: Response, user: User) -> Response:
    response.set_cookie(COOKIE, user.guid, httponly=True, samesite="Lax")
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(COOKIE)
    return response
