"""The portal as a process that can be put into any state: `GET /make/<name>/` answers with the path of a page.

    python -m tests.e2e.gallery PORT [docusign.env of a sandbox]

Tasks run at once, in the request that rings for them: no worker, no waiting.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402  (models need the set-up above, here and below)
from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import run  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.celery import app  # noqa: E402
from signing import authoring, finding, form_codes, hosting, letters, linking, public_forms, tasks, verification  # noqa: E402
from signing.authoring import Presentation, SignerInput, TabInput  # noqa: E402
from signing.ceremony import SESSION_SECONDS  # noqa: E402
from signing.connection import connect  # noqa: E402
from signing.links import find_link  # noqa: E402
from signing.models import (  # noqa: E402
    CompletedDocument,
    Envelope,
    FormEntry,
    OutgoingMail,
    Proof,
    PublicForm,
    Recipient,
    TabKind,
    Verification,
)
from signing.public_forms import Visitor  # noqa: E402
from signing.secretbox import encrypt  # noqa: E402
from tests.deeds import path_of, send, sign  # noqa: E402
from tests.e2e import bulk_states  # noqa: E402
from tests.e2e.editor_states import EDITOR_STATES  # noqa: E402
from tests.factories import make_draft, make_sent, make_staff, recipient_of  # noqa: E402
from tests.signing.templates.making import make_form, make_template  # noqa: E402

MESSAGE = "Please read clause 4, and call me if anything is unclear.\n\nDana"
KNOWN_TO_VERIFY = b"%PDF-1.7 signed here %%EOF"
SUMMARY = "You advise us until the end of the year.\nWe pay within thirty days.\nEither of us can end it in four weeks."


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def one(**fields: Any) -> Recipient:
    """The first signer of an envelope that only our rows know."""
    Envelope.objects.filter(docusign_id__startswith="1111").delete()
    usual: dict[str, Any] = {"message": MESSAGE, "summary": SUMMARY, "expires_at": in_days(9)}
    return recipient_of(make_sent(**usual | fields), 1)


def with_columns(envelope: dict[str, Any] | None = None, **columns: Any) -> Recipient:
    recipient = one(**envelope or {})
    Recipient.objects.filter(pk=recipient.pk).update(**columns)
    recipient.refresh_from_db()
    return recipient


def opened() -> Recipient:
    recipient = one(status="delivered", recipient_statuses=("delivered", "created"))
    cache.set(f"signing:open:{recipient.pk}", True, SESSION_SECONDS)
    return recipient


def completed() -> Recipient:
    recipient = one(status="completed", recipient_statuses=("completed", "completed"))
    CompletedDocument.objects.create(
        envelope=recipient.envelope, kind="combined", size_bytes=48_000, sha256="0" * 64, file="none.pdf"
    )
    return recipient


def verifiable() -> str:
    """The public page that checks a PDF; it knows one, of which these are the bytes."""
    recipient = completed()
    Recipient.objects.filter(envelope=recipient.envelope).update(signed_at=timezone.now())
    Envelope.objects.filter(pk=recipient.envelope_id).update(completed_at=timezone.now())
    sha256 = hashlib.sha256(KNOWN_TO_VERIFY).hexdigest()
    CompletedDocument.objects.filter(envelope=recipient.envelope).update(sha256=sha256, seal="intact")
    return "/verify/"


def proof() -> str:
    """Where the QR code of a proof page leads."""
    verifiable()
    row = Proof.objects.create(envelope=Envelope.objects.get(docusign_id__startswith="1111"))
    return f"/verify/{row.public_id}/"


def at_one_table() -> Recipient:
    recipient = one(status="delivered", recipient_statuses=("completed", "sent"), allows_hand_over=True)
    Recipient.objects.filter(pk=recipient.pk).update(signed_at=timezone.now())
    return recipient


def handed_on(host: Recipient) -> str:
    return path_of(host).rstrip("/") + ".2/"


def in_person() -> Recipient:
    return with_columns(kind="in_person_signer", host_name="Hal Host", host_email="hal@northwind.example")


def confirmed(path: str) -> str:
    """The same page, after its host has said that the signer is with them."""
    link = find_link(path.split("/")[2])
    assert link
    hosting.confirm(link)
    return path


def path_before(change: Callable[[Recipient], object], tail: str = "") -> str:
    recipient = one()
    link = path_of(recipient)
    change(recipient)
    return link + tail


def code_page(*, has_code: bool) -> str:
    recipient = with_columns(verification=Verification.EMAIL_CODE)
    if has_code:
        verification.send_code(recipient)
    return f"{path_of(recipient)}code/"


def signable(verified_by: Verification = Verification.NONE, **presentation: Any) -> str:
    """The link of Ann, who alone signs an envelope that the sandbox knows."""
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    signer = SignerInput("Ann Bee", "ann@example.com", 1, tabs, verification=verified_by)
    envelope = make_draft(message=MESSAGE, signers=[signer])
    authoring.save_presentation(envelope, Presentation(summary=SUMMARY, **presentation))
    return path_of(recipient_of(send(envelope), 1))


def table_of_two() -> str:
    """The link of Ann, who has signed, and Carl sits beside her."""
    envelope = make_draft()
    authoring.save_presentation(envelope, Presentation(allows_hand_over=True))
    sign(send(envelope), 1)
    return path_of(recipient_of(envelope, 1))


def form(path: str = "", **fields: Any) -> str:
    """A self-service form, and no other."""
    PublicForm.objects.all().delete()
    make_form(make_template(), introduction="Please read our three rules.\n\nIt takes two minutes.", **fields)
    return f"/forms/visitors/{path}"


def form_code() -> str:
    address = form(verify_email=True)
    entry = FormEntry.objects.create(form=PublicForm.objects.get(), name="Vic Tor", email="vic@example.com")
    form_codes.make(entry)
    return f"{address}code/{entry.public_id}/"


def on_its_way() -> str:
    """Begun on a form, and not at Docusign yet."""
    form()
    outcome = public_forms.begin(PublicForm.objects.get(), Visitor("Vic Tor", "vic@example.com"))
    assert outcome.recipient
    return path_of(outcome.recipient)


def desk() -> str:
    """Staff's pages: one that waits and bounced, one declined, one draft, and what the worker counts."""
    Envelope.objects.without_templates().delete()
    now = timezone.now()
    made = {
        "Waiting lease": make_sent(docusign_id="1", synced_at=now, expires_at=now + timedelta(days=2)),
        "Declined lease": make_sent(docusign_id="2", status="declined", recipient_statuses=("declined", "created")),
        "Drafted lease": make_draft(),
    }
    for subject, envelope in made.items():
        Envelope.objects.filter(pk=envelope.pk).update(subject=subject)
        envelope.subject = subject
        finding.index(envelope)
    ann = recipient_of(made["Waiting lease"], 1)
    Recipient.objects.filter(pk=ann.pk).update(sent_at=now - timedelta(days=9))
    OutgoingMail.objects.create(envelope=ann.envelope, recipient=ann, kind="invitation", to_email=ann.email, due_at=now)
    OutgoingMail.objects.update(state="bounced", error="550 5.1.1 The mailbox does not exist.")
    Recipient.objects.filter(envelope=made["Declined lease"], number=1).update(
        declined_at=now, declined_reason="The fee is not what we agreed on."
    )
    tasks.renew_tallies()
    return "/admin/"


