"""What stands behind a proof bundle: the keys that sign it, and the name under which an envelope's proof is public."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope


class ProofKey(models.Model):
    """An Ed25519 key pair. A key that is over keeps its public half for ever, and loses the private one.

    `sealed_private_key`: encrypted; empty as well where the settings hold the key.
    """

    key_id = models.CharField(_("key"), max_length=32, unique=True)
    public_key = models.TextField(_("public key"))  # PEM
    sealed_private_key = models.TextField(blank=True, editable=False)
    is_current = models.BooleanField(_("signs now"), default=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    retired_at = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("proof key")
        verbose_name_plural = _("proof keys")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("is_current",), condition=models.Q(is_current=True), name="proof_key_one_is_current"
            ),
        )

    def __str__(self) -> str:
        return self.key_id


class Proof(models.Model):
    """The address of an envelope's public proof page: random, and given to nobody before there is a bundle."""

    envelope = models.OneToOneField(Envelope, on_delete=models.CASCADE, related_name="proof")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "proof"

    def __str__(self) -> str:
        return f"proof of envelope {self.envelope_id}"
