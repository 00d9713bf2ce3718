"""Plays the ceremony over plain HTTP, as a browser would: for seeding and for tests. No Django here."""

import base64
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

TIMEOUT_SECONDS = 30
DOT_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGM8wcDEwAAAA/oAzIAKlEUAAAAASUVORK5CYII="
)
# What certain kinds of tabs take; every other one takes any text.
FITTING = {
    "numberTabs": "42",
    "numericalTabs": "42",
    "currencyTabs": "42.00",
    "dateTabs": "12/31/2026",
    "emailTabs": "ann@example.com",
    "phoneNumberTabs": "+1 555 0100",
    "ssnTabs": "123-45-6789",
    "zipTabs": "12345",
}
# What a pressed button of these kinds posts; of all others it is a signature's.
PRESSED = {"approveTabs": "approved", "viewTabs": "true"}
Form = dict[str, str]
Files = dict[str, tuple[str, bytes]]


class CeremonyRefusedError(Exception):
    """The ceremony did not accept what the robot did; the message is the page's own."""


class Robot:
    """One signer's browser. Every method takes the URL of a recipient view, or of an email's button, and returns the
    return URL (with its `event`) that the browser would be sent to; it does not go there itself. Where the ceremony
    ends on a page of its own, that page's address with the `event` is returned.

    At the gates it hands the device over, gives the `access_code`, and passes the identity check or fails it.
    `attachment` is the name and content of the file it attaches where one is asked for.
    """

    def __init__(
        self,
        *,
        access_code: str = "",
        passes_identity_check: bool = True,
        attachment: tuple[str, bytes] = ("proof.png", DOT_PNG),
        verify: bool | str = True,
    ) -> None:
        self._session = requests.Session()
        self._session.verify = verify
        self._attachment = attachment
        self._at_gates: dict[str, Form] = {
            "host": {},
            "code": {"code": access_code},
            "identity": {"result": "pass" if passes_identity_check else "fail"},
        }

    def sign(self, view_url: str, *, signature: str = "Ann Bee", text: str = "Filled in", check: bool = True) -> str:
        """Agree, adopt `signature`, sign everywhere, put `text` into empty text fields, tick boxes, choose the first
        of what can be chosen, attach, approve, finish."""
        page = self._open(view_url)
        if isinstance(page, str):
            return page
        files = dict.fromkeys(page.asks_for_files, self._attachment)
        return self._submit(page, "finish", page.filled(signature=signature, text=text, check=check), files)

    def finish_later(self, view_url: str) -> str:
        page = self._open(view_url)
        return page if isinstance(page, str) else self._submit(page, "later", page.as_shown())

    def decline(self, view_url: str, reason: str) -> str:
        page = self._open(view_url)
        return page if isinstance(page, str) else self._submit(page, "decline", {"reason": reason})

    def delegate(self, view_url: str, name: str, email: str, reason: str = "") -> str:
        """Assign to someone else, where the envelope allows it."""
        page = self._open(view_url)
        data = {"name": name, "email": email, "reason": reason}
        return page if isinstance(page, str) else self._submit(page, "reassign", data)

    def sign_on_paper(self, view_url: str) -> str:
        page = self._open(view_url)
        return page if isinstance(page, str) else self._submit(page, "paper", {})

    def _open(self, view_url: str) -> "_Page | str":
        """The ceremony's page past all gates and after consent, or where the browser was sent instead."""
        page = self._follow(self._session.get(view_url, allow_redirects=False, timeout=TIMEOUT_SECONDS))
        while isinstance(page, _Page) and page.step in self._at_gates:
            before = page.step
            page = self._follow(self._post(page, page.step, self._at_gates[page.step]))
            if isinstance(page, _Page) and page.step == before:
                raise CeremonyRefusedError(" ".join(page.problems) or f"the {before} was not accepted")
        if isinstance(page, _Page) and page.needs_consent:
            page = self._follow(self._post(page, "consent", {"agree": "1"}))
        return page

    def _submit(self, page: "_Page", action: str, data: Form, files: Files | None = None) -> str:
        answer = self._follow(self._post(page, action, data, files))
        if isinstance(answer, _Page):
            raise CeremonyRefusedError(" ".join(answer.problems) or "the ceremony did not end")
        return answer

    def _post(self, page: "_Page", action: str, data: Form, files: Files | None = None) -> requests.Response:
        url = f"{page.url.rstrip('/')}/{action}"
        return self._session.post(url, data=data, files=files, allow_redirects=False, timeout=TIMEOUT_SECONDS)

    def _follow(self, response: requests.Response) -> "_Page | str":
        """Redirects within the ceremony are followed; any other is the answer."""
        origin = urlsplit(response.url)[:2]
        while response.is_redirect:
            target = urljoin(response.url, response.headers["Location"])
            if urlsplit(target)[:2] != origin or "/Signing/" not in target:
                return target
            response = self._session.get(target, allow_redirects=False, timeout=TIMEOUT_SECONDS)
        if response.status_code not in (200, 422):
            raise CeremonyRefusedError(f"HTTP {response.status_code}")
        page = _Page.read(_session_url(response.url), response.text)
        return f"{page.url}?event={page.event}" if page.event else page


