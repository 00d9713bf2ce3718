"""Docusign's error body and its codes: one table (reference 5.3)."""

# errorCode → (HTTP status, default message)
CATALOGUE: dict[str, tuple[int, str]] = {
    "ACT_ON_BEHALF_USER_NOT_ALLOWED": (403, "The user is not allowed to act on behalf of the specified user."),
    "ACCOUNT_LACKS_PERMISSIONS": (400, "This account lacks sufficient permissions."),
    "ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM": (400, "The account does not exist in the system."),
    "API_REQUEST_IS_THROTTLED": (429, "GetDocument call blocked."),
    "BULK_SEND_LIST_NOT_FOUND": (400, "The bulk sending list does not exist or you may not access it."),
    "BULK_SEND_BATCH_DOES_NOT_EXIST": (400, "The bulk send batch specified does not exist."),
    "BURST_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED": (
        429,
        "The maximum number of burst API invocations for this envelope has been exceeded.",
    ),
    "BURST_ENVELOPE_POLLING_LIMIT_EXCEEDED": (
        429,
        "The maximum number of burst polling calls for this envelope has been exceeded.",
    ),
    "DOCUMENT_UPLOAD_NOT_ALLOWED": (400, "Documents cannot be changed in the envelope's current state."),
    "EDIT_LOCK_ENVELOPE_ALREADY_LOCKED": (409, "The envelope is locked by another user or application."),
    "EDIT_LOCK_ENVELOPE_NOT_LOCKED": (400, "The envelope is not locked."),
    "EDIT_LOCK_INVALID_STATE_FOR_LOCK": (400, "An envelope in this state cannot be locked."),
    "EDIT_LOCK_NOT_LOCK_OWNER": (
        409,
        "The user is not the owner of the lock. The template or envelope is locked by another user or in another "
        "application.",
    ),
    "ENVELOPE_NOT_IN_FOLDER": (400, "The envelope specified is not in the folder specified."),
    "FOLDER_DOES_NOT_EXIST": (400, "The folder specified does not exist."),
    "HOURLY_APIINVOCATION_ENVELOPE_LIMIT_EXCEEDED": (
        429,
        "The maximum number of hourly API invocations for this envelope has been exceeded.",
    ),
    "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED": (
        429,
        "The maximum number of hourly polling calls for this envelope has been exceeded.",
    ),
    "INVALID_CAPTIVE_RECIPIENT_OPERATION": (400, "The operation is not allowed for an embedded recipient."),
    "INVALID_RECIPIENT_ID": (400, "The recipientId is invalid."),
    "INVALID_RECIPIENT_TYPE": (400, "The recipient's type is invalid for this operation."),
    "INVALID_USERID": (400, "The userID is invalid."),
    "ONESIGNALLSIGN_NOT_SATISFIED": (400, "Every document must be visible to at least one recipient."),
    "PAGE_IMAGE_NOT_FOUND": (404, "The page image specified was not found."),
    "TAB_REFERS_TO_MISSING_RECIPIENT": (400, "A tab refers to a recipient that is not in the envelope."),
    "TEMPLATE_ID_INVALID": (400, "The template ID specified is not valid."),
    "USER_ALREADY_EXISTS_IN_ACCOUNT": (400, "Username and email combination already exists for this account."),
    "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT": (400, "The specified User does not belong to the specified Account."),
    "USER_DOES_NOT_EXIST_IN_SYSTEM": (400, "The specified user does not exist in the system."),
    "USER_LACKS_PERMISSIONS": (403, "This user lacks sufficient permissions to access this resource."),
    "USER_NOT_ACCOUNT_ADMIN": (403, "The user is not an account administrator."),
    "USER_NOT_ENVELOPE_SENDER_OR_RECIPIENT": (400, "The user is neither the sender nor a recipient of the envelope."),
    "ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE": (
        400,
        "This Account is not authorized to access the requested envelope.",
    ),
    "ANCHOR_TAB_STRING_NOT_FOUND": (400, "Anchor Tab String not found in document."),
    "AUTHORIZATION_INVALID_SCOPE": (403, "The access token lacks the scope that this operation needs."),
    "AUTHORIZATION_INVALID_TOKEN": (401, "The access token provided is expired, revoked or malformed."),
    "BURST_APIINVOCATION_LIMIT_EXCEEDED": (
        429,
        "The maximum number of burst API invocations has been exceeded.",
    ),
    "DOCUMENT_DOES_NOT_EXIST": (404, "The document specified was not found."),
    "ENVELOPE_CANNOT_VOID_INVALID_STATE": (
        400,
        "Only envelopes in the 'Sent' or 'Delivered' states may be voided.",
    ),
    "ENVELOPE_DOES_NOT_EXIST": (404, "The envelope specified does not exist."),
    "ENVELOPE_HAS_DUPLICATE_RECIPIENTS": (
        400,
        "The operation attempted contains recipients which are duplicates of each other.",
    ),
    "ENVELOPE_INVALID_STATUS": (
        400,
        "Invalid envelope status. Envelope status is not one of: Created, Sent, Delivered, Correct.",
    ),
    "ENVELOPE_IS_INCOMPLETE": (
        400,
        "The Envelope is not Complete. A Complete Envelope Requires Documents, Recipients, Tabs, and a Subject Line.",
    ),
    "HOURLY_APIINVOCATION_LIMIT_EXCEEDED": (
        429,
        "The maximum number of hourly API invocations has been exceeded.",
    ),
    "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT": (400, "The email address for the recipient is invalid."),
    "INVALID_REQUEST_BODY": (400, "The request body is missing or improperly formatted."),
    "INVALID_REQUEST_PARAMETER": (400, "The request contained at least one invalid parameter."),
    "INVALID_TAB_OPERATION": (400, "The Tab specified is not valid."),
    "INVALID_USERNAME_FOR_RECIPIENT": (400, "The username for the recipient is invalid."),
    "METHOD_NOT_ALLOWED": (405, "The HTTP method is not allowed for this resource."),
    "RECIPIENT_LIMIT_EXCEEDED": (400, "The maximum number of recipients has been exceeded."),
    "RECIPIENT_NOT_IN_SEQUENCE": (400, "The token for an out of sequence recipient cannot be generated."),
    "RESOURCE_NOT_FOUND": (404, "The URL provided does not resolve to a resource."),
    "TAB_OUT_OF_BOUNDS": (400, "The tab is outside the bounds of the page."),
    "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT": (400, "The page number of the tab is not in the document."),
    "TAB_REFERS_TO_MISSING_DOCUMENT": (400, "A tab refers to a document that is not in the envelope."),
    "UNABLE_TO_CONVERT_DOCUMENT": (400, "System was unable to convert this document to a PDF."),
    "UNABLE_TO_LOAD_DOCUMENT": (400, "Unable to load the document."),
    "UNKNOWN_ENVELOPE_RECIPIENT": (
        400,
        "The recipient you have identified is not a valid recipient of the specified envelope. "
        "The clientUserId, email or userName may not match.",
    ),
    "UNSPECIFIED_ERROR": (500, "An unspecified error occurred."),
    "UNSUPPORTED_PDF_CONTENT": (400, "The PDF is encrypted or contains content that is not supported."),
    "USER_AUTHENTICATION_FAILED": (
        401,
        "One or both of Username and Password are invalid. Invalid access token",
    ),
    "USER_LACKS_MEMBERSHIP": (401, "The UserID does not have a valid membership in this Account."),
}


class ApiError(Exception):
    """Becomes `{"errorCode": …, "message": …}`. `detail` is appended to the catalogue's message."""

    def __init__(self, error_code: str, detail: str = "", *, status: int | None = None, message: str = "") -> None:
        catalogue_status, catalogue_message = CATALOGUE.get(error_code, (400, "The request failed."))
        self.error_code = error_code
        self.status = status or catalogue_status
        self.message = message or f"{catalogue_message} {detail}".strip()
        super().__init__(f"{error_code}: {self.message}")
