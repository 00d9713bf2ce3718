"""The timeline of an envelope in words: who, what, when, from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signing import leaving
from signing.models import (
    ActorKind,
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    EventKind,
    MailKind,
    RecipientStatus,
    Seal,
)
from signing.verify.chain import faults

AT_ONCE = 40
CHECKED = 300  # events whose chain is checked for a page; of longer ones `audit verify` tells

Words = Mapping[str, str | Promise]

ICONS: Mapping[str, str] = {
    EventKind.DRAFTED: "edit_document",
    EventKind.EDITED: "edit",
    EventKind.DELETED: "delete",
    EventKind.SEND_ASKED: "schedule_send",
    EventKind.TAKEN_BACK: "undo",
    EventKind.SCHEDULED: "schedule",
    EventKind.UNSCHEDULED: "event_busy",
    EventKind.CODE_MAILED: "pin",
    EventKind.CODE_WRONG: "gpp_maybe",
    EventKind.CODE_GIVEN: "verified_user",
    EventKind.SENT: "send",
    EventKind.REFUSED: "error",
    EventKind.STATUS: "flag",
    EventKind.RECIPIENT_STATUS: "person",
    EventKind.RECIPIENT_ADDED: "person_add",
    EventKind.RECIPIENT_CHANGED: "manage_accounts",
    EventKind.LINK_OPENED: "visibility",
    EventKind.LINK_REPLACED: "link",
    EventKind.LINK_REVOKED: "link_off",
    EventKind.LINK_REQUESTED: "contact_mail",
    EventKind.LINK_REVEALED: "key",
    EventKind.IN_PERSON_CONFIRMED: "how_to_reg",
    EventKind.CEREMONY_STARTED: "draw",
    EventKind.CEREMONY_LEFT: "logout",
    EventKind.MAIL_SENT: "mail",
    EventKind.MAIL_FAILED: "unsubscribe",
    EventKind.REMINDED: "notifications",
    EventKind.VOID_ASKED: "block",
    EventKind.CORRECTED: "manage_accounts",
    EventKind.SENDER_CHOSEN: "badge",
    EventKind.SENDER_LOST: "person_off",
    EventKind.SENDER_HELD: "front_hand",
    EventKind.SENDER_REPLACED: "support_agent",
    EventKind.REASSIGNED: "swap_horiz",
    EventKind.MOVED: "groups",
    EventKind.DOCUMENT_STORED: "inventory_2",
    EventKind.DOWNLOADED: "download",
    EventKind.VALUES_READ: "list_alt",
    EventKind.HELD: "lock",
    EventKind.HOLD_RELEASED: "lock_open",
    EventKind.CONTENT_DELETED: "delete_sweep",
    EventKind.PURGE_ASKED: "auto_delete",
    EventKind.PURGE_DECIDED: "gavel",
    EventKind.PURGE_STATE: "auto_delete",
    EventKind.ERASED: "person_off",
}
SENTENCES: dict[str, str | Promise] = {
    EventKind.DRAFTED: gettext_lazy("made the draft"),
    EventKind.EDITED: gettext_lazy("changed the draft"),
    EventKind.DELETED: gettext_lazy("threw the draft away"),
    EventKind.SCHEDULED: gettext_lazy("chose when it is sent: %(send_at)s"),
    EventKind.UNSCHEDULED: gettext_lazy("dropped the schedule"),
    EventKind.CODE_MAILED: gettext_lazy("mailed a code to %(to)s"),
    EventKind.CODE_WRONG: gettext_lazy("gave a wrong code"),
    EventKind.CODE_GIVEN: gettext_lazy("gave the code from their mailbox"),
    EventKind.SEND_ASKED: gettext_lazy("pressed Send"),
    EventKind.TAKEN_BACK: gettext_lazy("took it back before it was sent"),
    EventKind.SENT: gettext_lazy("handed it to Docusign"),
    EventKind.REFUSED: gettext_lazy("refused the envelope"),
    EventKind.RECIPIENT_ADDED: gettext_lazy("added %(recipient)s (%(email)s)"),
    EventKind.RECIPIENT_CHANGED: gettext_lazy("told of a change of %(recipient)s: %(changes)s"),
    EventKind.LINK_OPENED: gettext_lazy("opened the link"),
    EventKind.LINK_REPLACED: gettext_lazy("closed the link of %(recipient)s and made another"),
    EventKind.LINK_REVOKED: gettext_lazy("revoked the link of %(recipient)s"),
    EventKind.LINK_REQUESTED: gettext_lazy("asked for a link that works"),
    EventKind.LINK_REVEALED: gettext_lazy("had the signing link of %(recipient)s shown"),
    EventKind.IN_PERSON_CONFIRMED: gettext_lazy("confirmed: %(recipient)s sits with me, and I checked who they are"),
    EventKind.CEREMONY_STARTED: gettext_lazy("went to the signing page"),
    EventKind.CEREMONY_LEFT: gettext_lazy("came back from the signing page"),
    EventKind.MAIL_SENT: gettext_lazy("sent “%(mail)s” to %(to)s"),
    EventKind.MAIL_FAILED: gettext_lazy("could not deliver “%(mail)s” to %(to)s"),
    EventKind.REMINDED: gettext_lazy("reminded %(recipient)s"),
    EventKind.VOID_ASKED: gettext_lazy("voided the envelope"),
    EventKind.CORRECTED: gettext_lazy("corrected %(recipient)s: %(changes)s"),
    EventKind.SENDER_CHOSEN: gettext_lazy("chose that it is sent as %(to)s"),
    EventKind.SENDER_LOST: gettext_lazy("stopped acting as %(name)s (%(why)s); the service account has taken over"),
    EventKind.SENDER_HELD: gettext_lazy("did not send it: as %(name)s that is not possible any more (%(why)s)"),
    EventKind.SENDER_REPLACED: gettext_lazy("sends it by the service account, not as %(name)s (%(why)s)"),
    EventKind.REASSIGNED: gettext_lazy("gave the envelope from %(from)s to %(to)s"),
    EventKind.MOVED: gettext_lazy("moved it from team “%(from)s” to “%(to)s”"),
    EventKind.DOCUMENT_STORED: gettext_lazy("fetched and stored: %(document)s"),
    EventKind.DOWNLOADED: gettext_lazy("downloaded: %(what)s"),
    EventKind.VALUES_READ: gettext_lazy("looked at what was filled in"),
    EventKind.HELD: gettext_lazy("put it on legal hold"),
    EventKind.HOLD_RELEASED: gettext_lazy("released the legal hold"),
    EventKind.CONTENT_DELETED: gettext_lazy("deleted what was kept here: %(scope)s"),
    EventKind.PURGE_ASKED: gettext_lazy("asked to purge it at Docusign"),
    EventKind.PURGE_DECIDED: gettext_lazy("on the purge at Docusign: %(decision)s"),
    EventKind.PURGE_STATE: gettext_lazy("says of the purge: %(to)s"),
    EventKind.ERASED: gettext_lazy("erased names and addresses on request"),
}
# Of a recipient's status, as news of Docusign.
OF_RECIPIENT: Words = {
    RecipientStatus.SENT: gettext_lazy("it is the turn of %(recipient)s"),
    RecipientStatus.DELIVERED: gettext_lazy("%(recipient)s opened the documents"),
    RecipientStatus.SIGNED: gettext_lazy("%(recipient)s signed"),
    RecipientStatus.COMPLETED: gettext_lazy("%(recipient)s signed"),
    RecipientStatus.DECLINED: gettext_lazy("%(recipient)s declined to sign"),
    RecipientStatus.AUTORESPONDED: gettext_lazy("the mail to %(recipient)s came back"),
}
OF_ENVELOPE: Words = {
    EnvelopeStatus.DELIVERED: gettext_lazy("everyone whose turn it is has opened it"),
    EnvelopeStatus.COMPLETED: gettext_lazy("everyone has signed"),
    EnvelopeStatus.DECLINED: gettext_lazy("it has ended: somebody declined"),
    EnvelopeStatus.VOIDED: gettext_lazy("it is void"),
}
COLUMNS: Words = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("email"),
    "routing_order": gettext_lazy("order"),
}
ACTORS: Words = {ActorKind.DOCUSIGN: gettext_lazy("Docusign"), ActorKind.SYSTEM: gettext_lazy("The portal")}
DOCUMENTS: Words = {"combined": gettext_lazy("signed documents"), "certificate": gettext_lazy("certificate")}
GOOD = frozenset({RecipientStatus.SIGNED, RecipientStatus.COMPLETED, EnvelopeStatus.COMPLETED})
BAD = frozenset(
    {RecipientStatus.DECLINED, RecipientStatus.AUTORESPONDED, EnvelopeStatus.DECLINED, EnvelopeStatus.VOIDED}
)
BAD_KINDS = frozenset(
    {
        EventKind.REFUSED,
        EventKind.MAIL_FAILED,
        EventKind.VOID_ASKED,
        EventKind.LINK_REVOKED,
        EventKind.LINK_REVEALED,
        EventKind.SENDER_LOST,
        EventKind.SENDER_HELD,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `tone` is empty, "good" or "bad"; `quote` someone's own words."""

    at: datetime
    icon: str
    tone: str
    who: str
    what: str
    quote: str
    ip: str
    facts: Sequence[str]


