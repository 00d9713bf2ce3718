"""Lists in pages (reference 4.5): positions and sizes are strings, the next page is a relative address."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from sandbox.definition.reading import integer

from . import counts
from .door import Call

Rows = QuerySet[Any] | Sequence[Any]


def page(
    call: Call,
    rows: Rows,
    name: str,
    shape: Callable[[Any], dict[str, Any]],
    *,
    largest: int = 100,
    fetch: Callable[[list[int]], Sequence[Any]] | None = None,
) -> dict[str, Any]:
    """The page that `start_position` and `count` ask for. Raises INVALID_REQUEST_PARAMETER.

    `fetch`: reads the page's rows, with all that belongs to them, once an index has told their keys: joined before they
    are chosen, SQLite would sort them all.
    """
    start = integer(call.query.get("start_position") or 0, "start_position")
    count = min(integer(call.query.get("count") or largest, "count", lowest=1), largest)
    if fetch is not None and isinstance(rows, QuerySet):
        found = list(fetch(list(rows.values_list("pk", flat=True)[start : start + count])))
    else:
        found = list(rows[start : start + count])
    total = _total(rows, start, count, len(found))
    shown = [shape(row) for row in found]
    return {
        name: shown,
        "resultSetSize": str(len(shown)),
        "startPosition": str(start),
        "endPosition": str(max(start, start + len(shown) - 1)),
        "totalSetSize": str(total),
        "nextUri": _uri(call, start + count, count) if start + count < total else "",
        "previousUri": _uri(call, max(0, start - count), count) if start else "",
    }


def _total(rows: Rows, start: int, count: int, found: int) -> int:
    """Counted only where the page does not say it: where it is full, or begins beyond the end."""
    if not isinstance(rows, QuerySet):
        return len(rows)
    ends_here = found < count and (found or not start)
    return start + found if ends_here else counts.count(rows)


def _uri(call: Call, start: int, count: int) -> str:
    """Relative to the account."""
    path = call.request.path.partition("/accounts/")[2].partition("/")[2]
    return f"/{path}?{urlencode(call.query.dict() | {'start_position': str(start), 'count': str(count)})}"
