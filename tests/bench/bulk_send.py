"""How long a bulk send's reading and checking take, and what they hold in memory.

    python -m tests.bench.bulk_send [rows]

Each measurement runs in a process of its own, so that the peak of its memory is its own.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

KINDS = ("csv", "xlsx")
COLUMNS = 20


def main(rows: int) -> None:
    print(f"{rows:,} rows of {COLUMNS} columns")
    for kind in KINDS:
        command = [sys.executable, "-m", "tests.bench.bulk_send", str(rows), kind]
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
            subprocess.run(command, env=environment, check=True)


def measure(rows: int, kind: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from signing import tasks
    from signing.bulk import batches
    from signing.bulk.results import all_rows, as_csv, write_xlsx
    from signing.bulk.targets import targets_of
    from tests.bulk import make_batch, make_template, sheet, table

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    template = make_template(subject="Lease for {{Name}}", message="Rent: {{Rent}}")
    content = table(_people(rows)).encode() if kind == "csv" else sheet(_people(rows))
    before = _peak_mb()
    batch = make_batch(content, template, name=f"people.{kind}")
    print(f"\n{kind}: {len(content) / 2**20:.1f} MB; {before:.0f} MB of memory before")
    _timed("read", lambda: tasks.drive_bulk_batch(batch.pk))
    batch.refresh_from_db()
    assert batches.choose_columns(batch, batches.proposed_mapping(batch, targets_of(batch.content)))
    _timed("check", lambda: tasks.drive_bulk_batch(batch.pk))
    batch.refresh_from_db()
    _timed("result as CSV", lambda: sum(map(len, as_csv(all_rows(batch)))))
    _timed("result as Excel", lambda: write_xlsx(all_rows(batch), io.BytesIO()))
    print(f"  counts {batch.counts}")


def _people(rows: int) -> Iterator[list[object]]:
    yield ["Name", "Email", "Rent", *(f"Column {n}" for n in range(4, COLUMNS + 1))]
    for n in range(rows):
        yield [f"Person {n}", f"person{n}@example.com", n, *(f"value {n} of {m}" for m in range(4, COLUMNS + 1))]


def _timed(name: str, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    print(f"  {name}: {time.perf_counter() - started:.1f} s, peak {_peak_mb():.0f} MB")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if len(sys.argv) > 2:
        measure(wanted, sys.argv[2])
    else:
        main(wanted)
