"""A portal in which nothing is wrong, for the doctor to look at: reachable, connected to the sandbox, alive."""

from signing import doctor, heartbeat
from signing.doctor import Finding, Status
from signing.heartbeat import Part

KEY, OTHER_KEY = "ONE-CONNECT-KEY-OF-THE-ACCOUNT=", "ANOTHER-ONE-FOR-THE-CHANGE-OVER="
NOBODY = "00000000-0000-0000-0000-000000000000"


def show_life() -> None:
    heartbeat.beat(Part.WORKER)
    heartbeat.beat(Part.BEAT)


def findings(group: str = "") -> dict[str, Finding]:
    return {check.name: finding for check, finding in doctor.examine(group)}


def failed(found: dict[str, Finding]) -> list[str]:
    return [name for name, finding in found.items() if finding.status == Status.FAILED]
