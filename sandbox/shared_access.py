"""Acting for somebody else (reference 1.7): may this agent, for that principal, now?"""

from datetime import datetime

from . import clock
from .definition.reading import is_true
from .models import Membership, Resource

KIND = "authorization"  # of the Resource: {"principalUser": {"userId" …}, "agentUser": …, "startDate", "endDate"?}


def may_act(agent: Membership, principal: Membership) -> bool:
    grants = Resource.objects.filter(account=agent.account, kind=KIND)
    return any(
        grant.data["principalUser"]["userId"] == principal.user.guid
        and grant.data["agentUser"]["userId"] == agent.user.guid
        and is_current(grant)
        for grant in grants
    )


def may_send_for_others(agent: Membership) -> bool:
    """The older way, for all of the account at once, by the agent's own settings."""
    settings = agent.data.get("settings", {})
    return all(is_true(settings.get(name)) for name in ("apiAccountWideAccess", "allowSendOnBehalfOf"))


def is_current(grant: Resource) -> bool:
    start, end = grant.data.get("startDate"), grant.data.get("endDate")
    now = clock.now()
    return (not start or datetime.fromisoformat(start) <= now) and (not end or now < datetime.fromisoformat(end))
