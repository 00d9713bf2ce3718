"""Checks of the house itself: mail, files, processes, broker, cache, database, time zone."""

import os
import uuid
from datetime import datetime
from email.utils import parseaddr

from celery import current_app
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import heartbeat
from signing.branding import brand
from signing.heartbeat import Part
from signing.mail_failures import MAIL_ERRORS, failure_of

from .findings import Finding, failed, ok, skipped, warning
from .patient import Patient

NO_DELIVERY = {
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
}
OF_ONE_PROCESS = {"django.core.cache.backends.dummy.DummyCache", "django.core.cache.backends.locmem.LocMemCache"}
BROKER_SECONDS = 3


def mail(patient: Patient) -> Finding:
    """Log in at the mail server, as before every mail; nothing is sent."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in sender:
        sentence = _("DEFAULT_FROM_EMAIL has no address in it: %(text)s.") % {"text": settings.DEFAULT_FROM_EMAIL}
        return failed(sentence, _("Set it, for example: Signing Portal <signing@example.com>"))
    if settings.EMAIL_BACKEND in NO_DELIVERY:
        remedy = _("Set EMAIL_URL=smtp+tls://user:password@host:587, or a provider's EMAIL_BACKEND.")
        return warning(_("Mails do not leave this machine: no signer would get one."), remedy)
    if refused := _refused_by_the_mail_server():
        remedy = _("Check EMAIL_URL (scheme, user, password, host, port), and whether this server may reach that port.")
        return failed(_("The mail server does not let the portal in: %(reason)s") % {"reason": refused}, remedy)
    facts = {_("From"): settings.DEFAULT_FROM_EMAIL}
    if settings.MAIL_PREVIEW:
        remedy = _("Set MAIL_PREVIEW=0: it shows staff the mails with their signing links.")
        return warning(_("Mails leave, and staff can read the links in them."), remedy, facts=facts)
    return ok(_("The mail server lets the portal in. Whether mails arrive, a test mail shows."), **facts)


def _refused_by_the_mail_server() -> str:
    """Why; empty when it lets us in."""
    connection = get_connection()
    try:
        connection.open()
    except (*MAIL_ERRORS, ImproperlyConfigured) as error:
        return failure_of(error).reason
    finally:
        connection.close()
    return ""


def send_test_mail(address: str) -> Finding:
    """One real mail, at once."""
    subject = _("A test mail of %(portal)s") % {"portal": brand().name}
    text = _("This mail has left the portal at %(url)s. Mails reach you.") % {"url": settings.PORTAL_BASE_URL}
    try:
        EmailMessage(subject, text, to=[address]).send()
    except MAIL_ERRORS as error:
        told = {"reason": failure_of(error).reason}
        return failed(_("The test mail did not leave: %(reason)s") % told, _("Check EMAIL_URL and DEFAULT_FROM_EMAIL."))
    return ok(_("The test mail to %(address)s has left.") % {"address": address})


def storage(patient: Patient) -> Finding:
    """Documents live there: written, read, deleted."""
    name, content = f"doctor/{uuid.uuid4().hex}.txt", uuid.uuid4().bytes
    remedy = _(
        "Let the portal's user write to DATA_DIR/files, on a volume that all processes share and that has space."
    )
    try:
        kept = default_storage.save(name, ContentFile(content))
        with default_storage.open(kept) as file:
            is_the_same = file.read() == content
        default_storage.delete(kept)
        is_gone = not default_storage.exists(kept)
    except Exception as error:  # noqa: BLE001  (storages raise what they like)
        return failed(_("Documents cannot be stored: %(why)s.") % {"why": f"{type(error).__name__}: {error}"}, remedy)
    if not (is_the_same and is_gone):
        return failed(_("A file came back changed, or could not be deleted."), remedy)
    return ok(_("Files can be written, read and deleted."))


def worker(patient: Patient) -> Finding:
    return _alive(patient, Part.WORKER, _("worker"), "celery -A portal worker")


def beat(patient: Patient) -> Finding:
    return _alive(patient, Part.BEAT, _("beat"), "celery -A portal beat")


def broker(patient: Patient) -> Finding:
    url = settings.CELERY_BROKER_URL
    remedy = _(
        "Start the broker, or correct CELERY_BROKER_URL (or REDIS_URL); web, worker and beat must name the same."
    )
    if url.startswith("filesystem://"):
        folder = str(settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out", ""))
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return failed(_("The embedded broker cannot write to %(folder)s.") % {"folder": folder}, remedy)
        return ok(_("The embedded one, in a folder: for one machine."), **{_("Folder"): folder})
    try:
        with current_app.connection_for_write(url=url, connect_timeout=BROKER_SECONDS) as connection:
            connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS, reraise_as_library_errors=True)
            shown = connection.as_uri()  # without its password
    except Exception as error:  # noqa: BLE001  (each transport has errors of its own)
        return failed(_("The broker does not answer (%(why)s).") % {"why": type(error).__name__}, remedy)
    return ok(_("The broker answers."), **{_("Address"): shown})


def cache(patient: Patient) -> Finding:
    backend = settings.CACHES["default"]["BACKEND"]
    if backend in OF_ONE_PROCESS:
        remedy = _("Use REDIS_URL, or the database's cache: token, limits and signs of life must be shared.")
        return failed(_("The cache is not shared between the processes."), remedy)
    if not patient.cache_works:
        remedy = _("Start Redis or correct REDIS_URL; without Redis run: manage.py createcachetable")
        return failed(_("What is put into the cache is not found there again."), remedy)
    return ok(_("Shared by all processes, and keeps what it is given."))


def migrations(patient: Patient) -> Finding:
    try:
        executor = MigrationExecutor(database)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return failed(
            _("The database does not answer (%(why)s).") % {"why": type(error).__name__}, _("Check DATABASE_URL.")
        )
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:5])
        sentence = _("%(count)s migrations are not applied: %(names)s.") % {"count": len(plan), "names": names}
        return failed(sentence, _("Run: manage.py migrate"))
    return ok(_("The database is up to date."), **{_("Kind"): str(database.display_name)})


def time_zone(patient: Patient) -> Finding:
    told = {"zone": settings.TIME_ZONE, "time": f"{timezone.localtime():%H:%M}"}
    quiet = settings.QUIET_HOURS
    facts = {_("Quiet hours"): f"{quiet[0]}–{quiet[1]}" if quiet else _("none")}
    if settings.TIME_ZONE == "UTC":
        remedy = _("Set TIME_ZONE, for example TIME_ZONE=Europe/Berlin, where your staff and signers live.")
        return warning(_("Dates and quiet hours follow UTC, where it is %(time)s now.") % told, remedy, facts=facts)
    return ok(_("Dates and quiet hours follow %(zone)s, where it is %(time)s now.") % told, **facts)


def _alive(patient: Patient, part: Part, name: str, command: str) -> Finding:
    if not patient.cache_works or settings.CACHES["default"]["BACKEND"] in OF_ONE_PROCESS:
        return skipped(_("Cannot be told yet: the cache must be mended first."))
    seen = heartbeat.last(part)
    if not heartbeat.is_stale(seen, timezone.now()):
        return ok(_("Alive, last seen at %(time)s.") % {"time": _time(seen)})
    remedy = _("Start it: %(command)s. If it runs, see whether it names the same broker and cache.") % {
        "command": command
    }
    if seen is None:
        return failed(_("No sign of life of the %(name)s yet.") % {"name": name}, remedy)
    return failed(_("No sign of life of the %(name)s since %(time)s.") % {"name": name, "time": _time(seen)}, remedy)


def _time(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
