"""Run as a program: a client which believes it speaks to Docusign itself, on port 443; prints the URLs it was given.

    python -m tests.contract.as_docusign PORT AUTHORITY

The names of Docusign's demo environment lead to PORT on this machine; no other name leads anywhere. Nothing else of the
client is changed. The environment has the sandbox's DOCUSIGN_* lines.
"""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import docusign_esign as esign
import requests

from sandbox.robot import Robot

from .sdk import RETURN_URL, SCOPES, Sdk, definition, embedded, template

OAUTH, API = "account-d.docusign.com", "demo.docusign.net"
NAMES = {OAUTH, API, "apps-d.docusign.com", "js-d.docusign.com"}


def lead_docusigns_names_to(port: int) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, _: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in NAMES:
            raise socket.gaierror(f"{host} is not Docusign's demo environment")
        return real("127.0.0.1", port, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]  # a name of its own for every parameter


def play() -> dict[str, Any]:
    """As the official examples begin: the demo environment by its base path, nothing about OAuth."""
    client = esign.ApiClient(base_path=f"https://{API}")
    key = Path(os.environ["DOCUSIGN_PRIVATE_KEY_FILE"]).read_bytes()
    integration_key, user_id = os.environ["DOCUSIGN_INTEGRATION_KEY"], os.environ["DOCUSIGN_USER_ID"]
    consent_url = client.get_authorization_uri(integration_key, SCOPES, RETURN_URL, "code")
    granted = client.request_jwt_user_token(integration_key, user_id, OAUTH, key, 3600, SCOPES)
    account = client.get_user_info(granted.access_token).accounts[0]
    client.host = f"{account.base_uri}/restapi"
    return urls_of(Sdk(client, account.account_id)) | {
        "base_uri": account.base_uri,
        "consent": where_it_leads(consent_url, user_id),
        "discovery": requests.get(f"https://{OAUTH}/.well-known/openid-configuration", timeout=30).json(),
        "bundle": requests.get("https://js-d.docusign.com/bundle.js", timeout=30).status_code,
    }


def urls_of(sdk: Sdk) -> dict[str, Any]:
    person, request = embedded(), esign.EnvelopeViewRequest(return_url=RETURN_URL)
    envelope_id = sdk.create(definition(person))
    draft = sdk.create(definition(status="created"))
    view_url = sdk.view_url(envelope_id, person)
    template_id = sdk.templates.create_template(envelope_template=template()).template_id
    form = esign.PowerForm(name="Sign up", template_id=template_id, is_active="true")
    return {
        "view": view_url,
        "return": Robot().sign(view_url, signature=person.name),
        "status": sdk.status(envelope_id),
        "sender_view": sdk.envelopes.create_sender_view(draft, envelope_view_request=request).url,
        "console": sdk.envelopes.create_console_view(console_view_request=esign.ConsoleViewRequest()).url,
        "power_form": sdk.power_forms.create_power_form(power_form=form).power_form_url,
        "login": sdk.authentication.login().login_accounts[0].base_url,
    }


def where_it_leads(consent_url: str, user_id: str) -> list[str]:
    """The consent page's address, and where the browser goes once the user allows it."""
    form = {"user": user_id, "decision": "accept"}
    allowed = requests.post(consent_url, data=form, allow_redirects=False, timeout=30)
    return [consent_url, allowed.headers["Location"]]


if __name__ == "__main__":
    lead_docusigns_names_to(int(sys.argv[1]))
    os.environ["REQUESTS_CA_BUNDLE"] = esign.Configuration().ssl_ca_cert = sys.argv[2]
    print(json.dumps(play()))  # noqa: T201  (its answer)
