"""What the ceremony's tests share: an envelope of one signer with the tabs in question, and a session to post to."""

import re
from typing import Any

import requests

from .api import TIMEOUT_SECONDS, Api, signer

SIGN = {"signHereTabs": [{"anchorString": "/sn1/"}]}


def place(x: int = 100, y: int = 300, **tab: Any) -> dict[str, Any]:
    return {"documentId": "1", "pageNumber": "1", "xPosition": str(x), "yPosition": str(y)} | tab


def envelope_with(api: Api, changes: dict[str, Any] | None = None, /, **groups: Any) -> str:
    """One signer, who signs at /sn1/ and has these groups of tabs; `changes` are the signer's."""
    return api.envelope(recipients={"signers": [signer(1, tabs=SIGN | groups, **(changes or {}))]})


class Session:
    """A browser past the consent, posting by hand what it likes."""

    def __init__(self, url: str) -> None:
        self.http = requests.Session()
        page = self.http.get(url, timeout=TIMEOUT_SECONDS)
        self.url = page.url
        self.page = self.post("consent", agree="1")

    def post(self, action: str, files: Any = None, **form: Any) -> requests.Response:
        return self.http.post(f"{self.url}/{action}", data=form, files=files, timeout=TIMEOUT_SECONDS)

    def names(self, group: str) -> list[str]:
        """Of this kind's inputs on the page, each once."""
        parts = self.page.text.split(f'data-group="{group}"')[1:]
        found = [match[1] for part in parts if (match := re.search(r'name="(tab-[^"]+)"', part))]
        return list(dict.fromkeys(found))

    def finish(self, files: Any = None, **form: Any) -> tuple[str, str]:
        """Sign where asked, and this; the event of the return URL, or "", and the page."""
        signed = dict.fromkeys([*self.names("signHereTabs"), *self.names("initialHereTabs")], "signed")
        adopted = {"signature-name": "Ann Bee", "signature-initials": "AB"}
        answer = self.http.post(
            f"{self.url}/finish",
            data=signed | adopted | form,
            files=files,
            allow_redirects=False,
            timeout=TIMEOUT_SECONDS,
        )
        return answer.headers.get("Location", "").rpartition("event=")[2], answer.text


def tabs_of(api: Api, envelope_id: str) -> dict[str, Any]:
    return api.get(envelope_id, "/recipients/1/tabs")
