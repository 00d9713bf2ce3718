"""Moments as people read them: in their language, and with the zone, for they may be anywhere."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def with_zone(moment: datetime | None) -> str:
    """Empty for no moment."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"
