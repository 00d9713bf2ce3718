"""The pages of `/oauth/auth`: who are you, and do you allow this."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .api import TIMEOUT_SECONDS, Api, ask_for_token
from .people import LOCAL_URI, alex_of, query_of

NOBODY = "00000000-0000-0000-0000-000000000000"
QUESTION = "Allow this application to act for you?"
CHOICE = "Who are you today?"


class Person:
    """A browser with its cookies."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.url = f"{sandbox.base_url}/oauth/auth"

    def look(self, **changes: str) -> requests.Response:
        query = query_of(self.sandbox, **changes)
        return self.session.get(self.url, params=query, allow_redirects=False, timeout=TIMEOUT_SECONDS)

    def post(self, page: requests.Response, **form: str) -> requests.Response:
        return self.session.post(page.url, data=form, allow_redirects=False, timeout=TIMEOUT_SECONDS)


@pytest.fixture
def person(sandbox: SandboxProcess) -> Person:
    return Person(sandbox)


def outcome(response: requests.Response) -> dict[str, list[str]]:
    assert response.status_code == 302, response.text
    return parse_qs(urlsplit(response.headers["Location"]).query)


def service_user(sandbox: SandboxProcess) -> str:
    return sandbox.config["DOCUSIGN_USER_ID"]


def test_where_there_are_several_users_one_chooses_who_to_be(person: Person) -> None:
    page = person.look()
    assert CHOICE in page.text
    assert "Signing Service" in page.text
    assert "Alex Sender" in page.text


def test_consent_already_given_skips_the_question(sandbox: SandboxProcess, person: Person) -> None:
    answer = outcome(person.post(person.look(), user=service_user(sandbox)))
    assert answer["code"]
    assert answer["state"] == ["s1"]


def test_whoever_was_chosen_stays_logged_in(sandbox: SandboxProcess, person: Person) -> None:
    person.post(person.look(), user=service_user(sandbox))
    assert outcome(person.look())["code"]
    assert CHOICE in person.look(prompt="login").text


@pytest.mark.parametrize("path", ["/logout", "/oauth/logout"])
def test_logging_out_ends_that(sandbox: SandboxProcess, person: Person, path: str) -> None:
    person.post(person.look(), user=service_user(sandbox))
    page = person.session.get(f"{sandbox.base_url}{path}", timeout=TIMEOUT_SECONDS)
    assert "You are logged out" in page.text
    assert CHOICE in person.look().text


def test_logging_out_goes_back_to_a_registered_address(sandbox: SandboxProcess, person: Person) -> None:
    query = query_of(sandbox, response_mode="logout_redirect")
    response = person.session.get(
        f"{sandbox.base_url}/logout", params=query, allow_redirects=False, timeout=TIMEOUT_SECONDS
    )
    assert response.headers["Location"] == LOCAL_URI


@pytest.mark.parametrize("hint", ["alex@sandbox.example", "ALEX@sandbox.example"])
def test_a_login_hint_names_the_user(person: Person, hint: str) -> None:
    page = person.look(login_hint=hint)
    assert QUESTION in page.text
    assert "Alex Sender" in page.text


def test_accepting_lets_the_grant_through(sandbox: SandboxProcess, person: Person, api: Api) -> None:
    alex = alex_of(api)
    page = person.look(login_hint=alex)
    assert outcome(person.post(page, user=alex, decision="accept"))["code"]
    assert ask_for_token(sandbox, sub=alex).status_code == 200


def test_declining_comes_back_denied(sandbox: SandboxProcess, person: Person, api: Api) -> None:
    alex = alex_of(api)
    answer = outcome(person.post(person.look(login_hint=alex), user=alex, decision="decline"))
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == ["s1"]
    assert ask_for_token(sandbox, sub=alex).json() == {"error": "consent_required"}


def test_a_further_scope_is_asked_for_again(sandbox: SandboxProcess, person: Person) -> None:
    page = person.look(login_hint=service_user(sandbox), scope="signature impersonation click.manage")
    assert "click.manage" in page.text
    person.post(page, user=service_user(sandbox), decision="accept")
    assert ask_for_token(sandbox, scope="signature click.manage").status_code == 200


def test_only_an_administrator_may_consent_for_everyone(person: Person, api: Api, sandbox: SandboxProcess) -> None:
    wish = {"scope": "openid", "admin_consent_scope": "signature impersonation"}
    page = person.look(**wish)
    assert "Alex Sender" not in page.text
    assert "everyone in your organization" in page.text
    outcome(person.post(page, user=service_user(sandbox), decision="accept"))
    assert ask_for_token(sandbox, sub=alex_of(api)).status_code == 200


def test_an_ordinary_member_cannot_slip_in_as_one(person: Person, api: Api, sandbox: SandboxProcess) -> None:
    page = person.look(scope="openid", admin_consent_scope="signature impersonation")
    alex = alex_of(api)
    person.post(page, user=alex, decision="accept")
    assert ask_for_token(sandbox, sub=alex).json() == {"error": "consent_required"}


def test_an_invited_user_takes_up_the_invitation_by_logging_in(
    person: Person, api: Api, sandbox: SandboxProcess
) -> None:
    invited = {"newUsers": [{"userName": "Nia New", "email": "nia@example.com"}]}
    created = api.call("POST", "/users", invited).json()["newUsers"][0]
    assert created["userStatus"] == "ActivationSent"
    assert ask_for_token(sandbox, sub=created["userId"]).json()["error_description"] == "user_not_found"
    person.post(person.look(login_hint="nia@example.com"), user=created["userId"], decision="accept")
    assert api.call("GET", f"/users/{created['userId']}").json()["userStatus"] == "Active"
    assert ask_for_token(sandbox, sub=created["userId"]).status_code == 200


def test_an_implicit_token_travels_in_the_fragment(sandbox: SandboxProcess, person: Person, api: Api) -> None:
    response = person.look(response_type="token", login_hint=service_user(sandbox), scope="signature")
    fragment = parse_qs(urlsplit(response.headers["Location"]).fragment)
    api.access_token = fragment["access_token"][0]
    assert api.call("GET", "/users").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"redirect_uri": "https://evil.example/"}, "The redirect URI is not registered properly"),
        ({"redirect_uri": "http://[bad/"}, "The redirect URI is not registered properly"),
        ({"redirect_uri": ""}, "The redirect URI is not registered properly"),
        ({"client_id": NOBODY}, "The client id (client_id) is not known here"),
        ({"response_type": "id_token"}, "The response type must be code or token"),
        ({"scope": ""}, "No scope was asked for"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "code challenge"),
    ],
)
def test_a_wrong_request_is_a_page_and_never_redirects(person: Person, changes: dict[str, str], sentence: str) -> None:
    response = person.look(**changes)
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/html")
    assert sentence in response.text
