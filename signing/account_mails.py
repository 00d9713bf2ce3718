"""Mails about the staff's own accounts: a forgotten password, and word of whatever changed. Plain text."""

from allauth.account import app_settings
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .branding import brand

CHANGES = {
    "password_changed": gettext_lazy("Your password was changed."),
    "password_set": gettext_lazy("A password was set for your account."),
    "password_reset": gettext_lazy("Your password was set anew, by the link in a mail to you."),
    "totp_activated": gettext_lazy("An authenticator app was added to your account."),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your account."),
    "webauthn_added": gettext_lazy("A passkey or security key was added to your account."),
    "webauthn_removed": gettext_lazy("A passkey or security key was removed from your account."),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account; former ones are void."),
    "account_connected": gettext_lazy("Your account was linked to single sign-on."),
    "account_disconnected": gettext_lazy("Your account is no longer linked to single sign-on."),
    "second_factors_removed": gettext_lazy("An administrator removed the second factors of your account."),
}


def send(what: str, whom: str | int) -> None:
    """`password_forgotten` to an address, or word of one of CHANGES to a user."""
    if what == "password_forgotten":
        _send_password_reset(str(whom))
    else:
        _send_change(int(whom), what)


def _send_password_reset(email: str) -> None:
    """To all staff with this address who have a password. Nobody hears of an address that nobody has."""
    for user in filter_users_by_email(email, is_active=True, for_login=True):
        if user.is_staff and user.has_usable_password():
            key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
            where = {"uidb36": user_pk_to_url_str(user), "key": key}
            _send(user, _("A new password"), "reset", path=reverse("account_reset_password_from_key", kwargs=where))


def _send_change(user_id: int, what: str) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user and user.email:
        _send(user, _("Your way to sign in changed"), "change", change=str(CHANGES.get(what, what)))


def _send(user: User, subject: str, letter: str, *, path: str = "/admin/login/", change: str = "") -> None:
    words = {
        "reader": user,
        "link": settings.PORTAL_BASE_URL + path,
        "change": change,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "brand": brand(),
    }
    text = render_to_string(f"account/mail/{letter}.txt", words)
    EmailMessage(subject=f"{subject} · {brand().name}", body=text, to=[user.email]).send()
