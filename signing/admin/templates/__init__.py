"""Templates in the admin: the list, a template's page, making and using them, and those that lie at Docusign."""

from .catalogue import TemplateAdmin

__all__ = ["TemplateAdmin"]
