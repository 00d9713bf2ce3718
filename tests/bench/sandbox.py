"""How fast the sandbox is, and whether it stays so as envelopes grow: `make bench-sandbox`."""

import argparse
import json
import os
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.sandbox.api import Api, definition, signer
from tests.sandbox_process import SandboxProcess

from .load import CLIENTS, Request, Result, run, timed

# Tables with a row or more per envelope, and their columns that point to one another's.
COPIED = {
    "sandbox_envelope": ("id",),
    "sandbox_document": ("id", "envelope_id"),
    "sandbox_recipient": ("id", "envelope_id"),
    "sandbox_tab": ("id", "recipient_id", "document_id"),
    "sandbox_customfield": ("id", "envelope_id"),
    "sandbox_auditevent": ("id", "envelope_id"),
}
FRESH = ("guid", "user_guid")
Measured = tuple[Result, float]


def main() -> None:
    arguments = _arguments()
    few, stored, many = sorted((arguments.few, arguments.envelopes, arguments.grow_to))
    with tempfile.TemporaryDirectory() as folder:
        process, seconds = timed(lambda: SandboxProcess(Path(folder)))
        print(f"start: {seconds:.2f} s")
        print(f"{'':>10} {'':24} {'per':>8} {'p50':>8} {'p95':>8}   CPU ms a call", flush=True)
        print(f"{'envelopes':>10} {'operation':24} {'second':>8} {'ms':>8} {'ms':>8} {'server':>8} {'clients':>8}")
        try:
            process.reset()
            _measure_writes(process, few, few)
            small = _measure_reads(process, few, arguments.reads)
            _measure_writes(process, stored, stored - few)
            _measure_reads(process, stored, arguments.reads)
            print(f"memory: {_rss_megabytes(process.pid):.0f} MB resident")
        finally:
            process.stop()
        _grow(Path(folder) / "sandbox.sqlite3", many)
        process = SandboxProcess(Path(folder))
        try:
            process.set_limits(hourly=10**9, burst=10**9, envelope_hourly=10**9, envelope_burst=10**9)
            large = _measure_reads(process, many, arguments.reads)
            print(f"memory: {_rss_megabytes(process.pid):.0f} MB resident")
        finally:
            process.stop()
        print(f"\n{many:,} against {few:,} envelopes:{'median latency':>22} {'server CPU':>11}")
        for name, (result, cpu_ms) in small.items():
            result_then, cpu_ms_then = large[name]
            print(f"{name:37} {result_then.p50_ms / result.p50_ms:11.2f} × {cpu_ms_then / cpu_ms:9.2f} ×")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000, help="what reading is compared with")
    parser.add_argument("--envelopes", type=int, default=10_000)
    parser.add_argument("--reads", type=int, default=5_000)
    parser.add_argument("--grow-to", type=int, default=100_000)
    return parser.parse_args()


def _measure_writes(process: SandboxProcess, total: int, count: int) -> None:
    body = json.dumps(definition(recipients={"signers": [signer(1)]})).encode()
    path = f"/restapi/v2.1/accounts/{process.account_id}/envelopes"
    _measure(process, total, "create, 1 document", [Request("POST", path, body)] * count, 201)


def _measure_reads(process: SandboxProcess, total: int, count: int) -> dict[str, Measured]:
    account = f"/restapi/v2.1/accounts/{process.account_id}/envelopes"
    ids = _some_ids(process, 2_000)
    since = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    chosen = random.Random(1).choices(ids, k=count)
    kinds = {
        "get": [f"{account}/{guid}" for guid in chosen],
        "get with recipients, tabs": [f"{account}/{guid}?include=recipients,tabs" for guid in chosen[: count // 2]],
        "list 100 with recipients": [
            f"{account}?from_date={since}&count=100&include=recipients&order=desc" for _ in range(count // 25)
        ],
        "list by transaction id": [f"{account}?transaction_ids={guid}" for guid in chosen[: count // 2]],
    }
    return {
        name: _measure(process, total, name, [Request("GET", path) for path in paths], 200)
        for name, paths in kinds.items()
    }


def _measure(process: SandboxProcess, total: int, name: str, requests: Sequence[Request], expected: int) -> Measured:
    """The result, and the server's CPU milliseconds a call: they say more than the rate where others use the cores."""
    before = _cpu_seconds(process.pid)
    result = run(process.base_url, _headers(process), requests, expected)
    server_ms, client_ms = (
        1000 * seconds / len(requests) for seconds in (_cpu_seconds(process.pid) - before, result.client_cpu_seconds)
    )
    print(
        f"{total:>10,} {name:24} {result.per_second:>8.0f} {result.p50_ms:>8.2f} {result.p95_ms:>8.2f} "
        f"{server_ms:>8.2f} {client_ms:>8.2f}",
        flush=True,
    )
    return result, server_ms


def _some_ids(process: SandboxProcess, count: int) -> list[str]:
    database = sqlite3.connect(f"file:{process.data_dir / 'sandbox.sqlite3'}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT guid FROM sandbox_envelope ORDER BY id DESC LIMIT ?", (count,))
        return [str(uuid.UUID(row[0])) for row in rows]
    finally:
        database.close()


def _grow(path: Path, wanted: int) -> None:
    """Copies of the envelopes there are, with new ids: through the API it would take minutes."""
    database = sqlite3.connect(path)
    (present,) = database.execute("SELECT count(*) FROM sandbox_envelope").fetchone()
    heights = {table: database.execute(f"SELECT max(id) FROM {table}").fetchone()[0] or 0 for table in COPIED}  # noqa: S608
    database.create_function("new_guid", 0, lambda: str(uuid.uuid4()))
    points_to = {"id": "", "envelope_id": "sandbox_envelope", "recipient_id": "sandbox_recipient"}
    points_to |= {"document_id": "sandbox_document"}
    for copy in range(1, wanted // present):
        for table, moved in COPIED.items():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            chosen = []
            for column in columns:
                is_key = column in moved and not (column == "document_id" and table == "sandbox_document")
                if is_key:
                    chosen.append(f'"{column}" + {copy * heights[points_to[column] or table]}')
                else:
                    chosen.append("new_guid()" if column in FRESH else f'"{column}"')
            names = ", ".join(f'"{column}"' for column in columns)
            where = f"id <= {heights[table]}"
            database.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(chosen)} FROM {table} WHERE {where}")  # noqa: S608
        database.commit()
    database.close()


def _headers(process: SandboxProcess) -> dict[str, str]:
    return {"Authorization": f"Bearer {Api(process).access_token}", "Content-Type": "application/json"}


def _processes(pid: int) -> list[str]:
    """It and its children."""
    return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_seconds(pid: int) -> float:
    fields = [Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split() for number in _processes(pid)]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def _rss_megabytes(pid: int) -> float:
    total = 0
    for number in _processes(pid):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total / 1024


if __name__ == "__main__":
    print(f"{CLIENTS} clients; {time.strftime('%Y-%m-%d')}")
    main()
