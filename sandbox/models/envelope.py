"""Envelopes, and templates, which are envelopes that are never sent but copied."""

from django.db import models

from .guids import new_guid
from .identity import Account, User

TEMPLATE = models.Q(is_template=True)
FILTERED = ("status", "sender", "folder", "is_template")


class Envelope(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, db_index=False)
    is_template = models.BooleanField(default=False)
    template_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20)
    subject = models.CharField(max_length=100)
    blurb = models.TextField()
    transaction_id = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=dict, help_text="Everything else of the definition, to be given back.")
    voided_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    status_changed_at = models.DateTimeField()
    last_modified_at = models.DateTimeField()
    expire_at = models.DateTimeField(null=True, help_text="When an open envelope voids itself.")
    warn_at = models.DateTimeField(null=True, help_text="When whoever's turn it is is told that it expires soon.")
    remind_at = models.DateTimeField(null=True, help_text="When whoever's turn it is gets the next reminder.")
    wake_at = models.DateTimeField(null=True, help_text="When a delay or a schedule lets it go on.")
    purge_state = models.CharField(max_length=60, default="unpurged")
    purge_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=36, blank=True, help_text="Where it was moved; empty: where it belongs.")
    batch = models.CharField(max_length=36, blank=True, db_index=True, help_text="Of a bulk send.")
    power_form = models.CharField(max_length=36, blank=True, db_index=True, help_text="The PowerForm it came from.")
    applied_templates = models.JSONField(default=list, help_text="[{templateId, documentIds}]: what it was made from.")
    last_used_at = models.DateTimeField(null=True, help_text="When an envelope was last made from this template.")
    lock = models.JSONField(default=dict)

    class Meta:
        # Lists are chosen by an index alone, already in order: after `id` comes what the usual filters ask of.
        indexes = (
            models.Index(fields=("account", "status_changed_at", "id", *FILTERED), name="envelope_by_change"),
            models.Index(fields=("account", "created_at", "id", *FILTERED), name="envelope_by_creation"),
            *(
                models.Index(
                    fields=("account", f"{event}_at", "id", "is_template"),
                    name=f"envelope_by_{event}",
                    condition=models.Q(**{f"{event}_at__isnull": False}),
                )
                for event in ("sent", "delivered", "completed", "declined", "voided")
            ),
            models.Index(fields=("status", "id", "is_template"), name="envelope_by_status"),
            models.Index(
                fields=("account", "template_name"), name="template_by_name", condition=models.Q(is_template=True)
            ),
            models.Index(fields=("account", "transaction_id"), name="envelope_by_transaction"),
            models.Index(fields=("status", "expire_at"), name="envelope_to_expire"),
            models.Index(fields=("warn_at",), name="envelope_to_warn", condition=models.Q(warn_at__isnull=False)),
            models.Index(fields=("remind_at",), name="envelope_to_remind", condition=models.Q(remind_at__isnull=False)),
            models.Index(fields=("wake_at",), name="envelope_to_wake", condition=models.Q(wake_at__isnull=False)),
            models.Index(fields=("purge_at",), name="envelope_to_purge", condition=models.Q(purge_at__isnull=False)),
        )


class CustomField(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="custom_fields")
    field_id = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, help_text="textCustomFields or listCustomFields.")
    name = models.CharField(max_length=100)
    value = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("name", "value"), name="custom_field_by_value"),)


class Document(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="documents", db_index=False)
    document_id = models.PositiveIntegerField()
    guid = models.CharField(max_length=36, default=new_guid)
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200, help_text="Of the PDF as it came, under the media folder.")
    data = models.JSONField(default=dict, help_text="Everything else of the definition, without the content.")
    page_sizes = models.JSONField(help_text="[[width, height], …] as displayed, in points.")
    generation = models.JSONField(
        default=dict, help_text="Made of a Word file with sender fields: {source: its path, values: {…}}."
    )

    class Meta:
        ordering = ("envelope", "order", "document_id")
        constraints = (models.UniqueConstraint(fields=("envelope", "document_id"), name="document_id_once"),)


class SealedFile(models.Model):
    """A finished, digitally signed PDF of a completed envelope: made at the first download, then the same for ever."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="sealed_files", db_index=False)
    name = models.CharField(max_length=60, help_text="combined, certificate, document-1 …")
    path = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("envelope", "name"), name="sealed_once"),)


class Recipient(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    kind = models.CharField(max_length=30, help_text="The array it came in: signers, carbonCopies …")
    recipient_id = models.CharField(max_length=50)
    guid = models.CharField(max_length=36, default=new_guid, db_index=True)
    user_guid = models.CharField(max_length=36, default=new_guid)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=100, db_collation="NOCASE")
    routing_order = models.PositiveIntegerField()
    client_user_id = models.CharField(max_length=100, null=True)  # noqa: DJ001  (null: not embedded)
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
        indexes = (models.Index(fields=("email",), name="recipient_by_email"),)


class Tab(models.Model):
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="tabs", null=True, help_text="None for the sender's own."
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="tabs", null=True, help_text="None for groups of tabs."
    )
    group = models.CharField(max_length=40, help_text="signHereTabs, textTabs …")
    guid = models.CharField(max_length=36, default=new_guid, db_index=True)
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


class SignerAttachment(models.Model):
    """A file the signer attached to a tab; it follows the documents in what is downloaded."""

    tab = models.OneToOneField(Tab, on_delete=models.CASCADE, related_name="attachment")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)


class AuditEvent(models.Model):
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="audit_events")
    at = models.DateTimeField()
    action = models.CharField(max_length=50)
    user_name = models.CharField(max_length=100)
    message = models.CharField(max_length=500)
    ip_address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ("id",)
