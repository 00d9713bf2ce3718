"""The command: `python -m signing.verify bundle.zip`. Ends with 0 when the bundle is valid, with 1 when it is not."""

import argparse
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m signing.verify",
        description="Says whether a proof bundle is what the portal handed out, and if not, why. Asks no network.",
    )
    parser.add_argument("bundle", type=Path, help="the zip file")
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a public key (PEM) that the portal has published at /verify/keys/; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="the report for programs")
    arguments = parser.parse_args()
    try:
        from .bundle import check
    except ImportError as error:
        sys.stderr.write(f"{error.name} is missing: pip install cryptography\n")
        return 1
    try:
        keys = [path.read_bytes() for path in arguments.key]
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")
    report = check(arguments.bundle, keys)
    sys.stdout.write(report.as_json() if arguments.json else report.as_text())
    return 0 if report.is_valid else 1


if __name__ == "__main__":
    sys.exit(main())
