"""Everything here about one email address: found exactly, whatever the case, in columns and inside of texts."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, TextField
from django.db.models.base import Model
from django.db.models.functions import Cast

from signing.models import (
    BulkRow,
    ConnectMessage,
    EmailCode,
    Envelope,
    EnvelopeEvent,
    FormEntry,
    OutgoingMail,
    Recipient,
    SavedView,
)


@dataclass(frozen=True)
class Subject:
    """Whom an address belongs to, as far as rows know. Looks up when asked."""

    email: str
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", self.email.strip())
        # Not "joann@…" when asked for "ann@…", nor "ann@example.com.au".
        pattern = re.compile(rf"(?<![\w.+%-]){re.escape(self.email)}(?![\w-]|\.\w)", re.IGNORECASE)
        object.__setattr__(self, "_pattern", pattern)

    @cached_property
    def envelopes(self) -> dict[int, Envelope]:
        """All that have to do with the address, those as well whose recipient has another by now."""
        rows: list[Any] = [*self.recipients, *self.mails, *self.rows, *self.events]
        known = {row.envelope_id for row in rows} | {code.recipient.envelope_id for code in self.codes}
        known |= {entry.recipient.envelope_id for entry in self.entries if entry.recipient}
        told = [message.docusign_id for message in self.messages if message.docusign_id]
        found = Envelope.objects.filter(Q(pk__in=known - {None}) | Q(docusign_id__in=told))
        return {envelope.pk: envelope for envelope in found.select_related("template").order_by("pk")}

    @cached_property
    def parts(self) -> set[int]:
        """Envelopes in which the address has a part: whose documents are about them."""
        return {recipient.envelope_id for recipient in self.recipients}

    @cached_property
    def recipients(self) -> list[Recipient]:
        """As signer, reader or host, in envelopes, drafts and templates."""
        mine = Q(email__iexact=self.email) | Q(host_email__iexact=self.email)
        rows = Recipient.objects.filter(mine).select_related("envelope__template").prefetch_related("tabs")
        return list(rows.order_by("envelope_id", "number"))

    @cached_property
    def mails(self) -> list[OutgoingMail]:
        return list(OutgoingMail.objects.filter(to_email__iexact=self.email).order_by("pk"))

    @cached_property
    def codes(self) -> list[EmailCode]:
        return list(EmailCode.objects.filter(to_email__iexact=self.email).select_related("recipient").order_by("pk"))

    @cached_property
    def entries(self) -> list[FormEntry]:
        rows = FormEntry.objects.filter(email__iexact=self.email).select_related("form", "recipient__envelope")
        return list(rows.order_by("pk"))

    @cached_property
    def rows(self) -> list[BulkRow]:
        found = self._mentioning(BulkRow.objects.select_related("batch", "envelope"), "data")
        exact = BulkRow.objects.filter(email__iexact=self.email).select_related("batch", "envelope")
        return list({row.pk: row for row in [*found, *exact]}.values())

    @cached_property
    def events(self) -> list[EnvelopeEvent]:
        """Those that speak of the address, and those that speak of the person in an envelope of theirs."""
        found = {event.pk: event for event in self._mentioning(EnvelopeEvent.objects.all(), "data")}
        for recipient in self.recipients:
            names = _words(self._own_names(recipient))
            for event in EnvelopeEvent.objects.filter(envelope_id=recipient.envelope_id):
                texts = [event.actor_name, *texts_of(event.data)]
                is_about = event.recipient_number == recipient.number
                if is_about or (names and any(names.search(text) for text in texts)):
                    found[event.pk] = event
        return [found[pk] for pk in sorted(found)]

    @cached_property
    def messages(self) -> list[ConnectMessage]:
        return list(self._mentioning(ConnectMessage.objects.all(), "body"))

    @cached_property
    def views(self) -> list[SavedView]:
        encoded = self.email.replace("@", "%40")
        return list(SavedView.objects.filter(Q(query__icontains=self.email) | Q(query__icontains=encoded)))

    @cached_property
    def log(self) -> list[LogEntry]:
        """Of the admin's own log, which names what was added, changed and deleted."""
        rough = Q(object_repr__icontains=self.email) | Q(change_message__icontains=self.email)
        for name in self.names:
            rough |= Q(object_repr__icontains=name)
        return list(LogEntry.objects.filter(rough))

    @cached_property
    def users(self) -> list[User]:
        return list(User.objects.filter(email__iexact=self.email))

    @property
    def names(self) -> set[str]:
        """Under which the address is known."""
        names = {name for recipient in self.recipients for name in self._own_names(recipient)}
        return {name for name in names | {entry.name for entry in self.entries} if name}

    def is_signer(self, recipient: Recipient) -> bool:
        """And not their host, who stands in the same row."""
        return recipient.email.casefold() == self.email.casefold()

    def is_host(self, recipient: Recipient) -> bool:
        return recipient.host_email.casefold() == self.email.casefold()

    def _own_names(self, recipient: Recipient) -> set[str]:
        signer = {recipient.name} if self.is_signer(recipient) else set()
        return (signer | ({recipient.host_name} if self.is_host(recipient) else set())) - {""}

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, by the words of a report."""
        kinds = ("recipients", "mails", "codes", "entries", "rows", "events", "messages", "views", "log", "users")
        return {"envelopes": len(self.envelopes)} | {kind: len(getattr(self, kind)) for kind in kinds}

    def is_in(self, value: Any) -> bool:
        return any(self._pattern.search(text) for text in texts_of(value))

    def without(self, text: str, instead: str) -> str:
        """The text with address and names taken out."""
        text, names = self._pattern.sub(instead, text), _words(self.names)
        return names.sub(instead, text) if names else text

    def _mentioning(self, rows: QuerySet[Any], column: str) -> Iterator[Any]:
        """The database finds roughly, as JSON escapes what is not ASCII; then each row is read."""
        escaped = json.dumps(self.email)[1:-1]
        rough = Q(as_text__icontains=self.email) | Q(as_text__icontains=escaped)
        for row in rows.annotate(as_text=Cast(column, TextField())).filter(rough).iterator(chunk_size=500):
            if self.is_in(getattr(row, column)):
                yield row


def texts_of(value: Any) -> Iterator[str]:
    """All texts inside of what JSON can hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_of(key)
            yield from texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)


def _words(names: set[str]) -> re.Pattern[str] | None:
    """Any of these names as a whole, the longest first."""
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE) if names else None


def ids(rows: Iterable[Model]) -> list[int]:
    return [row.pk for row in rows]
