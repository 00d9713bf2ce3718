"""How many rows a list has in all, remembered until anything is written: paging through a long list counts it once."""

import threading
from typing import Any

from django.db import connection
from django.db.models import QuerySet

MOST_KNOWN = 100

_known = threading.local()  # a connection belongs to a thread, and the figures below to a connection


def count(rows: QuerySet[Any]) -> int:
    state = _state()
    if getattr(_known, "state", None) != state:
        _known.state, _known.totals = state, {}
    totals: dict[Any, int] = _known.totals
    question = rows.order_by().values("pk").query.sql_with_params()
    if question not in totals and len(totals) < MOST_KNOWN:
        totals[question] = rows.count()
    return totals[question] if question in totals else rows.count()


def _state() -> tuple[int, int, int]:
    """Of the database as this connection sees it: SQLite tells whether others have written, and what we have."""
    with connection.cursor() as cursor:
        (others,) = cursor.execute("PRAGMA data_version").fetchone()
    return id(connection.connection), others, connection.connection.total_changes
