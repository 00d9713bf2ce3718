"""The outbox in the admin: what was sent to whom, what failed, and a second try."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from signing import letters, linking, outbox, tasks
from signing.models import MailState, OutgoingMail

from .lists import BoundedChangeList
from .reach import WithinReach
from .revealing import may_reveal

STATE_COLOURS = {
    MailState.QUEUED: "info",
    MailState.SENDING: "info",
    MailState.SENT: "success",
    MailState.FAILED: "danger",
    MailState.BOUNCED: "danger",
    MailState.NOT_NEEDED: "default",
}


@admin.register(OutgoingMail)
class OutgoingMailAdmin(WithinReach):
    list_display = ("to_email", "about", "mail_state", "error", "moment")
    list_filter = ("state", "kind")
    list_select_related = ("envelope",)
    search_fields = ("to_email", "envelope__subject")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        send_again = require_POST(self.admin_site.admin_view(self.send_again))
        return [
            path("<int:mail_id>/send-again/", send_again, name="signing_outgoingmail_send_again"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    @display(description=gettext_lazy("Mail"), ordering="kind", header=True)
    def about(self, mail: OutgoingMail) -> tuple[str, str]:
        return mail.get_kind_display(), mail.envelope.subject

    @display(description=gettext_lazy("Sent"), ordering="created_at")
    def moment(self, mail: OutgoingMail) -> str:
        """When it left, or else when it was written."""
        then = timezone.localtime(mail.sent_at or mail.created_at)
        shown = date_format(then, "j M Y, H:i")
        return format_html('<time class="whitespace-nowrap" datetime="{}">{}</time>', then.isoformat(), shown)

    @display(description=gettext_lazy("State"), ordering="state", label=STATE_COLOURS)
    def mail_state(self, mail: OutgoingMail) -> tuple[str, str]:
        return mail.state, mail.get_state_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: object = None
    ) -> HttpResponse:
        """The mail as it reads. Where MAIL_PREVIEW is on (a demo), who may reveal links sees its link and code, too;
        that is put on record as it is on the envelope's page.
        """
        mail = self._mail(request, object_id)
        hides_secrets = not settings.MAIL_PREVIEW or not may_reveal(request)
        if not hides_secrets and mail.recipient:
            linking.note_preview(mail.recipient)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": mail.get_kind_display(),
            "original": mail,
            "mail": mail,
            "rendered": letters.render(mail, hides_secrets=hides_secrets),
            "hides_secrets": hides_secrets,
            "is_to_sender": mail.recipient is None,
            "may_change": self.has_change_permission(request, mail),
        }
        response = TemplateResponse(request, "admin/signing/outgoingmail/mail.html", context)
        add_never_cache_headers(response)
        return response

    def send_again(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        mail = self._mail(request, mail_id)
        if not self.has_change_permission(request, mail):
            raise PermissionDenied
        if outbox.send_again(mail):
            tasks.ring(tasks.deliver_mail, mail.pk)
            messages.success(request, _("The mail is sent again."))
        else:
            messages.warning(request, _("This mail is of no use any more, so it was not sent."))
        if "from_envelope" in request.POST:
            return redirect("admin:signing_envelope_change", mail.envelope_id)
        return redirect("admin:signing_outgoingmail_change", mail.pk)

    def _mail(self, request: HttpRequest, mail_id: int | str) -> OutgoingMail:
        mail: OutgoingMail = self.get_object(request, str(mail_id))
        if not self.has_view_or_change_permission(request, mail):
            raise PermissionDenied
        return mail
