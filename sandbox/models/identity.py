"""Who may call: accounts, users and their memberships, integration keys, consent."""

from django.db import models

from .guids import new_guid


class Account(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    external_id = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, help_text="What was set through the API, over the defaults.")
    organization_id = models.CharField(max_length=36, blank=True, help_text="Empty: linked to none.")
    created_at = models.DateTimeField(auto_now_add=True)


class User(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    accounts: "models.ManyToManyField[Account, Membership]" = models.ManyToManyField(
        Account, through="Membership", related_name="users"
    )


class Membership(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    is_default = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default="Active", help_text="Active, ActivationSent, Closed.")
    data = models.JSONField(default=dict, help_text="What else the API was told of this member.")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("account", "user"), name="member_once"),)


class IntegrationKey(models.Model):
    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    name = models.CharField(max_length=100, default="Signing portal")
    public_keys = models.JSONField(default=list, help_text="PEM public keys; Docusign allows five.")
    secret = models.CharField(max_length=100, blank=True)
    redirect_uris = models.JSONField(default=list)


class Consent(models.Model):
    """A user's own, or with no user an organisation's: an administrator consented for everyone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    integration_key = models.ForeignKey(IntegrationKey, on_delete=models.CASCADE)
    scope = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "integration_key", "scope"), name="consent_once_per_scope"),
        )


class AuthorizationCode(models.Model):
    """Of the Authorization Code Grant: good once, for two minutes."""

    code = models.CharField(max_length=100, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    integration_key = models.ForeignKey(IntegrationKey, on_delete=models.CASCADE)
    scopes = models.JSONField(default=list)
    code_challenge = models.CharField(max_length=128, blank=True)
    code_challenge_method = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    is_used = models.BooleanField(default=False)


class Clock(models.Model):
    """One row: how far the sandbox's time is ahead of the real one."""

    offset_seconds = models.FloatField(default=0)
