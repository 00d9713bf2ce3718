"""What each documented error means, in plain sentences: of OAuth (reference 1.4, 1.6) and of the API (3.3, 5.1, 5.3).

`{host}` is the OAuth host; `{message}` is what Docusign itself said, where that names the value that is wrong.
"""

# `error_description` of a refused grant, or its `error` where there is none → cause and remedy.
USER_UNKNOWN = (
    "the user id is not an active user at {host}; check DOCUSIGN_USER_ID: it is a GUID of this environment, "
    "never an email"
)
MALFORMED = (
    "{host} did not understand the token request; check DOCUSIGN_OAUTH_BASE_URL, and whether a proxy on the way "
    "changes what is sent"
)
GRANT_HINTS = {
    "no_valid_keys_or_signatures": (
        "the private key does not belong to the integration key at {host}; make a new RSA key there "
        "and set DOCUSIGN_PRIVATE_KEY"
    ),
    "issuer_not_found": (
        "the integration key does not exist at {host}; check DOCUSIGN_INTEGRATION_KEY and DOCUSIGN_OAUTH_BASE_URL"
    ),
    "user_not_found": USER_UNKNOWN,
    "invalid_subject": USER_UNKNOWN,
    "expired_grant": "the clock of this server is wrong; set it by a time server (NTP)",
    "unsupported_grant_type": MALFORMED,
    "invalid_grant": MALFORMED,
    "invalid_request": MALFORMED,
    "invalid_client": (
        "{host} does not know the integration key, or it is switched off there; check DOCUSIGN_INTEGRATION_KEY"
    ),
    "invalid_scope": "the integration key may not ask for the scopes signature and impersonation at {host}",
    "invalid_token": "{host} does not take the access token that it has just given; try again in a minute",
    "access_denied": "the user said no on the consent page; open the consent link again and accept",
}

_AGAIN = "Docusign asked the portal to slow down. It tries again by itself."
_PLAN = "The Docusign account's plan does not include something this envelope needs. Ask Docusign to switch it on."
_LOCKED = "Somebody is changing this envelope at Docusign at the moment. Try again once they are done."
_STATE = "In its present state the envelope does not allow this any more. Look at how it stands now."
_NOT_OURS = "The envelope belongs to another user or account at Docusign: the service user may not touch it."
_NOT_TAKEN = "Docusign did not take the portal's access token; a new one is asked for. If this lasts, run the doctor."

