"""How a recipient was known and how they signed, in words for the certificate of completion."""

from .definition.reading import is_true
from .models import AuditEvent, Recipient

Rows = list[tuple[str, str]]
STYLES = {"caveat": "Caveat", "dancing-script": "Dancing Script"}


def authentication_of(recipient: Recipient) -> Rows:
    """What the sending application said of it in the recipient view, and what was asked here."""
    said = recipient.authentication
    details = [
        said.get("authenticationMethod"),
        f"by {said['securityDomain']}" if said.get("securityDomain") else "",
        f"at {said['authenticationInstant']}" if said.get("authenticationInstant") else "",
        f"assertion {said['assertionId']}" if said.get("assertionId") else "",
    ]
    return [
        ("Security level", _security_level(recipient)),
        ("Authentication", ", ".join(str(detail) for detail in details if detail)),
        ("Access code", _outcome(recipient, bool(recipient.data.get("accessCode")), "has_passed")),
        ("Identity check", _outcome(recipient, _asks_for_identity(recipient), "has_proved_identity")),
    ]


def sentences_of(recipient: Recipient) -> Rows:
    """Who else had a hand in it: the host of an in-person signer, whoever the signing was assigned by."""
    rows: Rows = []
    if recipient.kind == "inPersonSigners":
        data = recipient.data
        rows.append(("Host", f"{data.get('hostName', '')} <{data.get('hostEmail', '')}>"))
    handed_on = AuditEvent.objects.filter(envelope=recipient.envelope, action="Reassigned")
    rows += [("Assigned", event.message) for event in handed_on if f" to {recipient.name}" in event.message]
    return rows


def signing_method_of(recipient: Recipient) -> str:
    signature = recipient.signature
    if not signature:
        return ""
    if signature.get("strokes"):
        return "Drawn by hand"
    if signature.get("image"):
        return "Uploaded image"
    return f"Typed, adopted in the style {STYLES.get(str(signature.get('style')), 'Caveat')}"


def _security_level(recipient: Recipient) -> str:
    if recipient.client_user_id is not None:
        return "Embedded: authenticated by the sending application"
    if recipient.kind == "inPersonSigners":
        return "In person: in the presence of the host"
    return "Email"


def _asks_for_identity(recipient: Recipient) -> bool:
    names = ("identityVerification", "phoneAuthentication", "smsAuthentication", "idCheckConfigurationName")
    return is_true(recipient.data.get("requireIdLookup")) or any(recipient.data.get(name) for name in names)


def _outcome(recipient: Recipient, is_asked: bool, field: str) -> str:
    if not is_asked:
        return ""
    return "Asked for and passed" if recipient.views.filter(**{field: True}).exists() else "Asked for, not passed yet"
