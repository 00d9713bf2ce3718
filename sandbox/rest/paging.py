"""Lists in pages (reference 4.5): positions and sizes are strings, the next page is a relative address."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from sandbox.definition.reading import integer

from .door import Call

Rows = QuerySet[Any] | Sequence[Any]


def page(
    call: Call, rows: Rows, name: str, shape: Callable[[Any], dict[str, Any]], *, largest: int = 100
) -> dict[str, Any]:
    """The page that `start_position` and `count` ask for. Raises INVALID_REQUEST_PARAMETER."""
    start = integer(call.query.get("start_position") or 0, "start_position")
    count = min(integer(call.query.get("count") or largest, "count", lowest=1), largest)
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    shown = [shape(row) for row in rows[start : start + count]]
    return {
        name: shown,
        "resultSetSize": str(len(shown)),
        "startPosition": str(start),
        "endPosition": str(max(start, start + len(shown) - 1)),
        "totalSetSize": str(total),
        "nextUri": _uri(call, start + count, count) if start + count < total else "",
        "previousUri": _uri(call, max(0, start - count), count) if start else "",
    }


def _uri(call: Call, start: int, count: int) -> str:
    """Relative to the account."""
    path = call.request.path.partition("/accounts/")[2].partition("/")[2]
    return f"/{path}?{urlencode(call.query.dict() | {'start_position': str(start), 'count': str(count)})}"