class Lenient(dict[str, Any]):
    """A line of another version may lack a word: better a gap than no timeline."""

    def __missing__(self, key: str) -> str:
        return "–"


@dataclass(frozen=True, slots=True)
class Timeline:
    """`older`: the number before which it goes on; None when that is all."""

    entries: list[Entry]
    older: int | None
    chain: str = ""  # what is wrong with it
    length: int = 0  # how many events were looked at; none where there are too many for a page


def timeline(envelope: Envelope, *, before: int | None = None) -> Timeline:
    """The latest lines, or those before the one with this number."""
    events: QuerySet[EnvelopeEvent] = envelope.events.order_by("-number")
    if before is not None:
        events = events.filter(number__lt=before)
    found = list(events[: AT_ONCE + 1])
    has_more, found = len(found) > AT_ONCE, found[:AT_ONCE]
    older = found[-1].number if has_more else None
    return Timeline([entry_of(event) for event in found], older, *_state_of_chain(envelope, found))


def _state_of_chain(envelope: Envelope, latest: Sequence[EnvelopeEvent]) -> tuple[str, int]:
    if not latest or latest[0].number > CHECKED:
        return "", 0
    events = envelope.events.order_by("number")
    fault = next(faults(latest[0].chain_name, (event.link for event in events)), None)
    return (str(fault) if fault else ""), latest[0].number


