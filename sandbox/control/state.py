"""The sandbox's state as a whole: reset, time, who there is, consent, limits, settings."""

from datetime import datetime

from django.http import HttpRequest

from sandbox import clock, identities, restart, switches, travel
from sandbox.limits import limits
from sandbox.models import IntegrationKey, User
from sandbox.oauth import permission

from .doors import Json, WrongBodyError, door, flag, number


@door("GET")
def health(request: HttpRequest, body: Json) -> Json:
    return {"status": "ok"}


@door("POST")
def reset(request: HttpRequest, body: Json) -> Json:
    """Forget everything but who there is."""
    restart.reset()
    return {"status": "ok"}


@door("GET", "POST")
def move_clock(request: HttpRequest, body: Json) -> Json:
    """`{"advance_seconds": n}`, `{"set": "2030-01-01T00:00:00Z"}` or `{"reset": true}` → `{"now": …}`.

    Whatever is due by then has happened before this answers; going back undoes nothing.
    """
    if "advance_seconds" in body:
        travel.advance(number(body, "advance_seconds"))
    elif "set" in body:
        travel.set_to(_moment(body["set"]))
    elif flag(body, "reset"):
        clock.reset()
    elif request.method == "POST":
        raise WrongBodyError("advance_seconds, set or reset must be given")
    return {"now": clock.now().isoformat(), "offset_seconds": clock.offset_seconds()}


@door("POST")
def seed(request: HttpRequest, body: Json) -> Json:
    """Accounts, users, integration keys, consents: see `identities.seed`."""
    try:
        return identities.seed(body)
    except ValueError as error:
        raise WrongBodyError(str(error)) from None


@door("POST")
def consent(request: HttpRequest, body: Json) -> Json:
    """`{"granted": true|false}`: the service user's; with `"userId"` that user's (to `"integrationKey"`, or granted to
    the first and withdrawn from all), with `"everyone": true` an administrator's for all. Withdrawing without a
    `userId` withdraws everyone's. Access tokens already issued live on (reference 1.6).
    """
    granted = flag(body, "granted")
    if body.get("userId"):
        user = User.objects.filter(guid=str(body["userId"]).lower()).first()
        if user is None:
            raise WrongBodyError("there is no such user")
        key = _key_of(body)
        if granted:
            permission.allow(user, key or IntegrationKey.objects.earliest("pk"), identities.DEFAULT_SCOPES)
        else:
            permission.withdraw(user, key)
    elif granted:
        identities.grant_consent(for_everyone=flag(body, "everyone"))
    else:
        identities.withdraw_consent()
    return {"granted": granted}


@door("GET", "POST")
def set_limits(request: HttpRequest, body: Json) -> Json:
    """`{"hourly", "burst", "envelope_hourly", "envelope_burst"}`: calls per hour and per 30 seconds, of the account and
    of one envelope, until the next reset. What is left out stays as it is; counts begin anew.
    """
    known = limits.current()
    if body.keys() - known.keys():
        raise WrongBodyError(f"only {', '.join(known)} can be set")
    if request.method == "POST":
        limits.set(**known | {name: int(number(body, name)) for name in body})
    return {**limits.current()}


@door("GET", "POST")
def change_settings(request: HttpRequest, body: Json) -> Json:
    """`{"RECIPIENT_VIEW_SECONDS": 60, …}`: behaviour, by the names in sandbox/settings.py, until the next reset."""
    try:
        switches.change(body)
    except ValueError as error:
        raise WrongBodyError(str(error)) from None
    return {**switches.current()}


def _key_of(body: Json) -> IntegrationKey | None:
    wanted = str(body.get("integrationKey") or "").lower()
    key = IntegrationKey.objects.filter(guid=wanted).first() if wanted else None
    if wanted and key is None:
        raise WrongBodyError("there is no such integration key")
    return key


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise WrongBodyError("set must be a date and time such as 2030-01-31T12:00:00Z") from None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise WrongBodyError("set must name its time zone, and a year from 2000 to 2200")
    return moment
