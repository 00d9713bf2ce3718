"""Lists stay quick however many envelopes there are: an index tells which rows they show, and in which order."""

import json
import re
import subprocess
import sys

import pytest

from tests.sandbox.api import Api
from tests.sandbox.plans import LISTS

ALL = [*LISTS, "seen by one who is no administrator"]
# Ordered by what they are in the table, so that reading stops with the page.
READ_FROM_THE_END = ("the console's envelopes", "the console's mailbox", "the console's deliveries")
# They have few rows, which are found first and sorted then.
SORTED = (
    "by envelope ids",
    "by transaction ids",
    "by transaction ids since a date",
    "by a custom field",
    "to be signed by the caller",
    "awaiting my signature",
    "mails to someone",
    "failed deliveries",
)
LARGE = "envelope|recipient|mail|connectmessage|tab|document|auditevent"
ROW_BY_ROW = re.compile(rf"SCAN (sandbox_({LARGE})|U\d)\b(?! USING COVERING INDEX)")


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.sandbox.plans", str(tmp_path_factory.mktemp("plans"))]
    found: dict[str, list[str]] = json.loads(subprocess.check_output(command, timeout=120))
    return found


@pytest.mark.parametrize("name", ALL)
def test_a_list_reads_no_table_from_end_to_end(name: str, plans: dict[str, list[str]]) -> None:
    assert plans[name]
    if name not in READ_FROM_THE_END:
        assert [plan for plan in plans[name] if ROW_BY_ROW.search(plan)] == []


@pytest.mark.parametrize(
    "name", [*(name for name in LISTS if name not in SORTED), "seen by one who is no administrator"]
)
def test_a_list_comes_from_its_index_in_order(name: str, plans: dict[str, list[str]]) -> None:
    envelopes = [plan for plan in plans[name] if "sandbox_envelope" in plan]
    assert [plan for plan in envelopes if "USE TEMP B-TREE FOR ORDER BY" in plan] == []


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("by envelope ids", "sqlite_autoindex_sandbox_envelope_1 (guid=?)"),
        ("by transaction ids", "envelope_by_transaction (account_id=? AND transaction_id=?)"),
        ("by transaction ids since a date", "envelope_by_transaction (account_id=? AND transaction_id=?)"),
        ("by a custom field", "custom_field_by_value (name=? AND value=?)"),
        ("to be signed by the caller", "recipient_by_email (email=?)"),
        ("awaiting my signature", "recipient_by_email (email=?)"),
        ("mails to someone", "mail_by_address (to_email=?)"),
        ("failed deliveries", "connect_message_due (state=?)"),
    ],
)
def test_a_list_of_few_finds_them_before_it_sorts_them(name: str, index: str, plans: dict[str, list[str]]) -> None:
    assert any(index in plan for plan in plans[name]), plans[name]


def test_only_the_index_is_read_to_choose_a_page(plans: dict[str, list[str]]) -> None:
    index = "SEARCH sandbox_envelope USING COVERING INDEX envelope_by_change (account_id=? AND status_changed_at>?)"
    assert index in plans["since a date"]
    assert plans["a later page"].count(index) == 2  # and to count them


def test_the_total_of_a_list_follows_what_is_written_between_its_pages(api: Api) -> None:
    first_page = "/envelopes?from_date=2020-01-01&count=1"
    totals = []
    for _ in range(3):
        api.envelope()
        totals += [api.call("GET", first_page).json()["totalSetSize"] for _ in range(2)]
    assert totals == ["1", "1", "2", "2", "3", "3"]
