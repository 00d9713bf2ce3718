"""Rules of the second step: the fields, where they stand and what is in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from signing.models import Tab, TabKind
from signing.models.recipient import SIGNING_KINDS
from signing.tab_traits import TRAITS

from .findings import Composition, Finding, Step, error, warning, who_is

FINISHING_KINDS = frozenset({TabKind.SIGN_HERE, TabKind.APPROVE})  # an approver signs by a button
UNTOUCHED_KINDS = frozenset({TabKind.DATE_SIGNED, TabKind.FULL_NAME, TabKind.EMAIL_ADDRESS, TabKind.NOTE})
SMALLEST_TARGET = 12  # pixels; below it a finger misses, however far the page is zoomed
MANY_MATCHES = 10
OVERLAP_SHARE = 0.2  # of the smaller field


def somewhere_to_sign(c: Composition) -> Iterator[Finding]:
    for recipient in c.recipients:
        tabs = c.tabs_of(recipient)
        if recipient.kind in SIGNING_KINDS:
            if not any(tab.kind in FINISHING_KINDS for tab in tabs):
                text = _("%(who)s has no place to sign: add a signature field, or Approve for an approver.")
                who = {"who": who_is(recipient)}
                yield error("no_signature", text % who, Step.FIELDS, recipient.number)
        elif tabs:
            text = _("%(who)s fills in nothing: the fields for them are left out.") % {"who": who_is(recipient)}
            yield warning("idle_fields", text, Step.FIELDS, recipient.number, tabs[0])


def anchors(c: Composition) -> Iterator[Finding]:
    for tab in c.tabs:
        if not tab.anchor:
            continue
        count = c.anchor_counts.get(tab.anchor, 0)
        words = {"anchor": tab.anchor, "n": count, "field": tab.get_kind_display()}
        if not count:
            text = _("“%(anchor)s” is in none of the documents: the field %(field)s has no place.") % words
            yield error("anchor_missing", text, Step.FIELDS, c.number_of(tab), tab)
        elif count > MANY_MATCHES:
            text = _("“%(anchor)s” is in the documents %(n)s times: so many fields of %(field)s.") % words
            yield warning("anchor_often", text, Step.FIELDS, c.number_of(tab), tab)


def places(c: Composition) -> Iterator[Finding]:
    for tab in c.tabs:
        document = c.document_of(tab)
        if tab.anchor or document is None:
            continue
        words = {"field": tab.get_kind_display(), "page": tab.page, "name": document.name}
        box = _box(tab)
        if not 1 <= (tab.page or 0) <= document.page_count:
            text = _("%(field)s stands on page %(page)s, which “%(name)s” does not have.") % words
            yield error("no_page", text, Step.FIELDS, c.number_of(tab), tab)
            continue
        width, height = document.page_sizes[(tab.page or 1) - 1]
        if box.left >= width or box.top >= height:
            text = _("%(field)s is beside page %(page)s of “%(name)s”.") % words
            yield error("off_page", text, Step.FIELDS, c.number_of(tab), tab)
        elif box.right > width + 1 or box.bottom > height + 1:
            text = _("%(field)s reaches over the edge of page %(page)s of “%(name)s”.") % words
            yield warning("over_edge", text, Step.FIELDS, c.number_of(tab), tab)


def small_fields(c: Composition) -> Iterator[Finding]:
    for tab in c.tabs:
        if tab.kind in UNTOUCHED_KINDS or tab.kind not in TRAITS or tab.locked:
            continue
        box = _box(tab)
        if min(box.right - box.left, box.bottom - box.top) < SMALLEST_TARGET:
            text = _("%(field)s is too small for a finger.") % {"field": tab.get_kind_display()}
            yield warning("too_small", text, Step.FIELDS, c.number_of(tab), tab)


def overlaps(c: Composition) -> Iterator[Finding]:
    """Sorted from top to bottom, so that each field meets only those beside it."""
    placed = sorted(
        (tab for tab in c.tabs if not tab.anchor and tab.document_id and tab.page),
        key=lambda tab: (tab.document_id or 0, tab.page or 0, tab.y or 0),
    )
    for _page, group in groupby(placed, key=lambda tab: (tab.document_id, tab.page)):
        above: list[tuple[Tab, _Box]] = []
        for tab in group:
            box = _box(tab)
            above = [(other, theirs) for other, theirs in above if theirs.bottom > box.top]
            covered = next((other for other, theirs in above if box.covers(theirs)), None)
            if covered:
                words = {"field": tab.get_kind_display(), "other": covered.get_kind_display(), "page": tab.page}
                text = _("%(field)s and %(other)s lie upon each other on page %(page)s.") % words
                yield warning("overlap", text, Step.FIELDS, c.number_of(tab), tab)
            above.append((tab, box))


def contents(c: Composition) -> Iterator[Finding]:
    for tab in c.tabs:
        words = {"field": tab.label or tab.get_kind_display()}
        where = (Step.FIELDS, c.number_of(tab), tab)
        if tab.kind == TabKind.LIST and not tab.options:
            yield error("empty_list", _("The list %(field)s offers nothing to choose.") % words, *where)
        if tab.kind == TabKind.TEXT and tab.locked and tab.required and not tab.value:
            text = _("%(field)s must be filled in and is read only: nobody could go on.") % words
            yield error("locked_empty", text, *where)
        if tab.max_length and len(tab.value) > tab.max_length:
            yield warning("value_too_long", _("The value of %(field)s is longer than allowed.") % words, *where)


def radios(c: Composition) -> Iterator[Finding]:
    groups: dict[tuple[int, str], list[Tab]] = defaultdict(list)
    for tab in c.tabs:
        if tab.kind == TabKind.RADIO:
            groups[tab.recipient_id, tab.group].append(tab)
    for (_recipient, group), tabs in groups.items():
        where = (Step.FIELDS, c.number_of(tabs[0]), tabs[0])
        words = {"group": group or _("(no name)")}
        values = Counter(str(tab.options[0]) if tab.options else "" for tab in tabs)
        if sum(bool(tab.value) for tab in tabs) > 1:
            yield error("two_chosen", _("In the group %(group)s two buttons are chosen.") % words, *where)
        if values[""] or max(values.values()) > 1:
            yield error(
                "same_choice", _("Each button of the group %(group)s needs a value of its own.") % words, *where
            )
        if len(tabs) == 1:
            yield warning("single_choice", _("The group %(group)s has one button: use a checkbox.") % words, *where)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    def covers(self, other: "_Box") -> bool:
        """More of the smaller one than can be by rounding."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width > 0 and height > 0 and width * height > OVERLAP_SHARE * min(self.area, other.area)


def _box(tab: Tab) -> _Box:
    traits = TRAITS[TabKind(tab.kind)]
    width, height = traits.fitted(tab.width, tab.height)
    left, top = tab.x or 0, tab.y or 0
    return _Box(left, top, left + width, top + height)
