"""How work travels: the queues, the broker's options, how often the beat ticks. Reads no environment."""

from pathlib import Path
from typing import Any

from kombu import Exchange, Queue

# What a signer waits for, and everything else. A worker serves both, in turns, unless told otherwise by -Q.
QUEUES = tuple(Queue(name, Exchange(name), routing_key=name) for name in ("signing", "bulk"))
DEFAULT_QUEUE = "bulk"
ROUTES = {
    f"signing.tasks.{task}": {"queue": "signing"}
    for task in (
        "refresh_envelope",
        "apply_connect_message",
        "deliver_mail",
        "mail_form_code",
        "send_for_visitor",
        "keep_connected",
    )
}
# Ticks: whether something is due, the rows know. A tick that no worker took in time is dropped, the next one follows.
TICKS = {
    task.replace("_", "-"): {"task": f"signing.tasks.{task}", "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in (
        ("keep_connected", 15),
        ("poll_envelopes", 10),
        # The database is the truth and the broker only a bell: whatever a lost message left behind is found here.
        ("pick_up_left_behind", 10),
        ("drive_bulk", 5),
        ("send_scheduled", 10),
        ("renew_tallies", 60),
        ("remind", 10 * 60),
        ("watch", 15 * 60),
        ("keep_rules", 3600),
        ("purge_at_docusign", 60),
        ("prune", 24 * 3600),
        ("keep_evidence", 15 * 60),
    )
}


def transport_options(broker_url: str, queue: Path) -> dict[str, Any]:
    """What kombu wants to know of the broker. The folder `queue` is for the embedded one, and made when it is used."""
    if broker_url.startswith("filesystem://"):
        for folder in ("messages", "control"):
            (queue / folder).mkdir(parents=True, exist_ok=True)
        return {
            # One folder both ways: what one process puts out, another takes in.
            "data_folder_in": str(queue / "messages"),
            "data_folder_out": str(queue / "messages"),
            "control_folder": str(queue / "control"),
            "polling_interval": 0.2,
        }
    if broker_url.startswith(("redis://", "rediss://")):
        # Longer than the longest task and the undo window together, or a second worker would get the same message.
        return {"visibility_timeout": 900, "socket_connect_timeout": 5}
    return {}
