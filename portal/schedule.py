"""Which queue serves a task, and how often the beat ticks. Reads nothing; the settings take it as it stands."""

from kombu import Exchange, Queue

# What a signer waits for, and everything else. A worker serves both, in turns, unless told otherwise by -Q.
QUEUES = tuple(Queue(name, Exchange(name), routing_key=name) for name in ("signing", "bulk"))
DEFAULT_QUEUE = "bulk"
ROUTES = {
    f"signing.tasks.{task}": {"queue": "signing"}
    for task in ("refresh_envelope", "apply_connect_message", "deliver_mail", "keep_connected")
}
# Ticks: whether something is due, the rows know. A tick that no worker took in time is dropped, the next one follows.
TICKS = {
    task.replace("_", "-"): {"task": f"signing.tasks.{task}", "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in (
        ("keep_connected", 15),
        ("poll_envelopes", 10),
        # The database is the truth and the broker only a bell: whatever a lost message left behind is found here.
        ("pick_up_left_behind", 10),
        ("remind", 10 * 60),
        ("watch", 15 * 60),
        ("prune", 24 * 3600),
    )
}