def newcomer() -> str:
    """Somebody who has only just begun, with a password and nothing else."""
    User.objects.filter(username="kim").delete()
    make_staff("kim")
    return "/admin/login/"


STATES: dict[str, Callable[[], str]] = {
    "ready": lambda: path_of(one()),
    "ready-code": lambda: path_of(with_columns(verification="email_code")),
    "waiting": lambda: path_of(recipient_of(one().envelope, 2)),
    "signed": lambda: path_of(one(recipient_statuses=("completed", "sent"))),
    "signed-hand-over": lambda: path_of(at_one_table()),
    "host": lambda: handed_on(at_one_table()),
    "hand-over": lambda: confirmed(handed_on(at_one_table())),
    "completed": lambda: path_of(completed()),
    "declined": lambda: path_of(one(status="declined", recipient_statuses=("declined", "created"))),
    "voided": lambda: path_of(one(status="voided", voided_reason="Clause 4 was wrong; a new one follows.")),
    "run-out": lambda: path_of(one(status="voided", expires_at=timezone.now(), voided_at=timezone.now())),
    "verify": verifiable,
    "proof": proof,
    "unknown": lambda: f"/sign/{'x' * 42}/",
    "preparing": lambda: path_of(one(status="correct")),
    "expired": lambda: path_of(with_columns({"expires_at": None}, link_expires_at=timezone.now())),
    "replaced": lambda: path_before(linking.replace),
    "fresh-link": lambda: path_before(linking.replace, "fresh-link/"),
    "revoked": lambda: path_before(linking.revoke),
    "delegated": lambda: path_of(with_columns(client_user_id="", name="Dora Fry")),
    "opened": lambda: path_of(opened()),
    "reader": lambda: path_of(with_columns(kind="certified_delivery", private_message="Page 2 is about you.")),
    "viewed": lambda: path_of(with_columns(kind="certified_delivery", status="completed")),
    "copy": lambda: path_of(with_columns(kind="carbon_copy", status="completed")),
    "host-in-person": lambda: path_of(in_person()),
    "hosted": lambda: confirmed(path_of(in_person())),
    "code": lambda: code_page(has_code=True),
    "code-none": lambda: code_page(has_code=False),
    "outcome": lambda: f"{path_of(one())}return/",
    "redirect": lambda: signable(ceremony_display="redirect"),
    "iframe": lambda: signable(ceremony_display="iframe"),
    "focused": lambda: signable(ceremony_display="focused"),
    "signable-code": lambda: signable(Verification.EMAIL_CODE),
    "table-of-two": table_of_two,
    **EDITOR_STATES,
    "form": form,
    "form-with-code": lambda: form(verify_email=True),
    "form-embed": lambda: form("embed/", frame_origins="http://127.0.0.1:*"),
    "form-closed": lambda: form(is_active=False),
    "form-early": lambda: form(open_from=timezone.now() + timedelta(days=3)),
    "form-mailed": lambda: form("mailed/"),
    "form-arabic": lambda: form(language="ar"),
    "form-code": form_code,
    "form-on-its-way": on_its_way,
    **bulk_states.STATES,
    "desk": desk,
    "newcomer": newcomer,
}


