"""Plays the ceremony over plain HTTP, as a browser would: for seeding and for tests. No Django here."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

TIMEOUT_SECONDS = 30


class CeremonyRefusedError(Exception):
    """The ceremony did not accept what the robot did; the message is the page's own."""


class Robot:
    """One signer's browser. Every method takes the URL of a recipient view and returns the return URL
    (with its `event`) that the browser would be sent to; it does not go there itself.
    """

    def __init__(self) -> None:
        self._session = requests.Session()

    def sign(self, view_url: str, *, signature: str = "Ann Bee", text: str = "Filled in", check: bool = True) -> str:
        """Agree, adopt `signature`, sign everywhere, put `text` into empty text fields, tick boxes, finish."""
        page = self._open(view_url)
        if isinstance(page, str):
            return page
        return self._submit(page, "finish", page.filled(signature=signature, text=text, check=check))

    def finish_later(self, view_url: str) -> str:
        page = self._open(view_url)
        return page if isinstance(page, str) else self._submit(page, "later", page.as_shown())

    def decline(self, view_url: str, reason: str) -> str:
        page = self._open(view_url)
        return page if isinstance(page, str) else self._submit(page, "decline", {"reason": reason})

    def _open(self, view_url: str) -> "_Page | str":
        """The ceremony's page after consent, or where the browser was sent instead."""
        page = self._get(view_url)
        if isinstance(page, _Page) and page.needs_consent:
            page = self._follow(self._post(page, "consent", {"agree": "1"}))
        return page

    def _submit(self, page: "_Page", action: str, data: dict[str, str]) -> str:
        answer = self._follow(self._post(page, action, data))
        if isinstance(answer, _Page):
            raise CeremonyRefusedError(" ".join(answer.problems) or "the ceremony did not end")
        return answer

    def _post(self, page: "_Page", action: str, data: dict[str, str]) -> requests.Response:
        url = f"{page.url.rstrip('/')}/{action}"
        return self._session.post(url, data=data, allow_redirects=False, timeout=TIMEOUT_SECONDS)

    def _get(self, url: str) -> "_Page | str":
        return self._follow(self._session.get(url, allow_redirects=False, timeout=TIMEOUT_SECONDS))

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
        return _Page.read(_session_url(response.url), response.text)


def _session_url(url: str) -> str:
    """`…/Signing/session/KEY`, whatever action was posted to below it."""
    head, marker, tail = url.partition("/session/")
    return head + marker + tail.split("/")[0]


@dataclass
class _Page(HTMLParser):
    """What matters of the ceremony's HTML: the fields of this signer, and complaints."""

    url: str
    needs_consent: bool = False
    fields: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_problem = False

    @classmethod
    def read(cls, url: str, html: str) -> "_Page":
        page = cls(url)
        page.feed(html)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("name") == "agree":
            self.needs_consent = True
        elif tag == "input" and values.get("name", "").startswith("tab-"):
            self.fields.append(values)
        classes = values.get("class", "").split()
        self._in_problem = "field__problem" in classes or values.get("role") == "alert"

    def handle_data(self, data: str) -> None:
        if self._in_problem and data.strip():
            self.problems.append(data.strip())

    def as_shown(self) -> dict[str, str]:
        """What the browser would post without anyone touching the page."""
        ticked = [f for f in self.fields if f.get("type") != "checkbox" or "checked" in f]
        return {values["name"]: values.get("value", "") for values in ticked}

    def filled(self, *, signature: str, text: str, check: bool) -> dict[str, str]:
        initials = "".join(word[0] for word in signature.split()[:3]).upper()
        data = {
            "signature-name": signature,
            "signature-initials": initials,
            "signature-style": "caveat",
        }
        for values in self.fields:
            kind = values.get("type", "text")
            if kind == "hidden":
                data[values["name"]] = "signed"
            elif kind == "checkbox":
                if check:
                    data[values["name"]] = "true"
            else:
                data[values["name"]] = values.get("value") or text
        return data
