"""`python -m sandbox`: prepare the data folder and serve until Ctrl-C or SIGTERM."""

import argparse
import json
import os
import socket
import sys
from pathlib import Path


def main() -> int:
    arguments = _parse()
    if arguments.data:
        os.environ["SANDBOX_DATA"] = arguments.data
    if arguments.no_control:
        os.environ["SANDBOX_CONTROL_DOOR"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
    if arguments.check_migrations or arguments.operations:
        return _tell(arguments)
    try:
        listener = _listen(arguments.host, arguments.port)
    except OSError as error:
        print(f"sandbox: cannot use {arguments.host}:{arguments.port}: {error.strerror}", file=sys.stderr)
        return 1
    from sandbox.server import serve

    port: int = listener.getsockname()[1]
    serve(listener, lambda: _prepare(arguments, port))
    return 0


def _tell(arguments: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    if arguments.check_migrations:
        call_command("makemigrations", "--check", "--dry-run")
        return 0
    from sandbox.rest.operations import described

    print(json.dumps(described(), indent=1))
    return 0


def _prepare(arguments: argparse.Namespace, port: int) -> tuple[Path, Path] | None:
    """In the serving process: Django, the tables, who there is; the paths of certificate and key if it is https."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from sandbox import statistics
    from sandbox.authority import ensure_authority, issue_tls_certificate
    from sandbox.identities import ensure_identities

    statistics.tell()
    ensure_authority()
    hostnames = list(dict.fromkeys([*arguments.hostname, arguments.host, "localhost", "127.0.0.1"]))
    tls = issue_tls_certificate(hostnames) if arguments.tls else None
    base_url = _base_url("https" if tls else "http", arguments.host, port)
    env_path = ensure_identities(base_url)
    print(f"sandbox: {base_url}  (settings for a client: {env_path})", flush=True)
    return tls


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local stand-in for Docusign.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=int, choices=range(65536), metavar="PORT", default=8001, help="0 takes any free port"
    )
    parser.add_argument("--data", default="", help="folder for its database and files (default: var/sandbox)")
    parser.add_argument("--tls", action="store_true", help="serve https by a certificate of its own authority")
    parser.add_argument(
        "--hostname", action="append", default=[], help="a further name for that certificate; may be repeated"
    )
    parser.add_argument("--no-control", action="store_true", help="without the control door and the console")
    parser.add_argument("--operations", action="store_true", help="print the operations it has as JSON, and stop")
    parser.add_argument("--check-migrations", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _base_url(scheme: str, host: str, port: int) -> str:
    """Without the port where it is the scheme's own, as browsers and the `aud` of a grant spell it."""
    named = f"[{host}]" if ":" in host else host
    is_default = port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{named}" if is_default else f"{scheme}://{named}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything else is done, so that a taken port is a plain sentence."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    return listener


if __name__ == "__main__":
    sys.exit(main())