# Codes: Docusign's error catalogue (developers.docusign.com, eSignature REST API, error codes).
PLAIN_SENTENCES = {
    "ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM": "The Docusign account does not exist there; check DOCUSIGN_ACCOUNT_ID.",
    "ACCOUNT_LACKS_PERMISSIONS": "The Docusign account's plan does not include something this envelope needs.",
    "ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE": _NOT_OURS,
    "ACT_ON_BEHALF_USER_NOT_ALLOWED": "Docusign does not let the service user act on behalf of that user.",
    "ANCHOR_TAB_STRING_NOT_FOUND": (
        "An anchor text was not found in the documents. Check its spelling, or place the field by page and position."
    ),
    "API_REQUEST_IS_THROTTLED": _AGAIN,
    "AUTHORIZATION_INVALID_SCOPE": (
        "The access token lacks a scope. Give consent again: the consent link asks for signature and impersonation."
    ),
    "AUTHORIZATION_INVALID_TOKEN": _NOT_TAKEN,
    "BURST_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED": _AGAIN,
    "BURST_APIINVOCATION_LIMIT_EXCEEDED": _AGAIN,
    "BURST_ENVELOPE_POLLING_LIMIT_EXCEEDED": _AGAIN,
    "DOCUMENT_DOES_NOT_EXIST": "Docusign no longer has this document: it may have been purged there.",
    "DOCUMENT_LIMIT_EXCEEDED": "The envelope has more documents, or larger ones, than Docusign takes.",
    "DOCUMENT_UPLOAD_NOT_ALLOWED": "Documents cannot be added to the envelope any more. Make a new envelope.",
    "EDIT_LOCK_ENVELOPE_ALREADY_LOCKED": _LOCKED,
    "EDIT_LOCK_ENVELOPE_NOT_LOCKED": "The change took too long, and Docusign has let go of the envelope. Try again.",
    "EDIT_LOCK_INVALID_STATE_FOR_LOCK": _STATE,
    "EDIT_LOCK_NOT_LOCK_OWNER": _LOCKED,
    "ENVELOPE_ALLOWANCE_EXCEEDED": "The Docusign account has used up its envelope allowance.",
    "ENVELOPE_CANNOT_VOID_INVALID_STATE": "This envelope can no longer be voided: it is not waiting for anyone.",
    "ENVELOPE_DOES_NOT_EXIST": (
        "Docusign does not know this envelope in this account: it was deleted there, or the account was changed."
    ),
    "ENVELOPE_HAS_DUPLICATE_RECIPIENTS": "The same signer is listed twice with the same order.",
    "ENVELOPE_INVALID_STATUS": _STATE,
    "ENVELOPE_IS_INCOMPLETE": "The envelope lacks a document, a signer, a field or a subject.",
    "ENVELOPE_NOT_IN_FOLDER": "The envelope is in another folder at Docusign than expected. Try again.",
    "ENVELOPE_SEND_LIMIT_EXCEEDED": "The Docusign account may not send more envelopes at present. Try again later.",
    "HOURLY_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED": _AGAIN,
    "HOURLY_APIINVOCATION_LIMIT_EXCEEDED": _AGAIN,
    "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED": _AGAIN,
    "INVALID_CAPTIVE_RECIPIENT_OPERATION": "Docusign does not do this for somebody who signs through our links.",
    "INVALID_DOCUMENT_TYPE": "Docusign cannot read a file of this kind. Make it a PDF.",
    "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT": "Docusign does not accept the email address of one of the signers.",
    "INVALID_RECIPIENT_ID": "Docusign does not know one of the recipients. Make the envelope anew as a copy.",
    "INVALID_RECIPIENT_TYPE": "Docusign does not allow this for a recipient of this kind.",
    "INVALID_REQUEST_BODY": "Docusign could not read the request. It said: {message}",
    "INVALID_REQUEST_PARAMETER": "Docusign refused a value of the request. It said: {message}",
    "INVALID_TAB_OPERATION": "Docusign refused one of the fields. Check the kinds and properties of the fields.",
    "INVALID_USERID": "The user id is not one of Docusign's; check DOCUSIGN_USER_ID: it is a GUID, never an email.",
    "INVALID_USERNAME_FOR_RECIPIENT": "Docusign does not accept the name of one of the recipients.",
    "ONESIGNALLSIGN_NOT_SATISFIED": "A document is visible to nobody who must sign it. Check who may see what.",
    "PAGE_IMAGE_NOT_FOUND": "Docusign has no picture of this page.",
    "PARTNER_AUTHENTICATION_FAILED": (
        "Docusign does not know the integration key in this account, or it is switched off; in production it must "
        "have passed Go-Live."
    ),
    "PLAN_ITEM_NOT_ENABLED": _PLAN,
    "RECIPIENT_LIMIT_EXCEEDED": "The envelope has more recipients than Docusign takes: a hundred.",
    "RECIPIENT_NOT_IN_SEQUENCE": "It is not this signer's turn yet: somebody before them has not finished.",
    "RECIPIENT_UPDATE_FAILED": "Docusign did not change the recipient. It said: {message}",
    "RESOURCE_NOT_FOUND": "Docusign did not find what was asked for. If this lasts, run the doctor.",
    "SIGNATURE_PROVIDER_INVALID_NAME": "The account does not have the kind of digital signature that was asked for.",
    "TAB_OUT_OF_BOUNDS": "A field lies outside its page. Check the field positions.",
    "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT": "A field is on a page that the document does not have.",
    "TAB_REFERS_TO_MISSING_DOCUMENT": "A field is on a document that the envelope does not have.",
    "TAB_REFERS_TO_MISSING_RECIPIENT": "A field belongs to a recipient that the envelope does not have.",
    "TEMPLATE_ID_INVALID": "Docusign does not know the template, or it is not shared with the service user.",
    "UNABLE_TO_CONVERT_DOCUMENT": "Docusign could not turn one of the documents into a PDF. Make it one yourself.",
    "UNABLE_TO_LOAD_DOCUMENT": "Docusign could not read one of the documents.",
    "UNKNOWN_ENVELOPE_RECIPIENT": "Docusign knows this signer under another name or address. Try again in a minute.",
    "UNSPECIFIED_ERROR": "Something went wrong at Docusign. Try again; if this lasts, quote the trace token to them.",
    "UNSUPPORTED_PDF_CONTENT": "One of the PDFs is protected or contains something Docusign does not support.",
    "USER_ALREADY_EXISTS_IN_ACCOUNT": "The account has a user with this name and address already.",
    "USER_AUTHENTICATION_FAILED": (
        "Docusign did not take the portal's access token: it may be of another environment; check "
        "DOCUSIGN_OAUTH_BASE_URL."
    ),
    "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT": (
        "The user does not belong to the configured Docusign account. Docusign says: {message}"
    ),
    "USER_DOES_NOT_EXIST_IN_SYSTEM": "Docusign does not know the user; check DOCUSIGN_USER_ID.",
    "USER_LACKS_MEMBERSHIP": "The service user is not a member of the configured Docusign account.",
    "USER_LACKS_PERMISSIONS": "The service user's permission profile at Docusign does not allow this.",
    "USER_NOT_ACCOUNT_ADMIN": "The service user would have to be an administrator of the Docusign account for this.",
    "USER_NOT_ENVELOPE_SENDER_OR_RECIPIENT": _NOT_OURS,
    "USER_NOT_FOUND": (
        "Docusign does not know the user; check DOCUSIGN_USER_ID: it is a GUID of this environment, never an email."
    ),
}


def sentence_of(error_code: str, message: str) -> str:
    """Empty where the code is none of these."""
    return PLAIN_SENTENCES.get(error_code.upper(), "").replace("{message}", message)