def entry_of(event: EnvelopeEvent) -> Entry:
    data = event.data
    return Entry(
        at=event.at,
        icon=_icon(event),
        tone=_tone(event),
        who=str(ACTORS.get(event.actor_kind) or event.actor_name or _("Somebody")),
        what=_what(event),
        quote="" if event.kind == EventKind.REASSIGNED else str(data.get("reason") or data.get("note") or ""),
        ip=event.ip or "",
        facts=_facts(event),
    )


def _what(event: EnvelopeEvent) -> str:
    data = event.data
    words = Lenient(
        data
        | {
            "recipient": data.get("recipient") or _("a recipient"),
            "mail": dict(MailKind.choices).get(data.get("mail", ""), data.get("mail", "")),
            "document": DOCUMENTS.get(data.get("document", ""), data.get("document", "")),
            "changes": _changes(data),
        }
    )
    if event.kind == EventKind.RECIPIENT_STATUS:
        sentence = OF_RECIPIENT.get(data.get("to", ""))
        said = str(sentence) % words if sentence else _("%(recipient)s: %(from)s → %(to)s") % words
        return _("told: %s") % said
    if event.kind == EventKind.STATUS:
        said = str(OF_ENVELOPE.get(data.get("to", "")) or _("the status is “%(to)s”") % words)
        return _("told: %s") % said
    if event.kind == EventKind.DRAFTED and data.get("copied_from"):
        return _("made the draft as a copy of #%(n)s") % {"n": data["copied_from"]}
    return str(SENTENCES.get(event.kind, event.kind_label)) % words


def _changes(data: Mapping[str, Any]) -> str:
    pairs = [(word, data[name]) for name, word in COLUMNS.items() if isinstance(data.get(name), list)]
    return ", ".join(f"{word} {old} → {new}" for word, (old, new) in pairs)


def _facts(event: EnvelopeEvent) -> list[str]:
    facts = []
    if event.kind == EventKind.REASSIGNED and event.data.get("reason") == leaving.REASON:
        facts.append(_("%(name)s has left") % {"name": event.data.get("from", "")})
    if event.kind == EventKind.REASSIGNED and event.data.get("team"):
        facts.append(_("team %(team)s") % {"team": event.data["team"]})
    if username := event.data.get("staff_browser"):
        facts.append(_("in a browser in which %(username)s of the staff was logged in") % {"username": username})
    if sha256 := event.data.get("sha256"):
        facts.append(f"SHA-256 {sha256}")
    if event.data.get("seal") in (Seal.ABSENT, Seal.BROKEN):  # that it holds is said beside the document
        facts.append(str(Seal(event.data["seal"]).label))
    if event.kind == EventKind.SENT and event.data.get("docusign_id"):
        facts.append(event.data["docusign_id"])
    return facts


def _tone(event: EnvelopeEvent) -> str:
    to = event.data.get("to", "")
    if event.kind in BAD_KINDS:
        return "bad"
    if event.kind not in (EventKind.STATUS, EventKind.RECIPIENT_STATUS):
        return ""
    return "good" if to in GOOD else "bad" if to in BAD else ""


def _icon(event: EnvelopeEvent) -> str:
    tone = _tone(event)
    if event.kind in (EventKind.STATUS, EventKind.RECIPIENT_STATUS) and tone:
        return "task_alt" if tone == "good" else "cancel"
    return ICONS.get(event.kind, "circle")
