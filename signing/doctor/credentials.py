"""Checks of what the portal shows Docusign: environment, integration key, private key, clock, user, consent."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import connection
from signing.docusign import Account, DocusignError, UserInfo
from signing.docusign.keys import fingerprint
from signing.docusign.probing import DEMO, PRODUCTION, OAuthHost, other_environment

from .findings import Finding, Link, failed, ok, skipped, waits, warning
from .patient import KEY_SETTINGS, STAGES, Patient, is_guid, reached, stage

SKEW_TO_TELL_SECONDS = 30
SKEW_THAT_BREAKS_SECONDS = 300  # half of what our assertions live


def environment(patient: Patient) -> Finding:
    url = settings.DOCUSIGN_OAUTH_BASE_URL
    if not patient.host_is_named_well:
        return _ill_named(url)
    host = patient.oauth_host
    if isinstance(host, DocusignError):
        remedy = _("Let this server reach it over https (firewall, proxy, DNS), or correct DOCUSIGN_OAUTH_BASE_URL.")
        return failed(_("The OAuth host cannot be reached: %(reason)s.") % {"reason": host.message}, remedy)
    if not host.is_oauth:
        sentence = _("%(url)s does not answer like Docusign's OAuth host.") % {"url": url}
        return failed(sentence, _("Set DOCUSIGN_OAUTH_BASE_URL=%(demo)s or %(production)s.") % _HOSTS)
    if patient.best is not None and patient.best.error and stage(patient.best) == "environment":
        return failed(
            _sentence(patient.best.error), _("Try again in a minute. If it lasts, look at status.docusign.com.")
        )
    mixed = _mixed_base_uri(patient, url)
    if mixed:
        return mixed
    if url == DEMO:
        sentence = _("Docusign's demo environment: envelopes carry a watermark and bind nobody.")
        return ok(sentence, host=url)
    if url == PRODUCTION:
        return ok(_("Docusign's production environment: signatures count."), host=url)
    sentence = _("%(url)s is a sandbox that stands in for Docusign: no signature made there counts.") % {"url": url}
    return warning(sentence, _("Fine for trying out. Later: %(demo)s or %(production)s.") % _HOSTS)


def integration_key(patient: Patient) -> Finding:
    given = settings.DOCUSIGN_INTEGRATION_KEY
    where = _("It stands in Docusign's settings, Apps and Keys: a GUID, 36 characters.")
    if not given:
        return failed(_("DOCUSIGN_INTEGRATION_KEY is not set."), where)
    if not is_guid(given):
        return failed(_("DOCUSIGN_INTEGRATION_KEY is not a GUID."), where)
    facts = {_("Integration key"): given}
    if refused := _refusal(patient, "integration_key"):
        if patient.reached_elsewhere > STAGES.index("integration_key"):
            return _belongs_elsewhere(_("The integration key"))
        remedy = _("Copy it again from Apps and Keys there; production knows it only after Go-Live.")
        return failed(_sentence(refused), remedy, facts=facts)
    return _cannot_tell(patient, "integration_key") or ok(_("Known to Docusign."), **facts)


def private_key(patient: Patient) -> Finding:
    if not patient.keys:
        remedy = _("In Apps and Keys, generate an RSA key pair and set DOCUSIGN_PRIVATE_KEY to its private key.")
        return failed(_("DOCUSIGN_PRIVATE_KEY is not set."), remedy)
    for key in patient.keys.values():
        if isinstance(key, str):
            return failed(key, _("Set it anew and restart all processes; it may also be a file: NAME_FILE=/path."))
    facts = {name: f"SHA-256 {fingerprint(key)}…" for name, key in patient.keys.items() if not isinstance(key, str)}
    if refused := _refusal(patient, "private_key"):
        if patient.reached_elsewhere > STAGES.index("private_key"):
            return _belongs_elsewhere(_("The private key"))
        remedy = _(
            "In Apps and Keys, at this integration key, generate an RSA key pair and set DOCUSIGN_PRIVATE_KEY to its "
            "private key; restart all processes. Docusign shows a private key only once."
        )
        return failed(_sentence(refused), remedy, facts=facts)
    return _cannot_tell(patient, "private_key") or _of_several(patient, facts)


def clock(patient: Patient) -> Finding:
    host = patient.oauth_host if patient.host_is_named_well else None
    remedy = _("Let a time server (NTP, chrony) set the clock of this machine.")
    if refused := _refusal(patient, "clock"):
        return failed(_sentence(refused), remedy)
    if not isinstance(host, OAuthHost) or host.time is None:
        return skipped(_("Cannot be told before the OAuth host answers."))
    seconds = round((timezone.now() - host.time).total_seconds())
    facts = {_("Here"): f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC", _("There"): f"{host.time:%Y-%m-%d %H:%M:%S} UTC"}
    if abs(seconds) <= SKEW_TO_TELL_SECONDS:
        return ok(_("The same time here and there."))
    way = _("ahead of") if seconds > 0 else _("behind")
    told = {"seconds": abs(seconds), "way": way}
    sentence = _("This machine's clock is %(seconds)s seconds %(way)s Docusign's.") % told
    return (failed if abs(seconds) > SKEW_THAT_BREAKS_SECONDS else warning)(sentence, remedy, facts=facts)


def user_id(patient: Patient) -> Finding:
    given = settings.DOCUSIGN_USER_ID
    where = _("It stands in Apps and Keys as User ID, or on the user's page in Docusign's settings: a GUID.")
    if not given:
        return failed(_("DOCUSIGN_USER_ID is not set."), where)
    if "@" in given:
        return failed(_("DOCUSIGN_USER_ID is an email address; Docusign wants the user's GUID."), where)
    if not is_guid(given):
        return failed(_("DOCUSIGN_USER_ID is not a GUID."), where)
    if refused := _refusal(patient, "user_id"):
        if patient.reached_elsewhere > STAGES.index("user_id"):
            return _belongs_elsewhere(_("The user"))
        remedy = _("Take the User ID of an active user of this environment. Each environment has its own.")
        return failed(_sentence(refused), remedy, facts={_("User ID"): given})
    if isinstance(patient.user_info, UserInfo):
        return ok(_("%(name)s, %(email)s.") % {"name": patient.user_info.name, "email": patient.user_info.email})
    return _cannot_tell(patient, "user_id") or ok(_("An active user there."))


def consent(patient: Patient) -> Finding:
    if refused := _refusal(patient, "consent"):
        remedy = _(
            "Open the first link signed in as the service user (in a private window, not as yourself) and accept; or "
            "the second as an administrator of a Docusign organization. Before that, register the redirect URI."
        )
        sentence = _("The service user has not allowed the portal to act for them, or has withdrawn it.")
        if refused.error_code != "consent_required":
            sentence = _sentence(refused)
        facts = {_("Redirect URI to register"): connection.consent_return_url()}
        return failed(sentence, remedy, facts=facts, links=_consent_links())
    sentence = _("Given: the portal may act for the service user (signature, impersonation).")
    return _cannot_tell(patient, "consent") or ok(sentence)


def _refusal(patient: Patient, name: str) -> DocusignError | None:
    """The error of the token request, if it is this check's to speak about."""
    best = patient.best
    return best.error if best is not None and stage(best) == name else None


