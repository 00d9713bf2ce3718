"""The doctor: is the portal set up as it must be, and if not, what exactly is to be done?

A table of small checks, run by two doors: the page **Connect Docusign** and `manage.py docusign doctor`.
"""

from .findings import Finding, Link, Status
from .house import send_test_mail
from .table import CHECKS, GROUPS, Check, examine

__all__ = ["CHECKS", "GROUPS", "Check", "Finding", "Link", "Status", "examine", "send_test_mail"]
