"""When the connection is broken: the cause is named, nobody hammers, and everything goes on once it is mended."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing import connection, grants, sending, tasks
from signing.connection import connect
from signing.docusign import ConsentRequiredError, CredentialsRefusedError, DocusignError, UnavailableError
from signing.health import Health
from signing.models import Envelope
from tests.clock import Clock
from tests.deeds import path_of, send
from tests.factories import make_draft, make_sent, recipient_of
from tests.oauth_host import OAuthHost, serving
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db
Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]

CONSENT_REQUIRED = {"error": "consent_required"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def oauth_host(docusign: SandboxProcess, settings: Settings) -> Iterator[OAuthHost]:
    """An OAuth host that counts and refuses; the keys are the sandbox's, but nothing is asked there."""
    with serving(OAuthHost()) as host:
        settings.DOCUSIGN_OAUTH_BASE_URL = host.base_url
        settings.DOCUSIGN_ACCOUNT_ID = ""
        yield host


def fails(host: OAuthHost, refusal: dict[str, str]) -> DocusignError:
    host.refusal = refusal
    with pytest.raises(DocusignError) as caught:
        connect()
    return caught.value


def test_a_failure_is_shared_for_a_while_instead_of_asking_again(oauth_host: OAuthHost) -> None:
    fails(oauth_host, CONSENT_REQUIRED)
    for _ in range(5):
        with pytest.raises(ConsentRequiredError):
            connect(urgent=True)
    assert oauth_host.grants == 1


def test_the_beat_tries_again_at_growing_intervals_up_to_five_minutes(oauth_host: OAuthHost, clock: Clock) -> None:
    fails(oauth_host, CONSENT_REQUIRED)
    tried_at = []
    for second in range(0, 1500, 15):
        before = oauth_host.grants
        tasks.keep_connected()
        if oauth_host.grants > before:
            tried_at.append(second)
        clock.advance(seconds=15)
    pauses = [later - earlier for earlier, later in zip([0, *tried_at], tried_at, strict=False)]
    assert pauses == [15, 30, 60, 120, 240, 300, 300, 300]


def test_a_host_that_does_not_answer_is_tried_again_within_a_minute(
    docusign: SandboxProcess, settings: Settings, clock: Clock
) -> None:
    settings.DOCUSIGN_OAUTH_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(UnavailableError):
        connect()
    health = connection.shared_grants().health
    for _ in range(10):
        trouble = health.trouble()
        assert trouble is not None
        clock.advance(seconds=(trouble.retry_at - timezone.now()).total_seconds())
        health.note(trouble.error)
    trouble = health.trouble()
    assert trouble is not None
    assert trouble.retry_at - timezone.now() <= timedelta(minutes=1)


def test_one_lost_connection_is_not_worth_a_banner_but_several_are(clock: Clock) -> None:
    health = Health("x")
    for _ in range(3):
        health.note(UnavailableError("no answer", outcome_unknown=False))
        trouble = health.trouble()
        assert trouble is not None
        told = trouble.is_worth_telling
        clock.advance(minutes=2)
        assert told is (trouble.failures == 3)


def test_several_processes_failing_at_once_count_as_one_failure(clock: Clock) -> None:
    health = Health("y")
    for _ in range(8):
        health.note(ConsentRequiredError("consent_required"))
    trouble = health.trouble()
    assert trouble is not None
    assert trouble.failures == 1


@pytest.mark.parametrize(
    ("refusal", "setting"),
    [
        ({"error": "invalid_grant", "error_description": "no_valid_keys_or_signatures"}, "DOCUSIGN_PRIVATE_KEY"),
        ({"error": "invalid_grant", "error_description": "issuer_not_found"}, "DOCUSIGN_INTEGRATION_KEY"),
        ({"error": "invalid_grant", "error_description": "user_not_found"}, "DOCUSIGN_USER_ID"),
        ({"error": "invalid_grant", "error_description": "invalid_subject"}, "DOCUSIGN_USER_ID"),
        ({"error": "invalid_grant", "error_description": "expired_grant"}, "clock"),
        ({"error": "invalid_grant", "error_description": "something_new"}, "something_new"),
    ],
)
def test_each_refusal_names_what_must_be_mended(oauth_host: OAuthHost, refusal: dict[str, str], setting: str) -> None:
    error = fails(oauth_host, refusal)
    assert isinstance(error, CredentialsRefusedError)
    assert setting in error.staff_message


def test_a_host_that_is_none_of_docusigns_is_named(oauth_host: OAuthHost) -> None:
    oauth_host.html = "<html>Welcome to nginx</html>"
    error = fails(oauth_host, {})
    assert "DOCUSIGN_OAUTH_BASE_URL" in error.staff_message


