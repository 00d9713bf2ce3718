"""How SQLite finds what each list shows, as JSON: `python -m tests.sandbox.plans FOLDER`. In a process of its own, for
the sandbox's Django is not the portal's.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

LISTS = {
    "since a date": "/envelopes?from_date=2020-01-01",
    "the newest first": "/envelopes?from_date=2020-01-01&order=desc",
    "a later page": "/envelopes?from_date=2020-01-01&count=100&start_position=5000",
    "by status": "/envelopes?from_date=2020-01-01&status=sent,completed",
    "by the date of creation": "/envelopes?from_date=2020-01-01&from_to_status=created&order_by=created",
    "by the date of sending": "/envelopes?from_date=2020-01-01&from_to_status=sent&order_by=sent",
    "by the date of completion": "/envelopes?from_date=2020-01-01&from_to_status=completed&order_by=completed",
    "in a folder": "/envelopes?from_date=2020-01-01&folder_types=sentitems",
    "in the inbox": "/envelopes?from_date=2020-01-01&folder_types=inbox",
    "sent by the caller": "/envelopes?from_date=2020-01-01&user_filter=sender",
    "sent by someone": "/envelopes?from_date=2020-01-01&email=signing-service@sandbox.example",
    "by envelope ids": "/envelopes?envelope_ids=4b8f6d0e-5c0f-4f0e-9d53-0a1b2c3d4e5f",
    "by transaction ids": "/envelopes?transaction_ids=a,b",
    "by transaction ids since a date": "/envelopes?transaction_ids=a,b&from_date=2020-01-01",
    "by a custom field": "/envelopes?from_date=2020-01-01&custom_field=order=7",
    "to be signed by the caller": "/envelopes?from_date=2020-01-01&user_filter=recipient",
    "the folders": "/folders",
    "a folder's items": "/folders/sentitems?include_items=true",
    "a search folder": "/search_folders/out_for_signature",
    "awaiting my signature": "/search_folders/awaiting_my_signature",
    "templates": "/templates",
    "the console's envelopes": "/console/",
    "the console's envelopes of a status": "/console/?status=sent",
    "the console's mailbox": "/console/mailbox",
    "the console's deliveries": "/console/connect",
    "mails of an envelope": "/_sandbox/mails?envelope_id=4b8f6d0e-5c0f-4f0e-9d53-0a1b2c3d4e5f",
    "mails to someone": "/_sandbox/mails?to=someone@example.com",
    "deliveries of an envelope": "/_sandbox/deliveries?envelope_id=4b8f6d0e-5c0f-4f0e-9d53-0a1b2c3d4e5f",
    "failed deliveries": "/_sandbox/deliveries?state=failed",
}


def main(folder: str) -> None:
    os.environ |= {"SANDBOX_DATA": folder, "DJANGO_SETTINGS_MODULE": "sandbox.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import_module("sandbox.statistics").tell()
    import_module("sandbox.identities").ensure_identities("http://127.0.0.1:8001")
    members = _members()
    plans = {name: _plans(path, members[0]) for name, path in LISTS.items()}
    plans["seen by one who is no administrator"] = _plans(LISTS["since a date"], members[1])
    json.dump(plans, sys.stdout)


def _members() -> list[tuple[str, str]]:
    """Account and access token of the administrator, and of another member."""
    from django.apps import apps

    key = apps.get_model("sandbox", "IntegrationKey").objects.get()
    issue = import_module("sandbox.tokens").issue
    rows = apps.get_model("sandbox", "Membership").objects.select_related("account", "user").order_by("pk")
    return [(row.account.guid, issue(row.user, key, ["signature"], 3600)) for row in rows]


def _plans(path: str, member: tuple[str, str]) -> list[str]:
    """Of every query that the call makes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    account_id, token = member
    is_api = not path.startswith(("/console", "/_sandbox"))
    address = f"/restapi/v2.1/accounts/{account_id}{path}" if is_api else path
    with CaptureQueriesContext(connection) as queries:
        response: Any = Client().get(address, headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200, response.content
    plans = []
    for query in queries.captured_queries:
        if query["sql"].startswith("SELECT") and "FROM" in query["sql"]:
            with connection.cursor() as cursor:
                steps = cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall()
            plans.append("; ".join(step[3] for step in steps))
    return plans


if __name__ == "__main__":
    main(sys.argv[1])
