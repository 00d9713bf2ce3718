"""Writes docs/sandbox-operations.md: every operation of Docusign's specification, and how true the sandbox is to it.

    make operations-table

runs the suite once with `RECORD_OPERATIONS` naming a file, in which every test notes the operations it called, and then
this. What the sandbox has is asked of the sandbox; what there is at all, of the specification beside the checkout.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sandbox.rest.absent import reason_for

from .specification import load

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "sandbox-operations.md"
Row = dict[str, Any]

HEAD = """# The sandbox, operation by operation

Made by `make operations-table` from Docusign's published specification and from what the sandbox says of itself; do not
edit. *faithful*: as documented. *partial*: with the gap named. *absent*: answered 404, `RESOURCE_NOT_FOUND`.
Verified by: the test modules that call it; every JSON answer in any of them is held against the specification.

"""


def note_operations(record: Path, test_path: Path, calls: Iterable[Row]) -> None:
    """Those that were answered well, under the test module's name below tests/."""
    module = test_path.relative_to(ROOT / "tests").with_suffix("").as_posix()
    names = {call["operation"] for call in calls if call["operation"] and 200 <= call["status"] < 300}
    with record.open("a") as file:
        file.writelines(f"{module}\t{name}\n" for name in sorted(names))


def operations() -> list[Row]:
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "--operations"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows: list[Row] = json.loads(listed.stdout)
    return rows


def rows_of(specification: Path, known: Iterable[Row], verified: dict[str, list[str]]) -> list[Row]:
    """One for each operation of the specification, and those the sandbox has beyond it."""
    present = {(row["method"], row["path"]): row for row in known}
    groups: dict[tuple[str, str], str] = {}
    for path, methods in load(specification)["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "delete"):
                groups[method.upper(), path] = (operation.get("tags") or [""])[0]
    rows = []
    for key in sorted(groups.keys() | present.keys(), key=lambda key: (groups.get(key, "~"), key[1], key[0])):
        row = present.get(key) or {"state": "absent", "note": reason_for(*key)}
        name = f"{key[0]} {key[1]}"
        rows.append({"group": groups.get(key, "Beyond the stored specification"), "name": name, **row})
        rows[-1]["verified"] = verified.get(name, [])
    return rows


def text_of(rows: list[Row]) -> str:
    by_group: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_group[row["group"]].append(row)
    counts = {state: sum(row["state"] == state for row in rows) for state in ("faithful", "partial", "absent")}
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    parts = [HEAD, f"{len(rows)} operations: {total}.\n"]
    for group, members in by_group.items():
        parts.append(f"\n## {group}\n\n| operation | state | notes | verified by |\n|---|---|---|---|\n")
        parts += [_line(row) for row in members]
    return "".join(parts)


def _line(row: Row) -> str:
    name = row["name"].replace("/v2.1/accounts/{accountId}", "…")
    return f"| `{name}` | {row['state']} | {row['note']} | {', '.join(row['verified'])} |\n"


def main() -> None:
    specification, recorded = map(Path, sys.argv[1:3])
    verified: dict[str, set[str]] = defaultdict(set)
    for line in recorded.read_text().splitlines():
        module, name = line.split("\t")
        verified[name].add(module)
    rows = rows_of(specification, operations(), {name: sorted(modules) for name, modules in verified.items()})
    TABLE.write_text(text_of(rows))


if __name__ == "__main__":
    main()