def test_a_caller_who_gets_the_lock_late_finds_the_grant_of_the_one_before(
    oauth_host: OAuthHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our look into the cache and our getting the lock, the winner has put its grant there."""
    acquire = grants._Lock.acquire

    def win_meanwhile(lock: grants._Lock) -> bool:
        monkeypatch.setattr(grants._Lock, "acquire", acquire)
        connect()
        return acquire(lock)

    monkeypatch.setattr(grants._Lock, "acquire", win_meanwhile)
    connect()
    assert oauth_host.grants == 1


def test_a_lock_is_released_by_its_holder_alone() -> None:
    one, other = grants._Lock("lock"), grants._Lock("lock")
    assert one.acquire()
    assert not other.acquire()
    other.release()
    assert not other.acquire()
    one.release()
    assert other.acquire()


def test_a_grant_still_at_hand_serves_signers_after_consent_was_withdrawn(
    docusign: SandboxProcess, settings: Settings
) -> None:
    """Access tokens already issued live on (reference 1.6), so only the renewal fails at first."""
    envelope = send()
    docusign.revoke_consent()
    settings.DOCUSIGN_TOKEN_RENEW_SECONDS = 3600
    tasks.keep_connected()
    assert connection.trouble() is not None
    assert not connection.is_paused()
    assert Browser().post(f"{path_of(recipient_of(envelope, 1))}start/").status_code == 303


def test_signers_meanwhile_see_the_calm_page(docusign: SandboxProcess) -> None:
    envelope = send()
    docusign.revoke_consent()
    cache.clear()
    response = Browser().post(f"{path_of(recipient_of(envelope, 1))}start/")
    assert response.status_code == 503
    assert "your link stays valid: please try again in a minute" in response.content.decode()


def test_background_work_rests_while_there_is_no_token(docusign: SandboxProcess, clock: Clock) -> None:
    envelope = send()
    waiting = make_draft()
    docusign.revoke_consent()
    cache.clear()
    sending.claim_for_sending(waiting)
    tasks.send_envelope(waiting.pk)
    calls = len(docusign.requests())
    for _ in range(5):
        tasks.pick_up_left_behind()
        tasks.poll_envelopes()
        tasks.refresh_envelope(envelope.pk)
        clock.advance(seconds=2)
    assert len(docusign.requests()) == calls
    assert Envelope.objects.get(pk=waiting.pk).send_attempts == 1


def test_everything_goes_on_by_itself_once_it_is_mended(
    docusign: SandboxProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    docusign.revoke_consent()
    envelope = send()
    docusign.grant_consent()
    swept: list[int] = []
    monkeypatch.setattr(tasks.pick_up_left_behind, "delay", lambda: swept.extend(sending.due_for_sending(clock.now())))
    tasks.keep_connected()
    assert swept == []  # not yet
    clock.advance(seconds=16)
    tasks.keep_connected()
    assert swept == [envelope.pk]
    assert connection.trouble() is None


def test_the_consent_return_page_tries_at_once(
    docusign: SandboxProcess, admin_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    docusign.revoke_consent()
    send()
    docusign.grant_consent()
    monkeypatch.setattr(tasks, "ring", lambda task, *arguments: task(*arguments))
    admin_browser.get("/docusign/consent/?code=abc")
    assert connection.trouble() is None


def test_an_api_that_refuses_the_account_pauses_the_work_though_tokens_are_granted(
    docusign: SandboxProcess, clock: Clock
) -> None:
    envelope = send()
    docusign.fail_next(count=4, status=401, errorCode="USER_LACKS_MEMBERSHIP")
    tasks.refresh_envelope(envelope.pk)
    trouble = connection.trouble()
    assert trouble is not None
    assert "not a member of the configured Docusign account" in trouble.sentence
    assert connection.is_paused()
    failures = []
    for _ in range(3):  # a new token alone is no proof: each probe asks the API as well, and is refused there
        clock.advance(minutes=5)
        tasks.keep_connected()
        trouble = connection.trouble()
        assert trouble is not None
        failures.append(trouble.failures)
    assert failures == [2, 3, 4]
    clock.advance(minutes=5)
    tasks.keep_connected()
    assert connection.trouble() is None


def test_changed_settings_start_without_a_past(docusign: SandboxProcess, settings: Settings) -> None:
    right = settings.DOCUSIGN_USER_ID
    settings.DOCUSIGN_USER_ID = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(CredentialsRefusedError):
        connect()
    settings.DOCUSIGN_USER_ID = right
    connect()
    assert connection.trouble() is None


PAGES = ["/admin/", "/admin/signing/envelope/", "/admin/signing/envelope/add/", "/admin/auth/user/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_staff_shows_the_cause_and_the_remedy(
    docusign: SandboxProcess, admin_browser: Browser, page: str
) -> None:
    docusign.revoke_consent()
    with pytest.raises(ConsentRequiredError):
        connect()
    html = admin_browser.get(page).content.decode()
    assert "Not connected to Docusign" in html
    assert connection.consent_link().replace("&", "&amp;") in html


def test_the_consent_link_is_shown_only_where_consent_is_what_lacks(
    oauth_host: OAuthHost, admin_browser: Browser
) -> None:
    fails(oauth_host, {"error": "invalid_grant", "error_description": "user_not_found"})
    html = admin_browser.get("/admin/").content.decode()
    assert "DOCUSIGN_USER_ID" in html
    assert "consent link" not in html


def test_while_all_is_well_there_is_no_banner(docusign: SandboxProcess, admin_browser: Browser) -> None:
    connect()
    assert "Not connected" not in admin_browser.get("/admin/").content.decode()


def test_strangers_and_signers_learn_nothing_of_the_trouble(oauth_host: OAuthHost) -> None:
    fails(oauth_host, CONSENT_REQUIRED)
    envelope = make_sent()
    for page in ("/admin/login/", path_of(recipient_of(envelope, 1))):
        assert "Not connected" not in Browser().get(page).content.decode()


def test_without_settings_the_banner_names_them(settings: Settings, admin_browser: Browser) -> None:
    settings.DOCUSIGN_INTEGRATION_KEY = ""
    assert "DOCUSIGN_INTEGRATION_KEY" in admin_browser.get("/admin/").content.decode()
    assert connection.is_paused()
