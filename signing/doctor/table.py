"""The table of all checks, in the order in which one sets up a portal."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import account, credentials, house, reaching
from .findings import Finding, failed
from .patient import Patient

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """`looks_at` says what is looked at, in a few words."""

    name: str
    group: str
    title: str | Promise
    looks_at: str | Promise
    examine: Callable[[Patient], Finding]


GROUPS = {
    "docusign": _("Docusign"),
    "reaching": _("The way to us"),
    "mail": _("Mail and files"),
    "house": _("Processes and servers"),
}
CHECKS = (
    Check("environment", "docusign", _("Environment"), _("demo, production or a stand-in"), credentials.environment),
    Check(
        "integration_key",
        "docusign",
        _("Integration key"),
        _("its form, and that it exists"),
        credentials.integration_key,
    ),
    Check("private_key", "docusign", _("Private key"), _("its form, and that it fits"), credentials.private_key),
    Check("clock", "docusign", _("Clock"), _("this machine's against Docusign's"), credentials.clock),
    Check("user_id", "docusign", _("Service user"), _("that the user exists there"), credentials.user_id),
    Check("consent", "docusign", _("Consent"), _("that the user lets the portal act"), credentials.consent),
    Check("account", "docusign", _("Account"), _("membership, address, API"), account.account),
    Check("permissions", "docusign", _("Rights"), _("what the service user may do"), account.permissions),
    Check("address", "reaching", _("Our address"), _("that it leads to this portal"), reaching.address),
    Check("connect", "reaching", _("Connect"), _("a signed message there and back"), reaching.connect),
    Check(
        "connect_configuration",
        "reaching",
        _("Connect configuration"),
        _("how the account is set up"),
        account.connect_configuration,
    ),
    Check("mail", "mail", _("Mail"), _("the mail server lets us in"), house.mail),
    Check("storage", "mail", _("Files"), _("written, read, deleted"), house.storage),
    Check("database", "house", _("Database"), _("all migrations applied"), house.migrations),
    Check("cache", "house", _("Cache"), _("shared, and keeps things"), house.cache),
    Check("broker", "house", _("Broker"), _("that it answers"), house.broker),
    Check("worker", "house", _("Worker"), _("its last sign of life"), house.worker),
    Check("beat", "house", _("Beat"), _("its last sign of life"), house.beat),
    Check("time_zone", "house", _("Time zone"), _("what dates and quiet hours follow"), house.time_zone),
)


def examine(group: str = "") -> Iterator[tuple[Check, Finding]]:
    """Every check, or those of one group, one after another. Calls Docusign, the mail server and our own address."""
    with Patient() as patient:
        for check in CHECKS:
            if group in ("", check.group):
                yield check, _finding(check, patient)


def _finding(check: Check, patient: Patient) -> Finding:
    """Whatever a check stumbles over is a finding, too: the others go on."""
    try:
        return check.examine(patient)
    except Exception as error:
        logger.exception("the check %s broke down", check.name)
        sentence = _("This check itself broke down (%(why)s).") % {"why": type(error).__name__}
        return failed(sentence, str(_("The log of this process says where.")))
