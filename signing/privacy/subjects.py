"""Everything here about one email address: found exactly, whatever the case, in columns and inside of texts."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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
    def recipients(self) -> list[Recipient]:
        """As signer, reader or host, in envelopes, drafts and templates."""
        mine = Q(email__iexact=self.email) | Q(host_email__iexact=self.email)
        rows = Recipient.objects.filter(mine).select_related("envelope__template").prefetch_related("tabs")
        return list(rows.order_by("envelope_id", "number"))

    @cached_property
    def envelopes(self) -> dict[int, Envelope]:
        return {recipient.envelope_id: recipient.envelope for recipient in self.recipients}

    @cached_property
    def mails(self) -> list[OutgoingMail]:
        return list(OutgoingMail.objects.filter(to_email__iexact=self.email).order_by("pk"))

    @cached_property
    def codes(self) -> list[EmailCode]:
        return list(EmailCode.objects.filter(to_email__iexact=self.email).order_by("pk"))

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
            names = {name for name in (recipient.name, recipient.host_name) if name}
            for event in EnvelopeEvent.objects.filter(envelope_id=recipient.envelope_id):
                texts = [event.actor_name, *texts_of(event.data)]
                is_about = event.recipient_number == recipient.number
                if is_about or any(name in text for name in names for text in texts):
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
    def users(self) -> list[User]:
        return list(User.objects.filter(email__iexact=self.email))

    @property
    def names(self) -> set[str]:
        """Under which the address is known."""
        mine = self.email.casefold()
        names = {r.name for r in self.recipients if r.email.casefold() == mine}
        names |= {r.host_name for r in self.recipients if r.host_email.casefold() == mine}
        return {name for name in names | {entry.name for entry in self.entries} if name}

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, by the words of a report."""
        kinds = ("recipients", "mails", "codes", "entries", "rows", "events", "messages", "views", "users")
        return {"envelopes": len(self.envelopes)} | {kind: len(getattr(self, kind)) for kind in kinds}

    def is_in(self, value: Any) -> bool:
        return any(self._pattern.search(text) for text in texts_of(value))

    def without(self, text: str, instead: str) -> str:
        """The text with address and names taken out."""
        text = self._pattern.sub(instead, text)
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text, flags=re.IGNORECASE)
        return text

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


def ids(rows: Iterable[Model]) -> list[int]:
    return [row.pk for row in rows]
