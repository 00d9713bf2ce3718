"""One row held against the template: what it fills, and what is wrong with it. Pure: calls nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from signing.copying import Person
from signing.models import Envelope, Tab, TabKind
from signing.models.envelope import MESSAGE_MAX_LENGTH, SUBJECT_MAX_LENGTH
from signing.models.recipient import EMAIL_MAX_LENGTH, NAME_MAX_LENGTH, PRIVATE_MESSAGE_MAX_LENGTH

from .targets import Part, Target, merged, targets_of

ROW = "row"  # the key of what is wrong with the row as a whole
TAB_MAX_LENGTH = 4000
YES = frozenset("true yes y x 1 on ✓ ✔ ja oui si sì sí tak да sim".split())
NO = frozenset("false no n 0 off nein non não nie нет nee -".split())


@dataclass(slots=True)
class Filled:
    """What a row makes of the template. `values` are the tabs' by their primary key in the content."""

    people: dict[int, Person] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)
    shown_values: list[tuple[str, str, str]] = field(default_factory=list)  # role, label, value
    subject: str = ""
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class Plan:
    """A template's content and the mapping, read once for any number of rows."""

    def __init__(self, content: Envelope, headers: Sequence[str], mapping: Mapping[str, Sequence[int]]) -> None:
        self.content = content
        self.width = len(headers)
        self.targets = targets_of(content)
        self.mapping = mapping
        self.recipients = list(content.recipients.all())

    def fill(self, cells: Sequence[str]) -> Filled:
        filled = Filled()
        if len(cells) > self.width:
            filled.errors[ROW] = _("More cells than columns have names. Is a separator missing its quotation marks?")
        self._fill_people(filled, cells)
        for target in self.targets:
            if target.part == Part.TAB:
                self._fill_tab(filled, target, self._cell(target, cells))
        self._fill_words(filled, cells)
        self._refuse_twins(filled)
        return filled

    def _cell(self, target: Target, cells: Sequence[str]) -> str:
        chosen = self.mapping.get(target.key, ())
        return " ".join(part for index in chosen if index < len(cells) and (part := cells[index]))

    def _fill_people(self, filled: Filled, cells: Sequence[str]) -> None:
        said = {target.key: self._cell(target, cells) for target in self.targets}
        for recipient in self.recipients:
            number = recipient.number
            name = " ".join(said[f"name:{number}"].split()) or recipient.name
            email = said[f"email:{number}"] or recipient.email
            filled.people[number] = Person(name, email)
            if problem := _wrong_name(name):
                filled.errors[f"name:{number}"] = problem
            if problem := _wrong_email(email):
                filled.errors[f"email:{number}"] = problem

    def _fill_tab(self, filled: Filled, target: Target, cell: str) -> None:
        if not cell:
            if target.required:
                filled.errors[target.key] = _("Empty. The signer cannot fill this field.")
            return
        if target.tabs[0].kind == TabKind.RADIO:
            self._fill_radio(filled, target, cell)
            return
        for tab in target.tabs:
            value, problem = _tab_value(tab, cell)
            if problem:
                filled.errors[target.key] = problem
                return
            filled.values[tab.pk] = value
        filled.shown_values.append((target.role, target.label, filled.values[target.tabs[0].pk]))

    def _fill_radio(self, filled: Filled, target: Target, cell: str) -> None:
        options = {str(option): tab for tab in target.tabs for option in tab.options}
        chosen = _option(list(options), cell)
        if chosen is None:
            filled.errors[target.key] = _none_of(options)
            return
        for option, tab in options.items():
            filled.values[tab.pk] = option if option == chosen else ""
        filled.shown_values.append((target.role, target.label, chosen))

    def _fill_words(self, filled: Filled, cells: Sequence[str]) -> None:
        values = {}
        for target in self.targets:
            if target.part == Part.MERGE:
                name = target.key.partition(":")[2]
                values[name] = self._cell(target, cells)
                if not values[name]:
                    filled.errors[target.key] = _("Empty, and the text needs it.")
        filled.subject = " ".join(merged(self.content.subject, values).split())
        filled.message = merged(self.content.message, values)
        if len(filled.subject) > SUBJECT_MAX_LENGTH:
            filled.errors.setdefault(
                ROW, _("The subject gets longer than %(n)s characters.") % {"n": SUBJECT_MAX_LENGTH}
            )
        if len(filled.message) > MESSAGE_MAX_LENGTH:
            filled.errors.setdefault(
                ROW, _("The message gets longer than %(n)s characters.") % {"n": MESSAGE_MAX_LENGTH}
            )
        for recipient in self.recipients:
            self._fill_note(filled, recipient.number, recipient.private_message, cells, values)

    def _fill_note(self, filled: Filled, number: int, text: str, cells: Sequence[str], values: dict[str, str]) -> None:
        target = next((target for target in self.targets if target.key == f"note:{number}"), None)
        if target is None:
            return
        filled.notes[number] = self._cell(target, cells) or merged(text, values)
        if len(filled.notes[number]) > PRIVATE_MESSAGE_MAX_LENGTH:
            filled.errors[target.key] = _too_long(PRIVATE_MESSAGE_MAX_LENGTH)

    def _refuse_twins(self, filled: Filled) -> None:
        """Docusign: the same person twice at the same routing order is ENVELOPE_HAS_DUPLICATE_RECIPIENTS."""
        seen: set[tuple[str, int]] = set()
        for recipient in self.recipients:
            email = filled.people[recipient.number].email.casefold()
            if email and (email, recipient.routing_order) in seen:
                filled.errors.setdefault(f"email:{recipient.number}", _("The same person twice in the same order."))
            seen.add((email, recipient.routing_order))


