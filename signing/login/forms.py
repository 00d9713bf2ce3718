"""The forms of the way in, where they differ from allauth's."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from signing import tasks

from .records import note_refusal


class LogInForm(LoginForm):
    """Username and password; the link to a forgotten one stands on the page, not in the field's help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}


class ForgottenPasswordForm(ResetPasswordForm):
    def save(self, request: HttpRequest, **more: Any) -> str:
        """A worker looks whose address it is: the page does the same, and takes as long, for one that nobody has."""
        email = str(self.cleaned_data["email"])
        tasks.ring(tasks.mail_staff, "password_forgotten", email)
        return email


class CodeForm(AuthenticateForm):
    """The second step of a sign-in: a code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs["autofocus"] = True

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        note_refusal(self.user, "second factor")


class CodeAgainForm(ReauthenticateForm):
    """The same, before something delicate is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        note_refusal(self.user, "second factor")
