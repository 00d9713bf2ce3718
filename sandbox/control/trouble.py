"""Ordering trouble: see `faults`."""

from django.http import HttpRequest

from sandbox import bounces
from sandbox import faults as orders

from .doors import Json, WrongBodyError, door


@door("GET", "POST", "DELETE")
def faults(request: HttpRequest, body: Json) -> Json:
    """Order the next matching calls to fail, list what is ordered, or forget it all.

    `{"target": "api"|"oauth"|"ceremony"|"connect", "method", "path_contains", "count", "probability", "status",
    "errorCode", "message", "latency_seconds", "drop", "throttle", "expired_token", "when": "before"|"after",
    "event", "connect": "duplicate"|"reorder"|"lose"}`; all of it may be left out. `{"seed": n}` makes probabilities
    fall the same way every time.
    """
    if request.method == "DELETE":
        orders.forget()
    elif request.method == "POST":
        is_only_seed = body.keys() == {"seed"}
        _seed(body.pop("seed", None))
        if not is_only_seed:
            _order(body)
    return {"status": "ok", "faults": orders.listed()}


@door("DELETE")
def one_fault(request: HttpRequest, body: Json, guid: str) -> Json:
    if not orders.remove(guid):
        raise WrongBodyError("there is no such fault")
    return {"faults": orders.listed()}


@door("GET", "POST", "DELETE")
def bounced(request: HttpRequest, body: Json) -> Json:
    """`{"email": …}`: mail to this address comes back from now on; `DELETE` forgets it, or all."""
    email = body.get("email", "")
    if not isinstance(email, str) or (request.method == "POST" and "@" not in email):
        raise WrongBodyError("email must be an address")
    if request.method == "POST":
        bounces.order(email)
    elif request.method == "DELETE":
        bounces.forget(email)
    return {"emails": bounces.ordered()}


def _seed(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, int):
        raise WrongBodyError("seed must be a whole number")
    orders.seed(value)


def _order(body: Json) -> None:
    try:
        orders.order(orders.read(body))
    except ValueError as error:
        raise WrongBodyError(str(error)) from None
