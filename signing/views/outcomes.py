"""What to say when the ceremony sends a signer back: one entry per `event` of the return URL.

The events are Docusign's (reference: createRecipient, returnUrl). They come through the browser and can be
forged or missing, so they choose words only; where our own rows already know better, the gate's page is shown.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from signing.gate import ENTERABLE, Gate


@dataclass(frozen=True, slots=True)
class Outcome:
    """`tone`: good, calm or sorry. `may_continue` offers the button back into the ceremony."""

    tone: str
    title: str | Promise
    text: str | Promise
    may_continue: bool
    is_settling: bool = False  # shows that the truth is on its way


OUTCOMES = {
    "signing_complete": Outcome(
        "good",
        _("Thank you, you have signed"),
        _("Your signature is being recorded. This page shows when that is done; you can also close it."),
        may_continue=False,
        is_settling=True,
    ),
    "decline": Outcome(
        "calm",
        _("You have declined to sign"),
        _("The sender is told, together with the reason you gave. Nothing more is needed from you."),
        may_continue=False,
        is_settling=True,
    ),
    "cancel": Outcome(
        "calm",
        _("Saved for later"),
        _("What you filled in is kept. Come back any time with the link from your email, or go on now."),
        may_continue=True,
    ),
    "session_timeout": Outcome(
        "calm",
        _("Signing was paused"),
        _("Nothing happened for a while, so the session was closed to protect you. You can go on now."),
        may_continue=True,
    ),
    "ttl_expired": Outcome(
        "calm",
        _("That page had already been used"),
        _("Each visit needs a fresh page, and this one was opened before or too late. One click opens a new one."),
        may_continue=True,
    ),
    "viewing_complete": Outcome(
        "calm",
        _("Thank you for reading"),
        _("You have looked at the documents. If there is something left to sign, you can go on here."),
        may_continue=True,
    ),
    "fax_pending": Outcome(
        "calm",
        _("You chose to sign on paper"),
        _("Follow the printed instructions. Once your pages have arrived, all goes on by itself."),
        may_continue=True,
    ),
    "access_code_failed": Outcome(
        "sorry",
        _("The access code was not right"),
        _("Ask the sender for the code, then try again."),
        may_continue=True,
    ),
    "id_check_failed": Outcome(
        "sorry",
        _("Your identity could not be confirmed"),
        _("You can try again. If it fails once more, write to the sender."),
        may_continue=True,
    ),
    "exception": Outcome(
        "sorry",
        _("Something went wrong while signing"),
        _("It was not your fault, and nothing was lost. Please try again in a moment."),
        may_continue=True,
    ),
}
# For who only has to see the documents: that was all.
READ = Outcome(
    "good",
    _("Thank you for reading"),
    _("You get an email with your copy when everyone is done. There is nothing left for you to do."),
    may_continue=False,
    is_settling=True,
)
UNKNOWN = Outcome(
    "calm",
    _("You are back"),
    _("If there is something left to sign, you can go on here."),
    may_continue=True,
)


def outcome_of(event: str, gate: Gate, *, only_reads: bool = False) -> Outcome | None:
    """None when the link's own page should be shown instead."""
    if gate not in ENTERABLE:
        return None  # our rows know more than any hint
    if only_reads and event == "viewing_complete":
        return READ
    return OUTCOMES.get(event, UNKNOWN)