def _session_url(url: str) -> str:
    """`…/Signing/session/KEY`, whatever action was posted to below it."""
    head, marker, tail = url.partition("/session/")
    return head + marker + tail.split("/")[0]


@dataclass
class _Control:
    """An input, a select or a textarea of this signer."""

    name: str
    kind: str  # the input's type, or the tag
    group: str  # the tab's kind
    value: str
    is_checked: bool = False
    longest: int = 4000
    options: list[str] = field(default_factory=list)


@dataclass
class _Page(HTMLParser):
    """What matters of the ceremony's HTML: which page it is, the fields of this signer, and complaints."""

    url: str
    step: str = ""
    event: str = ""
    needs_consent: bool = False
    free_form_page: str = ""  # "documentId:page" of the first page where something may be placed
    controls: list[_Control] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_problem = self._in_text = self._is_free_form = False
        self._group = ""

    @classmethod
    def read(cls, url: str, html: str) -> "_Page":
        page = cls(url)
        page.feed(html)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._group = values.get("data-group", self._group)
        self._is_free_form |= "data-free-form" in values
        if tag == "body":
            self.step, self.event = values.get("data-step", ""), values.get("data-event", "")
        elif self._is_free_form and "data-page" in values:
            self.free_form_page = self.free_form_page or values["data-page"]
        elif tag == "input" and values.get("name") == "agree":
            self.needs_consent = True
        elif tag in ("input", "select", "textarea") and values.get("name", "").startswith("tab-"):
            self._add(tag, values)
        elif tag == "option" and values.get("value"):
            self._add_option(values)
        classes = values.get("class", "").split()
        self._in_problem = "field__problem" in classes or values.get("role") == "alert"
        self._in_text = tag == "textarea" and values.get("name", "").startswith("tab-")

    def _add(self, tag: str, values: Form) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        longest = int(values.get("maxlength") or 4000)
        value = values.get("value", "")
        self.controls.append(_Control(values["name"], kind, self._group, value, "checked" in values, longest))

    def _add_option(self, values: Form) -> None:
        control = self.controls[-1]
        control.options.append(values["value"])
        if "selected" in values:
            control.value = values["value"]

    def handle_data(self, data: str) -> None:
        if self._in_problem and data.strip():
            self.problems.append(data.strip())
        if self._in_text:
            self.controls[-1].value += data

    def handle_endtag(self, tag: str) -> None:
        self._in_text = False

    @property
    def asks_for_files(self) -> list[str]:
        return [control.name for control in self.controls if control.kind == "file"]

    def as_shown(self) -> Form:
        """What the browser would post without anyone touching the page."""
        return {c.name: c.value for c in self.controls if _is_posted(c)}

    def filled(self, *, signature: str, text: str, check: bool) -> Form:
        initials = "".join(word[0] for word in signature.split()[:3]).upper()
        data = {"signature-name": signature, "signature-initials": initials, "signature-style": "caveat"}
        for control in self.controls:
            if control.kind == "checkbox":
                data |= {control.name: "true"} if check else {}
            elif control.kind == "radio":
                data[control.name] = control.value if control.is_checked else data.get(control.name, control.value)
            elif control.kind != "file":
                data[control.name] = _filling(control, text)
        if self.free_form_page:
            data["place"] = f"signHereTabs:{self.free_form_page}:100:100"
        return data


def _is_posted(control: _Control) -> bool:
    return control.is_checked if control.kind in ("checkbox", "radio") else control.kind != "file"


def _filling(control: _Control, text: str) -> str:
    if control.kind == "hidden":
        return PRESSED.get(control.group, "signed")
    if control.value:
        return control.value
    if control.kind == "select":
        return next(iter(control.options), "")
    return FITTING.get(control.group, text)[: control.longest]
