"""What the sandbox remembers of the past: API calls and emails."""

from django.http import HttpRequest

from sandbox import journal
from sandbox import mails as mailbox
from sandbox.addresses import base_url
from sandbox.models import Mail

from .doors import Json, WrongBodyError, door, flag


@door("GET", "DELETE")
def requests(request: HttpRequest, body: Json) -> Json:
    """The API calls received, oldest first; `?method=`, `?path_contains=`, `?status=`, `?operation=` choose."""
    if request.method == "DELETE":
        journal.forget()
    query = request.GET
    status = query.get("status") or "0"
    if not status.isdecimal():
        raise WrongBodyError("status must be a number")
    calls = journal.calls(
        method=query.get("method", "").upper(),
        path_contains=query.get("path_contains", ""),
        status=int(status),
        operation=query.get("operation", ""),
    )
    return {"requests": calls}


@door("POST")
def recording(request: HttpRequest, body: Json) -> Json:
    """`{"responses": true}`: keep the answers' JSON too, until the next reset."""
    wanted = flag(body, "responses")
    journal.keep_responses(wanted)
    return {"responses": wanted}


@door("GET", "DELETE")
def mails(request: HttpRequest, body: Json) -> Json:
    """Oldest first; `?to=`, `?kind=` and `?envelope_id=` choose."""
    if request.method == "DELETE":
        Mail.objects.all().delete()
    rows = Mail.objects.select_related("envelope", "recipient")
    for name, column in (("to", "to_email"), ("kind", "kind"), ("envelope_id", "envelope__guid")):
        if request.GET.get(name):
            rows = rows.filter(**{column: request.GET[name]})
    return {"mails": [mailbox.shape(mail, base_url(request)) for mail in rows]}
