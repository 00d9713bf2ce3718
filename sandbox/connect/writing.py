"""From a noted event to a message that can be sent: its body, and the trouble ordered for it."""

import copy
import logging
from datetime import timedelta
from typing import Any

from sandbox import clock, faults
from sandbox.models import ConnectMessage, new_guid

from . import payloads

logger = logging.getLogger(__name__)

REORDER_SECONDS = 5  # by which a message is overtaken, unless the fault says otherwise


def write_new() -> None:
    """Give every new message its body. Outside any transaction: drawing documents takes its time."""
    new = ConnectMessage.objects.filter(state__in=("pending", "paused"), body="")
    for message in new.select_related("envelope__sender", "envelope__account", "account", "recipient"):
        try:
            message.body = payloads.write(message)
        except Exception:  # one message that cannot be written must not hold up all others
            logger.exception("Connect message %s", message.guid)
            new.filter(pk=message.pk).update(
                state="failed", next_attempt_at=None, last_error="It could not be written."
            )
            continue
        _disturb(message)


def _disturb(message: ConnectMessage) -> None:
    """Lost, delivered twice, or late so that others overtake it (reference 4.4: nothing is promised of order)."""
    fault = faults.take(message.event, message.url, "before", "connect")
    kind = fault.connect if fault else ""
    changes: dict[str, Any] = {"body": message.body}
    if kind == "lose":
        changes |= {"state": "lost", "next_attempt_at": None, "last_error": "Lost on order."}
    elif kind == "reorder" and fault:
        late = timedelta(seconds=fault.latency_seconds or REORDER_SECONDS)
        changes["next_attempt_at"] = clock.now() + late
    # Not by save(): a reset may have taken the row away.
    is_there = ConnectMessage.objects.filter(pk=message.pk).update(**changes)
    if kind == "duplicate" and is_there:
        twin = copy.copy(message)
        twin.pk, twin.guid = None, new_guid()
        twin.save(force_insert=True)
