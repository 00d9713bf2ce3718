"""Addresses below /console/. Every form is guarded against other sites; there is no login to steal, but state."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_protect

from . import behaviour, consents, deliveries, documents, envelopes, mailbox, requests, time, trouble

View = Callable[..., HttpResponseBase]


def page(route: str, view: View, name: str) -> URLPattern:
    return path(route, csrf_protect(view), name=f"console-{name}")


urlpatterns = [
    page("", envelopes.list_page, "envelopes"),
    page("envelopes/<str:guid>", envelopes.detail_page, "envelope"),
    page("envelopes/<str:guid>/recipients/<str:recipient_guid>/open", envelopes.open_as, "open-as"),
    page("envelopes/<str:guid>/documents/<str:name>", documents.download, "document"),
    page("mailbox", mailbox.list_page, "mailbox"),
    page("mailbox/<str:guid>", mailbox.detail_page, "mail"),
    page("requests", requests.list_page, "requests"),
    page("requests/<str:trace_token>", requests.detail_page, "request"),
    page("connect", deliveries.list_page, "deliveries"),
    page("connect/<str:guid>", deliveries.detail_page, "delivery"),
    page("connect/<str:guid>/replay", deliveries.replay, "replay"),
    page("consent", consents.page, "consent"),
    page("faults", trouble.show, "faults"),
    page("settings", behaviour.show, "settings"),
    page("settings/reset", behaviour.reset, "reset"),
    page("clock", time.move, "clock"),
]
