"""The house rules that a linter cannot hold."""

import re
import subprocess
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
CODE = [
    path
    for folder in ("portal", "signing", "sandbox", "demo")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
LINE_LIMIT = 300
PUBLIC_VIEWS = set(
    "landing start confirm_host return_ state code new_code fresh_link signed_document mail_copy set_language healthz "
    "connect mail_reports logo colours "
    "verify proof proof_keys proof_key verifier_file "
    "public_form embedded_form continue_form form_mailed form_code new_form_code".split()
)

# The staff's way in (signing.login.urls), by the names of the addresses.
PUBLIC_VIEWS |= set(
    "account_login account_logout account_inactive mfa_authenticate mfa_login_webauthn "
    "account_reset_password account_reset_password_done account_reset_password_from_key "
    "account_reset_password_from_key_done openid_connect_login openid_connect_callback "
    "socialaccount_login_cancelled socialaccount_login_error".split()
)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_is_a_warehouse(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINE_LIMIT


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    text = path.read_text()
    assert not text or text.startswith(('"""', "#!/usr/bin/env python\n"))


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += views(pattern.url_patterns, address)
        else:
            found.append((address, pattern.callback))
    return found


def test_exactly_these_pages_are_open_without_a_login() -> None:
    ours = [
        (a, v) for a, v in views(get_resolver().url_patterns) if not a.startswith("admin/") or hasattr(v, "is_way_in")
    ]
    public = {getattr(view, "__name__", "") for _, view in ours if not getattr(view, "login_required", True)}
    assert public == PUBLIC_VIEWS


def test_only_the_settings_read_the_environment() -> None:
    readers = [p for p in CODE if re.search(r"os\.environ|os\.getenv", p.read_text()) and p.parts[-2] in ("signing",)]
    portal = [p for p in (ROOT / "signing").rglob("*.py") if re.search(r"os\.environ|getenv", p.read_text())]
    assert readers + portal == []


def test_every_variable_of_the_settings_is_described_in_the_example() -> None:
    settings = "".join((ROOT / "portal" / name).read_text() for name in ("settings.py", "login.py"))
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)) | {"SECRET_KEY", "DOCUSIGN_PRIVATE_KEY"}
    example = (ROOT / ".env.example").read_text()
    missing = [name for name in sorted(names) if not re.search(rf"^#? ?{name}(_FILE)?=", example, re.MULTILINE)]
    assert missing == []


def test_the_locks_name_no_package_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


def test_production_needs_nothing_of_the_sandbox() -> None:
    production = (ROOT / "requirements.lock").read_text()
    assert "reportlab" not in production
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"^COPY.*\b(sandbox|demo|tests)\b", dockerfile, re.MULTILINE)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_nothing_generated_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    assert not [p for p in tracked if p.endswith((".pyc", ".sqlite3", ".pem", ".log"))]
