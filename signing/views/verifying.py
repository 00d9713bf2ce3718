"""The public verify page: whoever holds a PDF learns whether it is intact. And the keys of proof bundles.

Nobody needs to be known for it. The file lies on no disk under a name, is not logged, and is gone with the request.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from signing import provenance, verifier
from signing.limits import VERIFICATIONS
from signing.models import Proof, ProofKey
from signing.models.recipient import DONE_STATUSES, SIGNING_KINDS

from .addresses import client_address
from .passing_files import PassingFile, PassingFileHandler

FORM_BYTES = 64 * 1024  # of a request beside the file


@csrf_exempt  # it changes nothing, and asks no cookie
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """GET asks for a PDF, POST says what can be told of it."""
    if request.method != "POST":
        return _page(request)
    address = client_address(request)
    if VERIFICATIONS.is_reached(address):
        response = _page(request, problem="limit", status=429)
        response["Retry-After"] = str(VERIFICATIONS.seconds)
        return response
    VERIFICATIONS.count(address)
    if _announced_bytes(request) > settings.VERIFY_MAX_BYTES + FORM_BYTES:
        return _page(request, problem="large", status=413)
    request.upload_handlers = [PassingFileHandler(settings.VERIFY_MAX_BYTES)]
    file = request.FILES.get("file")
    if not isinstance(file, PassingFile):
        return _page(request, problem="none", status=422)
    if file.is_too_large or file.file is None:
        return _page(request, problem="large", status=413)
    return _page(request, told=provenance.tell(file.file, file.sha256))


@login_not_required
@never_cache
@require_safe
def proof(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """Where a QR code leads. Who has photographed one may be anybody: state, dates, counts and hashes, nothing else."""
    address = client_address(request)
    if VERIFICATIONS.is_reached(address):
        return _page(request, problem="limit", status=429)
    found = Proof.objects.select_related("envelope").filter(public_id=proof_id).first()
    if found is None or not found.envelope.is_terminal:
        VERIFICATIONS.count(address)
        raise Http404
    envelope = found.envelope
    signers = envelope.recipients.filter(kind__in=SIGNING_KINDS)
    context = {
        "envelope": envelope,
        "ended_at": envelope.completed_at or envelope.declined_at or envelope.voided_at,
        "signers_count": signers.count(),
        "signed_count": signers.filter(status__in=DONE_STATUSES).count(),
        "completed_documents": envelope.completed_documents.all(),
    }
    return render(request, "signing/proof.html", _limits() | context)


@login_not_required
@require_safe
def proof_keys(request: HttpRequest) -> HttpResponse:
    """All public keys that ever signed a bundle here."""
    keys = [
        {
            "id": key.key_id,
            "algorithm": "Ed25519",
            "signs_now": key.is_current,
            "since": key.created_at.isoformat(),
            "until": key.retired_at.isoformat() if key.retired_at else None,
            "pem": key.public_key,
        }
        for key in ProofKey.objects.all()
    ]
    return JsonResponse({"organisation": settings.ORGANISATION_NAME, "keys": keys}, json_dumps_params={"indent": 1})


@login_not_required
@require_safe
def proof_key(request: HttpRequest, key_id: str) -> HttpResponse:
    """One of them as a file, for `--key`."""
    key = get_object_or_404(ProofKey, key_id=key_id)
    disposition = {"Content-Disposition": f'attachment; filename="{key.key_id}.pem"'}
    return HttpResponse(key.public_key, content_type="application/x-pem-file", headers=disposition)


@login_not_required
@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The verifier of bundles, for whoever has no source of the portal."""
    disposition = {"Content-Disposition": 'attachment; filename="verifier.pyz"'}
    return HttpResponse(verifier.as_one_file(), content_type="application/zip", headers=disposition)


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, "signing/verify.html", _limits() | shown, status=status)


def _limits() -> dict[str, int]:
    return {"max_bytes": settings.VERIFY_MAX_BYTES, "max_megabytes": settings.VERIFY_MAX_BYTES // (1024 * 1024)}


def _announced_bytes(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
