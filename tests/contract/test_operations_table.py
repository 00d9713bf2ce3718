"""docs/sandbox-operations.md tells the truth: of what the sandbox has, and of who verified it."""

import re
from pathlib import Path

from .operations_table import ROOT, TABLE, operations, rows_of

LINE = re.compile(r"\| `(\w+) (.*?)` \| (\w+) \| (.*?) \| (.*?) \|")


def told() -> dict[str, tuple[str, str, list[str]]]:
    rows = {}
    for method, path, state, note, verified in LINE.findall(TABLE.read_text()):
        full = path.replace("…", "/v2.1/accounts/{accountId}")
        rows[f"{method} {full}"] = (state, note, [name for name in verified.split(", ") if name])
    return rows


def test_the_table_has_every_operation_in_its_true_state(specification: Path) -> None:
    rows = rows_of(specification, operations(), {})
    assert {name: row[:2] for name, row in told().items()} == {row["name"]: (row["state"], row["note"]) for row in rows}


def test_what_the_sandbox_has_is_verified_by_a_test_that_exists() -> None:
    unverified = [name for name, (state, _, tests) in told().items() if state != "absent" and not tests]
    named = {test for _, _, tests in told().values() for test in tests}
    assert not unverified
    assert all((ROOT / "tests" / f"{name}.py").exists() for name in named)
