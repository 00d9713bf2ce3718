"""The sandbox's state. Names follow Docusign's; rules live in `rules` and `lifecycle`."""

import uuid

from django.db import models


def new_guid() -> str:
    return str(uuid.uuid4())


class Account(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    external_id = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)


class User(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="users")
    name = models.CharField(max_length=100)
    email = models.EmailField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)


class IntegrationKey(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    public_keys = models.JSONField(default=list, help_text="PEM public keys; Docusign allows five.")
    redirect_uris = models.JSONField(default=list)


class Consent(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    integration_key = models.ForeignKey(IntegrationKey, on_delete=models.CASCADE)
    scope = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "integration_key", "scope"), name="consent_once_per_scope"),
        )


class Clock(models.Model):
    """One row: how far the sandbox's time is ahead of the real one."""

    offset_seconds = models.FloatField(default=0)


class Envelope(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    sender = models.ForeignKey(User, on_delete=models.PROTECT)
    status = models.CharField(max_length=20, db_index=True)
    subject = models.CharField(max_length=100)
    blurb = models.TextField()
    transaction_id = models.CharField(max_length=200, blank=True, db_index=True)
    options = models.JSONField(default=dict, help_text="Everything else of the definition, to be given back.")
    voided_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    status_changed_at = models.DateTimeField(db_index=True)
    last_modified_at = models.DateTimeField()


class Document(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="documents")
    document_id = models.PositiveIntegerField()
    guid = models.CharField(max_length=36, default=new_guid)
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200, help_text="Of the PDF as it came, under the media folder.")
    page_sizes = models.JSONField(help_text="[[width, height], …] as displayed, in points.")

    class Meta:
        ordering = ("envelope", "order", "document_id")
        constraints = (models.UniqueConstraint(fields=("envelope", "document_id"), name="document_id_once"),)


class SealedFile(models.Model):
    """A finished, digitally signed PDF of a completed envelope: made at the first download, then the same for ever."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="sealed_files")
    name = models.CharField(max_length=60, help_text="combined, certificate, document-1 …")
    path = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("envelope", "name"), name="sealed_once"),)


class Recipient(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=30, help_text="The array it came in: signers, carbonCopies.")
    recipient_id = models.CharField(max_length=50)
    guid = models.CharField(max_length=36, default=new_guid)
    user_guid = models.CharField(max_length=36, default=new_guid)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=100)
    routing_order = models.PositiveIntegerField()
    client_user_id = models.CharField(max_length=100, null=True)  # noqa: DJ001  (null and "" differ here)
    status = models.CharField(max_length=20)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    declined_reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)

    # The ceremony's traces, for the certificate of completion.
    disclosure_accepted_at = models.DateTimeField(null=True)
    signature = models.JSONField(default=dict, help_text="{name, initials, style} or {…, strokes}.")
    authentication = models.JSONField(default=dict, help_text="What the recipient view said of it.")
    ip_address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ("envelope", "routing_order", "id")
        constraints = (models.UniqueConstraint(fields=("envelope", "recipient_id"), name="recipient_id_once"),)


class Tab(models.Model):
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="tabs")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tabs")
    group = models.CharField(max_length=40, help_text="signHereTabs, textTabs …")
    guid = models.CharField(max_length=36, default=new_guid)
    page = models.PositiveIntegerField()
    x = models.FloatField(help_text="Points from the left edge of the page as displayed.")
    y = models.FloatField(help_text="Points from its top edge.")
    width = models.FloatField()
    height = models.FloatField()
    required = models.BooleanField()
    value = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("document__order", "page", "y", "x", "id")


class RecipientView(models.Model):
    """A minted ceremony URL, and the session it turns into when opened."""

    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="views")
    return_url = models.CharField(max_length=500)
    frame_ancestors = models.JSONField(default=list)
    created_at = models.DateTimeField()
    session_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (null until opened)
    last_active_at = models.DateTimeField(null=True)
    ended_event = models.CharField(max_length=30, blank=True)


class AuditEvent(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="audit_events")
    at = models.DateTimeField()
    action = models.CharField(max_length=50)
    user_name = models.CharField(max_length=100)
    message = models.CharField(max_length=500)
    ip_address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ("id",)
