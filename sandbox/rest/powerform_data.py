"""PowerFormData: what was filled into the envelopes of a PowerForm, as JSON or as a table (reference 7.1)."""

import csv
import io
from typing import Any

from django.http import HttpResponse

from sandbox import tabkinds
from sandbox.models import Envelope, Recipient

from .answers import content
from .dates import moment_of
from .door import Call, answer
from .powerforms import find_powerform
from .registry import operation

Json = dict[str, Any]
DATES = {"from_date": "created_at__gte", "to_date": "created_at__lte"}


@operation("GET", "powerforms/{powerFormId}/form_data", partial="JSON and CSV with a line per envelope; no XML")
def get_form_data(call: Call, power_form_id: str) -> HttpResponse:
    form = find_powerform(call, power_form_id)
    rows = Envelope.objects.filter(account=call.account, power_form=form.guid).order_by("id")
    for name, column in DATES.items():
        if moment := moment_of(call.query.get(name, ""), name):
            rows = rows.filter(**{column: moment})
    envelopes = [_envelope(envelope) for envelope in rows.prefetch_related("recipients__tabs")]
    wants_table = "csv" in call.request.headers.get("Accept", "") or "csv" in call.query.get("data_layout", "").lower()
    if wants_table:
        return content(_table(envelopes), "text/csv; charset=utf-8", f"{form.guid}.csv")
    return answer({"envelopes": envelopes})


def _envelope(envelope: Envelope) -> Json:
    return {"envelopeId": envelope.guid, "recipients": [_recipient(r) for r in envelope.recipients.all()]}


def _recipient(recipient: Recipient) -> Json:
    fields = [
        {"name": str(tab.data.get("tabLabel") or tab.data.get("groupName") or ""), "value": tab.value}
        for tab in recipient.tabs.all()
        if tab.group not in tabkinds.SIGNATURES
    ]
    return {
        "recipientId": recipient.recipient_id,
        "name": recipient.name,
        "email": recipient.email,
        "formData": [field for field in fields if field["name"]],
    }


def _table(envelopes: list[Json]) -> bytes:
    """A column for every label of every recipient."""
    lines = []
    for envelope in envelopes:
        line = {"Envelope ID": envelope["envelopeId"]}
        for position, recipient in enumerate(envelope["recipients"], start=1):
            line |= {f"Recipient {position} Name": recipient["name"], f"Recipient {position} Email": recipient["email"]}
            line |= {f"Recipient {position} {field['name']}": field["value"] for field in recipient["formData"]}
        lines.append(line)
    columns = list(dict.fromkeys(["Envelope ID", *(name for line in lines for name in line)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()
