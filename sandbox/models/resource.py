"""Things of an account that have no rules of their own, kept just as Docusign's JSON spells them."""

from django.db import models

from .guids import new_guid
from .identity import Account


class Resource(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40, help_text="brand, group, signing_group, contact, connect, bulk_list …")
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("account", "kind"), name="resource_by_kind"),)

    @property
    def number(self) -> str:
        """For kinds whose ids are numbers: groups, permission profiles, Connect configurations …"""
        return str(FIRST_NUMBER + self.pk)


FIRST_NUMBER = 10_000_000
