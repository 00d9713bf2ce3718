"""Docusign's error body and its codes: one table (reference 5.3)."""

# errorCode → (HTTP status, default message)
CATALOGUE: dict[str, tuple[int, str]] = {
    "ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE": (
        400,
        "This Account is not authorized to access the requested envelope.",
    ),
    "ANCHOR_TAB_STRING_NOT_FOUND": (400, "Anchor Tab String not found in document."),
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
