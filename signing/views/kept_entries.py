"""The cookie by which a browser finds its way back to what it began on a self-service form."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from signing.models import FormEntry, PublicForm

NAME = "form_entry"
KEPT_FOR = timedelta(days=1)  # later, the link in the mailbox is the way back


def kept_entry(request: HttpRequest, form: PublicForm) -> uuid.UUID | None:
    max_age = int(KEPT_FOR.total_seconds())
    text = request.get_signed_cookie(NAME, default="", salt=_salt(form), max_age=max_age)
    return uuid.UUID(text) if text else None


def keep_entry(response: HttpResponse, entry: FormEntry) -> None:
    """For this form's pages only, and never sent along by other sites."""
    response.set_signed_cookie(
        NAME,
        str(entry.public_id),
        salt=_salt(entry.form),
        max_age=int(KEPT_FOR.total_seconds()),
        path=reverse("signing:public_form", args=[entry.form.slug]),
        secure=settings.PORTAL_IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _salt(form: PublicForm) -> str:
    return f"signing.forms:{form.pk}"