def _wrong_name(name: str) -> str:
    if not name:
        return _("Empty.")
    if not name.isprintable():
        return _("Holds characters that cannot be printed.")
    return _too_long(NAME_MAX_LENGTH) if len(name) > NAME_MAX_LENGTH else ""


def _wrong_email(email: str) -> str:
    if not email:
        return _("Empty.")
    if len(email) > EMAIL_MAX_LENGTH:
        return _too_long(EMAIL_MAX_LENGTH)
    try:
        validate_email(email)
    except ValidationError:
        return _("Not an email address.")
    return ""


def _tab_value(tab: Tab, cell: str) -> tuple[str, str]:
    """The tab's value and no problem, or the other way round."""
    limit = min(tab.max_length or TAB_MAX_LENGTH, TAB_MAX_LENGTH)
    value, problem = cell, ""
    if tab.kind == TabKind.CHECKBOX:
        value, problem = _tick(cell)
    elif tab.kind == TabKind.NUMBER:
        value, problem = _number(cell)
    elif tab.kind == TabKind.DATE:
        value, problem = _date(cell)
    elif tab.kind == TabKind.LIST:
        chosen = _option([str(option) for option in tab.options], cell)
        value, problem = (chosen, "") if chosen is not None else ("", _none_of(map(str, tab.options)))
    if not problem and len(value) > limit:
        problem = _too_long(limit)
    return value, problem


def _tick(cell: str) -> tuple[str, str]:
    word = cell.casefold()
    if word in YES:
        return "true", ""
    return "", "" if word in NO else _("Neither yes nor no.")


def _number(cell: str) -> tuple[str, str]:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return "", _("Not a number. Write it like 1234.50, without separators of thousands.")
    return (cell, "") if number.is_finite() else ("", _("Not a number."))


def _date(cell: str) -> tuple[str, str]:
    try:
        found: date | None = parse_date(cell)
    except ValueError:
        found = None
    return (cell, "") if found else ("", _("Not a date. Write it like 2026-12-31."))


def _option(options: Sequence[str], cell: str) -> str | None:
    """Exactly, or else without regard to case."""
    if cell in options:
        return cell
    return next((option for option in options if option.casefold() == cell.casefold()), None)


def _none_of(options: object) -> str:
    listed = list(options)  # type: ignore[call-overload]
    return _("None of the choices: %(options)s.") % {"options": ", ".join(listed[:8])}


def _too_long(limit: int) -> str:
    return _("Longer than %(n)s characters.") % {"n": limit}
