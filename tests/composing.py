"""The composer's pages as a browser posts them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from signing.models import Envelope

from .pdf_files import draw_pdf

ADD = "/admin/signing/envelope/add/"


def pdf(name: str = "Agreement.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else draw_pdf(), "application/pdf")


def person(
    name: str = "Ann Bee", email: str = "ann@example.com", routing_order: Any = 1, **more: Any
) -> dict[str, Any]:
    return {"name": name, "email": email, "routing_order": routing_order} | more


def rows(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """A formset as posted."""
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def first_step(
    *people: dict[str, Any],
    documents: tuple[dict[str, Any], ...] = (),
    uploads: list[SimpleUploadedFile] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    data = rows("recipients", *people) | rows("documents", *documents) | extra
    return data | {"uploads": uploads} if uploads else data


def document_rows(envelope: Envelope, **changes: Any) -> tuple[dict[str, Any], ...]:
    """The documents' rows as the page shows them; `changes` to all of them."""
    return tuple({"pk": d.pk, "place": d.number, "name": d.name} | changes for d in envelope.documents.all())


def person_rows(envelope: Envelope) -> tuple[dict[str, Any], ...]:
    return tuple(
        person(r.name, r.email, r.routing_order, number=r.number, kind=r.kind) for r in envelope.recipients.all()
    )


def settings_step(**changes: Any) -> dict[str, Any]:
    return {
        "subject": "Lease",
        "message": "",
        "summary": "",
        "ceremony_display": "",
        "reminder_delay_days": 3,
        "reminder_frequency_days": 3,
        "expire_after_days": 120,
    } | changes


def change_url(envelope: Envelope) -> str:
    return f"/admin/signing/envelope/{envelope.pk}/change/"


def review_url(envelope: Envelope) -> str:
    return f"/admin/signing/envelope/{envelope.pk}/review/"


def post(browser: Browser, data: dict[str, Any], *, button: str = "_save", url: str = ADD, **options: Any) -> Any:
    return browser.post(url, {button: "1"} | data, **options)


def autosave(browser: Browser, data: dict[str, Any], *, url: str = ADD) -> Any:
    return browser.post(url, data, headers={"X-Autosave": "1"})
