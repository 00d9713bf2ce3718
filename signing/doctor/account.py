"""Checks of what Docusign lets the portal do: the account, its API, the service user's rights."""

from django.conf import settings
from django.utils.translation import gettext as _

from signing import connect_registration, connection
from signing.docusign import Account, CredentialsRefusedError, DocusignError, UserInfo
from signing.payloads import connect_url

from .findings import Finding, failed, ok, skipped, waits, warning
from .patient import Patient, is_guid

# Of userSettingsInformation: what the service user must be allowed, and what breaks without it.
NEEDED_RIGHTS = {
    "canSendEnvelope": "send envelopes",
    "canSendAPIRequests": "use the API",
}


def account(patient: Patient) -> Finding:
    given = settings.DOCUSIGN_ACCOUNT_ID
    where = _("It stands in Apps and Keys as API Account ID: a GUID. Empty means the user's default account.")
    if given and not is_guid(given):
        return failed(_("DOCUSIGN_ACCOUNT_ID is not a GUID: the short number is another one."), where)
    if isinstance(patient.user_info, DocusignError):
        return failed(patient.user_info.staff_message, _("Try again in a minute."))
    if isinstance(patient.account, DocusignError):
        return _not_a_member(patient, given, where)
    if patient.account is None:
        return waits()
    if error := patient.api_error:
        return _refused_by_the_api(error, patient.account)
    connection.try_at_once()  # what waited for this may go on
    facts = {_("Account ID"): patient.account.account_id, _("Address (base_uri)"): patient.account.base_uri}
    return ok(_("%(name)s: its API answers.") % {"name": patient.account.name or given}, **facts)


def permissions(patient: Patient) -> Finding:
    """Reference 1.7, and the users' settings of the specification (UserSettings: get)."""
    user = patient.user_info
    if patient.client is None or not isinstance(user, UserInfo) or patient.api_error:
        return waits()
    try:
        rights = patient.client.get_user_settings(user.user_id)
    except DocusignError as error:
        remedy = _("Look at the service user's permission profile at Docusign: it must allow sending and the API.")
        sentence = _("The service user's rights could not be read: %(reason)s") % {"reason": error.staff_message}
        return warning(sentence, remedy)
    facts = {name: rights.get(name, "?") for name in (*NEEDED_RIGHTS, "apiAccountWideAccess", "canManageAccount")}
    lacking = [words for name, words in NEEDED_RIGHTS.items() if rights.get(name, "true").lower() != "true"]
    if lacking:
        sentence = _("The service user may not %(what)s.") % {"what": _(" or ").join(lacking)}
        remedy = _(
            "At Docusign, under Users or Permission Profiles, give the user a profile that allows it (DS Sender)."
        )
        return failed(sentence, remedy, facts=facts)
    if rights.get("bulkSend", "true").lower() != "true":
        remedy = _(
            "Allow bulk sending in the user's permission profile, or send bulk batches through the portal's links."
        )
        return warning(_("The service user may not use Docusign's Bulk Send."), remedy, facts=facts)
    return ok(_("May send envelopes and use the API; account-wide rights are not needed."), **facts)


def connect_configuration(patient: Patient) -> Finding:
    if settings.DOCUSIGN_CONNECT != "account":
        return skipped(_("Not used: no configuration of the account is asked for."))
    if patient.client is None or patient.api_error:
        return waits()
    try:
        found = connect_registration.look(patient.client)
    except DocusignError as error:
        remedy = _("Make the service user an administrator, or set DOCUSIGN_CONNECT=envelope.")
        return failed(_("It cannot be read: %(reason)s") % {"reason": error.staff_message}, remedy)
    if not found.is_good:
        wrong = ", ".join(found.wrong) or _("there is none for this address")
        sentence = _("The account's Connect configuration is not as it should be: %(wrong)s.") % {"wrong": wrong}
        return failed(sentence, _("Run: manage.py docusign connect"))
    return ok(_("The account tells the portal of its envelopes."), **{_("Address"): connect_url()})


def _not_a_member(patient: Patient, given: str, where: str) -> Finding:
    user = patient.user_info
    accounts = user.accounts if isinstance(user, UserInfo) else ()
    facts = {account.name or "–": account.account_id for account in accounts}
    if not accounts:
        remedy = _("At Docusign, make the user an active member of the account, or take another DOCUSIGN_USER_ID.")
        return failed(_("The service user belongs to no account."), remedy)
    if not given:
        return failed(
            _("The service user has no default account."), _("Set DOCUSIGN_ACCOUNT_ID to one of these."), facts=facts
        )
    sentence = _("The service user does not belong to account %(account)s.") % {"account": given}
    return failed(sentence, _("Set DOCUSIGN_ACCOUNT_ID to one of these, or leave it empty.") + f" {where}", facts=facts)


def _refused_by_the_api(error: DocusignError, account: Account) -> Finding:
    facts = {_("Account ID"): account.account_id, _("Address (base_uri)"): account.base_uri}
    if error.error_code:
        facts[_("Code")] = error.error_code
    if error.trace_token:
        facts[_("Trace token")] = error.trace_token
    remedy = _("If this lasts, look at status.docusign.com, or quote the trace token to Docusign's support.")
    if isinstance(error, CredentialsRefusedError):
        remedy = _("Compare account and user at Docusign. In production, the integration key must have passed Go-Live.")
    return failed(
        _("The API does not serve the portal: %(reason)s") % {"reason": error.staff_message}, remedy, facts=facts
    )
