"""The wire to Docusign: HTTP, JWT and JSON spellings live here and nowhere else. No Django.

The host is a setting, so the same code talks to Docusign's demo and production environments and to
anything that answers like them.
"""

from .answers import RateLimits
from .auth import AccessToken, Account, DocusignConfig, UserInfo
from .bulk import BulkBatchStatus
from .client import AccessTokenSource, Client, Watcher
from .errors import (
    ConsentRequiredError,
    CredentialsRefusedError,
    DocusignError,
    NotConfiguredError,
    RateLimitedError,
    RequestRefusedError,
    UnavailableError,
)
from .types import (
    CreatedEnvelope,
    EnvelopeSnapshot,
    EnvelopeTemplate,
    FormValues,
    RecipientSnapshot,
    TemplatePage,
    TemplateRole,
)

__all__ = [
    "AccessToken",
    "AccessTokenSource",
    "Account",
    "BulkBatchStatus",
    "Client",
    "ConsentRequiredError",
    "CreatedEnvelope",
    "CredentialsRefusedError",
    "DocusignConfig",
    "DocusignError",
    "EnvelopeSnapshot",
    "EnvelopeTemplate",
    "FormValues",
    "NotConfiguredError",
    "RateLimitedError",
    "RateLimits",
    "RecipientSnapshot",
    "RequestRefusedError",
    "TemplatePage",
    "TemplateRole",
    "UnavailableError",
    "UserInfo",
    "Watcher",
]
