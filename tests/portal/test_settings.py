"""Settings as an operator meets them: in a process of their own, from an environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client as Browser

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = {"PORTAL_BASE_URL": "https://sign.example.com"}


def manage(data_dir: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(data_dir)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def value_of(data_dir: Path, name: str, **environment: str) -> str:
    code = f"from django.conf import settings; print(settings.{name})"
    result = manage(data_dir, "shell", "--no-imports", "-c", code, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_portal_starts_with_no_settings_at_all(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0


def test_a_deployment_over_https_passes_djangos_own_check(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **DEPLOYED)
    assert result.returncode == 0, result.stderr


def test_each_installation_has_a_secret_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    first = value_of(one, "SECRET_KEY")
    assert value_of(one, "SECRET_KEY") == first
    assert value_of(other, "SECRET_KEY") != first
    assert (one / "secret-key").stat().st_mode & 0o077 == 0


def test_the_portal_reads_the_file_that_the_sandbox_writes(tmp_path: Path) -> None:
    env_file = tmp_path / "docusign.env"
    env_file.write_text("DOCUSIGN_OAUTH_BASE_URL=http://127.0.0.1:8001\nDOCUSIGN_USER_ID=from-the-file\n")
    environment = {"DOCUSIGN_ENV_FILE": str(env_file)}
    assert value_of(tmp_path, "DOCUSIGN_OAUTH_BASE_URL", **environment) == "http://127.0.0.1:8001"
    assert value_of(tmp_path, "DOCUSIGN_USER_ID", **environment, DOCUSIGN_USER_ID="mine") == "mine"


def test_a_private_key_may_be_given_in_one_line_or_as_a_file(tmp_path: Path) -> None:
    pem = "-----BEGIN X-----\nabc\n-----END X-----"
    path = tmp_path / "key.pem"
    path.write_text(pem)
    assert value_of(tmp_path, "DOCUSIGN_PRIVATE_KEY", DOCUSIGN_PRIVATE_KEY=pem.replace("\n", "\\n")) == pem
    assert value_of(tmp_path, "DOCUSIGN_PRIVATE_KEY", DOCUSIGN_PRIVATE_KEY=pem) == pem
    assert value_of(tmp_path, "DOCUSIGN_PRIVATE_KEY", DOCUSIGN_PRIVATE_KEY_FILE=str(path)) == pem


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"DOCUSIGN_PRIVATE_KEY_FILE": "/nowhere/key.pem"}, "DOCUSIGN_PRIVATE_KEY_FILE: cannot read /nowhere/key.pem"),
        ({"PORTAL_BASE_URL": "sign.example.com"}, "PORTAL_BASE_URL must look like"),
        ({"DOCUSIGN_PRIVATE_KEY": "junk"}, "not a readable PEM private key"),
        ({"DOCUSIGN_OAUTH_BASE_URL": "account-d.docusign.com"}, "must be scheme and host only"),
    ],
)
def test_a_wrong_setting_is_said_at_start(tmp_path: Path, environment: dict[str, str], complaint: str) -> None:
    result = manage(tmp_path, "check", **environment)
    assert result.returncode != 0
    assert complaint in result.stderr


@pytest.mark.parametrize(
    ("environment", "warning"),
    [
        ({"DOCUSIGN_OAUTH_BASE_URL": "http://127.0.0.1:8001"}, "signing.W001"),
        ({"MAIL_PREVIEW": "1"}, "signing.W002"),
    ],
)
def test_what_suits_only_a_demo_is_warned_of_when_deploying(
    tmp_path: Path, environment: dict[str, str], warning: str
) -> None:
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **DEPLOYED, **environment)
    assert result.returncode != 0
    assert warning in result.stderr


def test_signer_links_are_cut_out_of_the_logs(tmp_path: Path) -> None:
    code = (
        "import logging; "
        "logging.getLogger('django.request').error('Service Unavailable: %s', '/sign/' + 'x' * 43 + '/start/')"
    )
    result = manage(tmp_path, "shell", "--no-imports", "-c", code)
    assert "Service Unavailable: /sign/…/start/" in result.stderr
    assert "x" * 43 not in result.stderr


def test_pages_work_without_collected_static_files(tmp_path: Path) -> None:
    code = (
        "from django.test import Client; print(Client().get('/sign/nope/', headers={'host': 'localhost'}).status_code)"
    )
    assert manage(tmp_path, "migrate").returncode == 0
    assert manage(tmp_path, "shell", "--no-imports", "-c", code).stdout.strip() == "404"


def test_an_organisation_with_a_comma_makes_a_correct_sender(tmp_path: Path) -> None:
    sender = value_of(tmp_path, "DEFAULT_FROM_EMAIL", ORGANISATION_NAME="Field, Park & Co")
    assert sender == '"Field, Park & Co" <signing@127.0.0.1>'


@pytest.mark.django_db
def test_the_health_check_answers_without_a_login() -> None:
    assert Browser().get("/healthz").json() == {"database": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/nothing", "/admin/nothing/", "/sign/", "/media/x.pdf"])
def test_an_address_that_does_not_exist_is_a_calm_page(url: str) -> None:
    response = Browser().get(url)
    assert response.status_code in (302, 404)  # within the admin, strangers are asked to log in first
    if response.status_code == 404:
        assert "There is nothing at this address." in response.content.decode()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "off"),
        ({"DOCUSIGN_CONNECT_KEYS": "k"}, "envelope"),  # this machine, by default
        (DEPLOYED | {"DOCUSIGN_CONNECT_KEYS": "k"}, "envelope"),
        ({"PORTAL_BASE_URL": "http://sign.example.com", "DOCUSIGN_CONNECT_KEYS": "k"}, "off"),
        (DEPLOYED | {"DOCUSIGN_CONNECT_KEYS": "k", "DOCUSIGN_CONNECT": "account"}, "account"),
    ],
    ids=["no key", "local", "https", "no https", "as told"],
)
def test_connect_is_on_where_docusign_can_reach_us_and_a_key_is_there(
    tmp_path: Path, environment: dict[str, str], expected: str
) -> None:
    assert value_of(tmp_path, "DOCUSIGN_CONNECT", **environment) == expected


def test_an_unknown_way_of_connect_is_refused(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", DOCUSIGN_CONNECT="yes")
    assert "DOCUSIGN_CONNECT must be one of: envelope, account, off." in result.stderr


def test_connect_keys_are_several_and_may_lie_in_a_file(tmp_path: Path) -> None:
    assert value_of(tmp_path, "DOCUSIGN_CONNECT_KEYS", DOCUSIGN_CONNECT_KEYS="one, two,") == "['one', 'two']"
    (tmp_path / "keys").write_text("one\ntwo\n")
    keys = value_of(tmp_path, "DOCUSIGN_CONNECT_KEYS", DOCUSIGN_CONNECT_KEYS_FILE=str(tmp_path / "keys"))
    assert keys == "['one', 'two']"


@pytest.mark.parametrize(
    ("environment", "broker"),
    [
        ({}, "filesystem://"),
        ({"CELERY_BROKER_URL": ""}, "filesystem://"),
        ({"CELERY_BROKER_URL": "", "REDIS_URL": "redis://cache:6379/0"}, "redis://cache:6379/0"),
        ({"CELERY_BROKER_URL": "amqp://queue", "REDIS_URL": "redis://cache:6379/0"}, "amqp://queue"),
    ],
)
def test_the_broker_is_the_one_named_or_redis_or_a_folder(
    tmp_path: Path, environment: dict[str, str], broker: str
) -> None:
    assert value_of(tmp_path, "CELERY_BROKER_URL", **environment) == broker


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ORGANISATION_COLOUR", "red", "ORGANISATION_COLOUR must look like #1d4fa3."),
        ("QUIET_HOURS", "20-24", "QUIET_HOURS must look like 20-8."),
        ("LANGUAGE_CODE", "tlh", "LANGUAGE_CODE"),
        ("ORGANISATION_LOGO", "/absent/logo.png", "ORGANISATION_LOGO is no picture: /absent/logo.png"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_a_sentence(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    result = manage(tmp_path, "check", **{name: value})
    assert result.returncode != 0
    assert sentence in result.stderr


def test_there_may_be_no_quiet_hours(tmp_path: Path) -> None:
    assert value_of(tmp_path, "QUIET_HOURS", QUIET_HOURS="") == "None"


def test_a_mail_provider_is_set_up_by_the_environment_alone(tmp_path: Path) -> None:
    environment = {"EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend", "ANYMAIL_POSTMARK_SERVER_TOKEN": "abc"}
    assert value_of(tmp_path, "EMAIL_BACKEND", **environment) == "anymail.backends.postmark.EmailBackend"
    assert value_of(tmp_path, "ANYMAIL", **environment) == "{'POSTMARK_SERVER_TOKEN': 'abc'}"


def test_mail_goes_by_smtp_where_no_provider_is_named(tmp_path: Path) -> None:
    backend = value_of(tmp_path, "EMAIL_BACKEND", EMAIL_URL="smtp+tls://user:pass@mail.example.com:587")
    assert backend == "django.core.mail.backends.smtp.EmailBackend"


def test_an_unknown_way_of_showing_the_ceremony_is_refused(tmp_path: Path) -> None:
    assert "CEREMONY_DISPLAY must be one of" in manage(tmp_path, "check", CEREMONY_DISPLAY="popup").stderr


def test_a_proxy_that_is_no_address_is_refused(tmp_path: Path) -> None:
    assert "TRUSTED_PROXIES must look like" in manage(tmp_path, "check", TRUSTED_PROXIES="my-proxy").stderr
