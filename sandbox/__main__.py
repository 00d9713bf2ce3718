"""`python -m sandbox`: prepare the data folder and serve until Ctrl-C or SIGTERM."""

import argparse
import os
import socket
import sys


def main() -> int:
    arguments = _parse()
    if arguments.data:
        os.environ["SANDBOX_DATA"] = arguments.data
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
    import django
    from django.core.management import call_command

    django.setup()
    if arguments.check_migrations:
        call_command("makemigrations", "--check", "--dry-run")
        return 0
    try:
        listener = _listen(arguments.host, arguments.port)
    except OSError as error:
        print(f"sandbox: cannot use {arguments.host}:{arguments.port}: {error.strerror}", file=sys.stderr)
        return 1
    call_command("migrate", verbosity=0)
    from sandbox.identities import ensure_identities
    from sandbox.seal import ensure_authority
    from sandbox.server import serve

    base_url = f"http://{arguments.host}:{listener.getsockname()[1]}"
    env_path = ensure_identities(base_url)
    ensure_authority()
    print(f"sandbox: {base_url}  (settings for a client: {env_path})", flush=True)
    serve(listener)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local stand-in for Docusign.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes any free port")
    parser.add_argument("--data", default="", help="folder for its database and files (default: var/sandbox)")
    parser.add_argument("--check-migrations", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything else is done, so that a taken port is a plain sentence."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    return listener


if __name__ == "__main__":
    sys.exit(main())
