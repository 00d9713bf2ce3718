"""The dashboard's charts: what Chart.js draws, and the same in words for those who do not see it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signing.tallies import Tallies

DAY_HOURS = 24
SENT, COMPLETED, MEDIAN = "var(--color-primary-400)", "var(--color-green-500)", "var(--color-primary-500)"


@dataclass(frozen=True, slots=True)
class Chart:
    """`data` and `options` are Chart.js's; `table` the same figures, a row a line."""

    title: str
    kind: str
    data: str
    options: str
    summary: str
    head: tuple[str, ...]
    table: Sequence[tuple[str, ...]]


def charts(figures: Tallies) -> list[Chart]:
    return [_by_day(figures), _time_to_sign(figures)]


def _by_day(figures: Tallies) -> Chart:
    labels = [date_format(day, "j M") for day, _sent, _completed in figures.by_day]
    sent = [sent for _day, sent, _completed in figures.by_day]
    completed = [completed for _day, _sent, completed in figures.by_day]
    data = {
        "labels": labels,
        "datasets": [
            {"label": _("Sent"), "data": sent, "backgroundColor": SENT, "borderRadius": 3},
            {"label": _("Completed"), "data": completed, "backgroundColor": COMPLETED, "borderRadius": 3},
        ],
    }
    summary = _("%(sent)s sent and %(completed)s completed in 30 days") % {
        "sent": f"{sum(sent):,}",
        "completed": f"{sum(completed):,}",
    }
    rows = [(label, str(a), str(b)) for label, a, b in zip(labels, sent, completed, strict=True)]
    head = (_("Day"), _("Sent"), _("Completed"))
    return Chart(_("Sent and completed"), "bar", json.dumps(data), json.dumps(_options()), summary, head, rows)


def _time_to_sign(figures: Tallies) -> Chart:
    labels = [date_format(week, "j M") for week, _hours in figures.by_week]
    days = [None if hours is None else round(hours / DAY_HOURS, 2) for _week, hours in figures.by_week]
    data = {
        "labels": labels,
        "datasets": [
            {
                "label": _("Median days"),
                "data": days,
                "borderColor": MEDIAN,
                "backgroundColor": MEDIAN,
                "spanGaps": True,
                "tension": 0.3,
            }
        ],
    }
    last = next((hours for _week, hours in reversed(figures.by_week) if hours is not None), None)
    summary = (
        _("Lately %(time)s from sending to the last signature") % {"time": _span(last)}
        if last is not None
        else _("None yet")
    )
    rows = [(label, _span(hours)) for label, (_week, hours) in zip(labels, figures.by_week, strict=True)]
    head = (_("Week from"), _("Median time to sign"))
    return Chart(_("Median time to sign"), "line", json.dumps(data), json.dumps(_options()), summary, head, rows)


def _span(hours: float | None) -> str:
    if hours is None:
        return "–"
    if hours < 1:
        return _("%(n)s minutes") % {"n": round(hours * 60)}
    if hours < 2 * DAY_HOURS:
        return _("%(n)s hours") % {"n": round(hours)}
    return _("%(n)s days") % {"n": round(hours / DAY_HOURS, 1)}


def _options() -> dict[str, Any]:
    """Grey that is read on light and dark alike; whole numbers; no animation for whoever asks for none of it."""
    grey = {"color": "#808896"}
    axis = {"ticks": {**grey, "maxRotation": 0, "autoSkip": True, "maxTicksLimit": 8}, "grid": {"display": False}}
    values = {"ticks": {**grey, "precision": 0, "maxTicksLimit": 5}, "grid": {}, "beginAtZero": True}
    return {
        "responsive": True,
        "maintainAspectRatio": False,
        "animation": False,
        "scales": {"x": axis, "y": values},
        "plugins": {"legend": {"align": "start", "labels": {**grey, "boxWidth": 10, "boxHeight": 10}}},
    }
