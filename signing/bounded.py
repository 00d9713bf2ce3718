"""Counting without counting everything: several counts in one query, each of which stops at a bound."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery


class _Count(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded)"


def counts(querysets: Mapping[str, QuerySet[Any] | Sequence[QuerySet[Any]]], *, up_to: int) -> dict[str, int]:
    """How many rows each has, `up_to` at the most. Touches no more rows than it counts.

    Several querysets under one name have no row in common, and are counted together.
    """
    columns = {
        f"n_{name}": _Count(_together(parts)[:up_to], output_field=IntegerField()) for name, parts in querysets.items()
    }
    told = User.objects.order_by().annotate(**columns).values_list(*columns).first()  # any table that has a row
    return dict(zip(querysets, told, strict=True)) if told else {}


def _together(parts: QuerySet[Any] | Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    if isinstance(parts, QuerySet):
        parts = [parts]
    first, *others = [part.order_by().values("pk") for part in parts]
    return first.union(*others, all=True) if others else first
