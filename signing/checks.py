"""System checks: what an administrator should hear at start, not at the first signer."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .branding import LOGO_TYPES, is_logo_elsewhere, logo_path
from .docusign import NotConfiguredError
from .docusign.keys import load_private_key, require_strength
from .models import append_only
from .proof_keys import given_key


@register(Tags.security)
def private_key_is_readable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in ("DOCUSIGN_PRIVATE_KEY", "DOCUSIGN_PRIVATE_KEY_NEXT"):
        pem = getattr(settings, name)
        try:
            if pem:
                require_strength(load_private_key(pem, name), name)
        except NotConfiguredError as error:
            found.append(Error(error.message, id="signing.E001"))
    return found


@register(Tags.security)
def oauth_base_url_is_an_origin(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.DOCUSIGN_OAUTH_BASE_URL)
    if parts.scheme in ("http", "https") and parts.netloc and not parts.path:
        return []
    hint = "For example https://account-d.docusign.com (demo) or https://account.docusign.com (production)."
    return [Error("DOCUSIGN_OAUTH_BASE_URL must be scheme and host only.", hint=hint, id="signing.E002")]


@register(Tags.security, deploy=True)
def docusign_is_asked_over_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DOCUSIGN_OAUTH_BASE_URL.startswith("https://"):
        return []
    return [Warning("DOCUSIGN_OAUTH_BASE_URL is not https: this is a stand-in, not Docusign.", id="signing.W001")]


@register(Tags.security, deploy=True)
def signing_links_are_hidden_from_staff(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.MAIL_PREVIEW:
        return []
    return [Warning("MAIL_PREVIEW shows signing links to staff: for demos only.", id="signing.W002")]


@register(Tags.security)
def connect_messages_can_be_verified(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DOCUSIGN_CONNECT == "off" or settings.DOCUSIGN_CONNECT_KEYS:
        return []
    hint = "Copy a key from Docusign's Settings, Connect, Connect Keys; or set DOCUSIGN_CONNECT=off."
    message = "DOCUSIGN_CONNECT asks for messages, but without DOCUSIGN_CONNECT_KEYS all of them are refused."
    return [Error(message, hint=hint, id="signing.E003")]


@register(Tags.security)
def proof_key_is_readable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        given_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="signing.E020")]
    return []


@register()
def logo_can_be_served(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.ORGANISATION_LOGO or is_logo_elsewhere() or logo_path():
        return []
    hint = f"A file that can be read, ending in {', '.join(sorted(LOGO_TYPES))}; or an https address."
    return [Error(f"ORGANISATION_LOGO is no picture: {settings.ORGANISATION_LOGO}", hint=hint, id="signing.E004")]


@register(Tags.database)
def evidence_is_append_only(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Asked with `check --database default`, and after every migration."""
    if "default" not in (databases or ()) or append_only.ANCHORS not in connection.introspection.table_names():
        return []
    missing = append_only.missing(connection)
    if not missing:
        return []
    hint = "A migration that rebuilt the table has to put them up again; or somebody took them down."
    return [Warning(f"Triggers that keep the evidence are missing: {', '.join(missing)}", hint=hint, id="signing.W004")]


@register(Tags.security, deploy=True)
def connect_is_on(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DOCUSIGN_CONNECT != "off":
        return []
    hint = "Set DOCUSIGN_CONNECT_KEYS; PORTAL_BASE_URL must be https."
    return [
        Info("Connect is off: news from Docusign comes by polling alone, minutes late.", hint=hint, id="signing.I001")
    ]
