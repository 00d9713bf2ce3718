"""Connect from behind: what was and will be delivered."""

from django.http import HttpRequest

from sandbox import housekeeping
from sandbox.connect import delivery, secrets
from sandbox.models import Account, ConnectMessage

from .doors import Json, WrongBodyError, door


@door("POST")
def deliver(request: HttpRequest, body: Json) -> Json:
    """Do now what the housekeeping has to do, and wait until every message that is due has been tried."""
    housekeeping.run_due()
    return {"status": "ok"}


@door("GET")
def deliveries(request: HttpRequest, body: Json) -> Json:
    """Connect messages, oldest first; `?envelope_id=`, `?event=` and `?state=` choose."""
    rows = ConnectMessage.objects.select_related("envelope")
    for name, column in (("envelope_id", "envelope__guid"), ("event", "event"), ("state", "state")):
        if request.GET.get(name):
            rows = rows.filter(**{column: request.GET[name]})
    return {"deliveries": [_shape(message) for message in rows]}


@door("POST")
def replay(request: HttpRequest, body: Json, guid: str) -> Json:
    """Deliver a message once more, now."""
    message = ConnectMessage.objects.select_related("envelope").filter(guid=guid).first()
    if message is None:
        raise WrongBodyError("there is no such delivery")
    delivery.replay(message)
    housekeeping.run_due()
    message.refresh_from_db()
    return _shape(message)


@door("POST")
def add_secret(request: HttpRequest, body: Json) -> Json:
    """`{"secret"?, "accountId"?}`: one more HMAC key of the account; without a secret, one is made up."""
    wanted = str(body.get("accountId") or "")
    accounts = Account.objects.filter(guid=wanted) if wanted else Account.objects.order_by("pk")
    account = accounts.first()
    if account is None:
        raise WrongBodyError("there is no such account")
    key = secrets.add(account, str(body.get("secret") or ""))
    return {"keyId": key.guid, "secret": key.data["secret"]}


def _shape(message: ConnectMessage) -> Json:
    return {
        "id": message.guid,
        "envelopeId": message.envelope.guid,
        "configurationId": message.configuration_id,
        "url": message.url,
        "event": message.event,
        "state": message.state,
        "body": message.body,
        "createdAt": message.created_at.isoformat(),
        "attempts": message.attempts,
        "lastAttemptAt": message.last_attempt_at.isoformat() if message.last_attempt_at else None,
        "nextAttemptAt": message.next_attempt_at.isoformat() if message.next_attempt_at else None,
        "lastError": message.last_error,
    }
