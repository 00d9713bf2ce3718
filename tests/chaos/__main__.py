"""`python -m tests.chaos [--envelopes 1000] [--minutes 20]`: exits non-zero on any loss, duplicate or disagreement."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from .stack import Stack


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own
        stack = Stack(Path(folder), broker_url=arguments.broker)
        try:
            stack.launch()
            os.environ.update(stack.env)
            import django

            django.setup()
            return _play(stack, arguments)
        finally:
            stack.stop()


def _play(stack: Stack, arguments: argparse.Namespace) -> int:
    from . import verdict
    from .people import People
    from .trouble import Trouble

    started = time.monotonic()
    people = People(stack.portal_url, randomness=arguments.seed)
    trouble = Trouble(stack, seconds=arguments.trouble_seconds, randomness=arguments.seed)
    trouble.order()
    trouble.start()
    late = ""
    try:
        people.send(arguments.envelopes)
        people.sign_until_done(arguments.envelopes, arguments.minutes * 60)
    except TimeoutError as error:
        late = str(error)
    finally:
        trouble.end()
    seconds = time.monotonic() - started

    docusign = verdict.Docusign(stack.sandbox)
    calls = stack.sandbox.requests()
    findings = {
        "not finished in time": [late] if late else [],
        "signers who gave up": people.tally.gave_up,
        "disagreements": list(verdict.disagreements(docusign, arguments.envelopes)),
        "wrong documents": list(verdict.wrong_documents(docusign)),
        "dead links": list(verdict.dead_links(stack.folder / "mail")),
        "unhandled errors": list(verdict.unhandled(stack.logs())),
    }
    tally = people.tally
    figures = {
        "envelopes": arguments.envelopes,
        "signatures, declines, hesitations": f"{tally.signed}, {tally.declined}, {tally.hesitated}",
        "tries to be let in": tally.tries,
        "workers killed": stack.killed,
        "restarts of Redis and PostgreSQL": trouble.restarts,
        "bursts of 429": trouble.bursts,
        "API calls (kept in the journal)": len(calls),
        "of them failed": sum(call["status"] >= 400 or call["status"] == 0 for call in calls),
        "seconds": round(seconds),
    }
    return _report(figures, findings)


def _report(figures: dict[str, object], findings: dict[str, list[str]]) -> int:
    for name, value in figures.items():
        print(f"{name:36} {value}")
    for name, found in findings.items():
        print(f"{name:36} {len(found)}")
    for name, found in findings.items():
        for item in found[:10]:
            print(f"\n{name}: {item}", file=sys.stderr)
    return 1 if any(findings.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--envelopes", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument(
        "--trouble-seconds", type=float, default=1e9, help="how long it lasts; then everything must settle"
    )
    parser.add_argument("--broker", default="", help="amqp://…: RabbitMQ instead of Redis")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