@login_not_required
def make(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(STATES[name]())


@login_not_required
def last_mail(request: HttpRequest) -> HttpResponse:
    return HttpResponse(mail.outbox[-1].body)


@login_not_required
def void_last(request: HttpRequest) -> HttpResponse:
    envelope = Envelope.objects.exclude(docusign_id=None).latest("pk")
    connect().void_envelope(envelope.docusign_id or "", reason=request.GET["reason"])
    return HttpResponse()


@login_not_required
def letter(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """A mail as its reader sees it."""
    ann = with_columns(language=language, declined_reason="The fee is not what we agreed on.")
    ann.envelope.expires_at = in_days(3)
    ann.envelope.voided_reason = "Clause 4 was wrong; a new one follows."
    recipient = None if kind.startswith("sender_") else ann
    code = encrypt("271828") if kind == "code" else ""
    row = OutgoingMail(envelope=ann.envelope, recipient=recipient, kind=kind, to_email=ann.email, sealed_code=code)
    # Mail programs take inline styles and run no scripts.
    policy = "style-src 'unsafe-inline'; img-src 'self'"
    return HttpResponse(letters.render(row).html, headers={"Content-Security-Policy": policy})


urlpatterns = [
    path("mail/<str:kind>/<str:language>/", letter),
    path("make/<str:name>/", make),
    path("last-mail/", last_mail),
    path("void-last/", void_last),
    path("", include("portal.urls")),
]
handler404 = "signing.views.errors.not_found"


def main(port: int, docusign_env: str = "") -> None:
    for line in Path(docusign_env).read_text().splitlines() if docusign_env else ():
        name, _, value = line.partition("=")
        is_key = name == "DOCUSIGN_PRIVATE_KEY_FILE"
        setattr(settings, name.removesuffix("_FILE") if is_key else name, Path(value).read_text() if is_key else value)
    settings.PORTAL_BASE_URL = f"http://127.0.0.1:{port}"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
    settings.ROOT_URLCONF = "tests.e2e.gallery"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    app.conf.task_always_eager = True
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not User.objects.exists():
        make_staff()
    tasks.keep_connected()
    run("127.0.0.1", port, StaticFilesHandler(WSGIHandler()), threading=True, on_bind=announce)


def announce(port: object) -> None:
    """Only once the port is taken: a browser that hears it earlier is refused."""
    sys.stdout.write(f"the gallery is open on {port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # The module's own name, so that the views above and those of the URLs are the same.
    sys.modules.setdefault("tests.e2e.gallery", sys.modules["__main__"])
    main(int(sys.argv[1]), *sys.argv[2:])
