"""Which language a page speaks: the one chosen on it, the recipient's own, the browser's, the portal's; in this order.

Staff's pages speak English, whatever their browser asks for: only their texts would change, not what others wrote.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signing import linking
from signing.links import Link


class PageLanguage:
    """Middleware: the language of whoever opens a page that is not staff's, for its error pages as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith((reverse("admin:index"), "/account/", reverse("signing:consent_return"))):
            return self._get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = self._get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", translation.get_language())
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def speak_to(request: HttpRequest, link: Link) -> None:
    """The language that staff have chosen for them, unless they themselves have chosen one.

    Theirs is kept for the mails, too, once they do something there: who only looks may be anybody.
    """
    recipient, chosen = link.recipient, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is None:
        if recipient.language:
            translation.activate(recipient.language)
    elif request.method == "POST" and chosen == translation.get_language():
        linking.note_language(link, chosen)


@login_not_required
@csrf_exempt  # the worst that a foreign page could do is to change the language
@never_cache
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Remember the chosen language in a cookie, and go back to the page, which has to be one of ours."""
    return i18n.set_language(request)
