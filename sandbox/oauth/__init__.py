"""OAuth as at account-d.docusign.com (reference 1): the token endpoint, consent, userinfo, discovery, log-out."""

from .consent import authorize
from .endpoints import discovery, logout, token, userinfo

__all__ = ["authorize", "discovery", "logout", "token", "userinfo"]