def _cannot_tell(patient: Patient, name: str) -> Finding | None:
    """None when the request came beyond this check."""
    if patient.best is not None and reached(patient.best) > STAGES.index(name):
        return None
    return waits()


def _of_several(patient: Patient, facts: dict[str, str]) -> Finding:
    fits = STAGES.index("private_key")
    known = [name for name in KEY_SETTINGS if name in patient.answers and reached(patient.answers[name]) > fits]
    if len(patient.keys) == 1:
        return ok(_("Belongs to the integration key."), **facts)
    if len(set(facts.values())) < len(facts):
        remedy = _("Put the new key into DOCUSIGN_PRIVATE_KEY_NEXT, or empty it when the change is over.")
        return warning(_("Both private keys are the same."), remedy, facts=facts)
    if len(known) == 2:
        return ok(_("Both keys belong to the integration key: the old pair can be deleted at Docusign."), **facts)
    sentence = _("Only %(name)s belongs to the integration key; that one is used.") % {"name": known[0]}
    if known[0] == KEY_SETTINGS[1]:
        remedy = _("Move it to DOCUSIGN_PRIVATE_KEY, empty DOCUSIGN_PRIVATE_KEY_NEXT and restart: the change is over.")
    else:
        remedy = _(
            "Keep the old pair at Docusign until both are known: generate the pair there, then set its key here."
        )
    return warning(sentence, remedy, facts=facts)


def _mixed_base_uri(patient: Patient, url: str) -> Finding | None:
    """Whether the account lives in the environment that the OAuth host is of (reference 1.1)."""
    if not isinstance(patient.account, Account) or url not in (DEMO, PRODUCTION):
        return None
    host = urlsplit(patient.account.base_uri).hostname or ""
    is_demo = host == "demo.docusign.net"
    if host.endswith(".docusign.net") and is_demo == (url == DEMO):
        return None
    told = {"host": url, "base_uri": patient.account.base_uri}
    sentence = _("The account lives at %(base_uri)s, which is not of the environment of %(host)s.") % told
    return failed(sentence, _("Set DOCUSIGN_OAUTH_BASE_URL=%(demo)s or %(production)s.") % _HOSTS)


def _ill_named(url: str) -> Finding:
    if (urlsplit(url).hostname or "").endswith("docusign.net"):
        sentence = _("%(url)s is a host of Docusign's API, not of its log-in.") % {"url": url}
    else:
        sentence = _("DOCUSIGN_OAUTH_BASE_URL must be scheme and host only, not %(url)s.") % {"url": url or "''"}
    return failed(sentence, _("Set DOCUSIGN_OAUTH_BASE_URL=%(demo)s or %(production)s.") % _HOSTS)


def _belongs_elsewhere(what: str) -> Finding:
    there = other_environment(settings.DOCUSIGN_OAUTH_BASE_URL)
    told = {"what": what, "there": there, "here": settings.DOCUSIGN_OAUTH_BASE_URL}
    sentence = _("%(what)s belongs to %(there)s, but the portal asks %(here)s.") % told
    remedy = _("Set DOCUSIGN_OAUTH_BASE_URL=%(there)s; or take key, user and account of %(here)s.") % told
    return failed(sentence, remedy)


def _consent_links() -> tuple[Link, ...]:
    return (
        Link("user", _("Give consent as the service user"), connection.consent_link()),
        Link(
            "everyone", _("Give consent for everyone, as an administrator"), connection.consent_link(for_everyone=True)
        ),
    )


def _sentence(error: DocusignError) -> str:
    text = error.message.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


_HOSTS = {"demo": DEMO, "production": PRODUCTION}
