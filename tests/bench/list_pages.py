"""The staff's pages over HTTP on PostgreSQL, with a thousand envelopes and with a million."""

import re
from collections.abc import Callable, Mapping

import requests
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection as database
from django.utils import timezone

from signing import tallies
from signing.models import Envelope, Recipient, SearchWord, Team
from tests.factories import make_sent, make_staff

from .load import timed
from .tables import show

TIMES = 15
OWNERS = 20
TEAMS = 20
NAMES = 50_000  # different people
LIST = "/admin/signing/envelope/"
RARE = "person-777@example.com"
# Nine of ten are completed; every forty-seventh waits, every thousandth of the rest was declined or voided.
STATUS = (
    "CASE WHEN n % 47 = 0 THEN 'sent' WHEN n % 1000 = 1 THEN 'declined' WHEN n % 1000 = 2 THEN 'voided' "
    "ELSE 'completed' END"
)
DAY = "interval '1 minute' * (%(count)s - n)"  # made evenly, up to now
OF_ENVELOPES = {
    "transaction_id": "gen_random_uuid()",
    "docusign_id": "gen_random_uuid()::text",
    "subject": "'Agreement ' || md5(n::text)",
    "status": STATUS,
    "owner_id": f"%(owner)s + n % {OWNERS}",
    "team_id": f"%(team)s + (n / 7) % {TEAMS}",
    "created_at": f"now() - {DAY}",
    "sent_at": f"now() - {DAY}",
    "synced_at": "now()",
    "last_modified_at": f"now() - {DAY}",
    "expires_at": f"now() - {DAY} + interval '120 days'",
    "completed_at": f"CASE WHEN {STATUS} = 'completed' THEN now() - {DAY} + interval '5 hours' END",
    "documents_stored_at": f"CASE WHEN {STATUS} = 'completed' THEN now() END",
}
OF_RECIPIENTS = {
    "envelope_id": "e.id",
    "number": "k",
    "name": f"'Person ' || (e.id * 7 + k) % {NAMES}",
    "email": f"'person-' || (e.id * 7 + k) % {NAMES} || '@example.com'",
    "status": "CASE WHEN e.status = 'sent' AND k = 2 THEN 'sent' ELSE 'completed' END",
    "sent_at": "e.sent_at",
    "client_user_id": "gen_random_uuid()::text",
    "link_nonce": "md5(random()::text)",
    "link_digest": "md5(e.id::text) || md5((e.id * 10 + k)::text)",
}
PAGES: Mapping[str, str] = {
    "first page": "",
    "tab: waiting": "status=waiting",
    "tab: declined, oldest first": "status=declined&sort=oldest",
    "mine, completed": "owner=me&status=completed",
    "waiting for one person": f"on={RARE}",
    "search: a rare word": "q=cafe",
    "search: person": f"q={RARE}",
    "search: a common word": "q=agreement",
    "search: two common words": "q=agreement+person",
    "one day of long ago": "since=%(day)s&until=%(day)s",
    "needs attention, any": "attention=any",
    "deep in the pages": "after=%(deep)s",
}


def run(portal_url: str, *, few: int = 1_000, many: int = 1_000_000) -> None:
    staff = User.objects.filter(is_superuser=True).first() or make_staff()
    _empty()
    browser = _logged_in(portal_url, staff)
    small = _measured(portal_url, browser, staff, few)
    large = _measured(portal_url, browser, staff, many)
    reaching = {
        reach: _times(portal_url, _logged_in(portal_url, _colleague(reach)), many) for reach in ("see_team", "see_own")
    }
    rows = [
        (
            name,
            *(f"{small[name]:.0f}", f"{large[name]:.0f}", f"{large[name] / small[name]:.2f} ×"),
            *(f"{times[name]:.0f}" for times in reaching.values()),
        )
        for name in small
    ]
    show(
        f"Pages of the staff on PostgreSQL, milliseconds over HTTP (the quickest of {TIMES})",
        ("page", f"{few:,} envelopes", f"{many:,} envelopes", "ratio", "who sees two teams", "who sees their own"),
        rows,
        f"Two recipients each. The worker's count of everything, once a minute: {_count_everything():.0f} ms.",
    )
    _empty()


def _measured(portal_url: str, browser: requests.Session, staff: User, count: int) -> dict[str, float]:
    _fill(count, staff)
    tallies.renew()
    return _times(portal_url, browser, count)


def _times(portal_url: str, browser: requests.Session, count: int) -> dict[str, float]:
    middle = Envelope.objects.order_by("pk")[count // 2]
    words = {"day": middle.created_at.date().isoformat(), "deep": middle.pk}
    addresses = {name: f"{portal_url}{LIST}?{query % words}" for name, query in PAGES.items()}
    addresses["outgoing mail"] = f"{portal_url}/admin/signing/outgoingmail/"
    addresses["dashboard"] = f"{portal_url}/admin/"
    return {name: _best_ms(_getter(browser, address)) for name, address in addresses.items()}


def _colleague(reach: str) -> User:
    """Who owns a twentieth of everything, and may be in two of twenty teams."""
    owner: User = User.objects.get(username=f"owner-{len(reach)}")
    wanted = ("view_envelope", "change_envelope", "view_outgoingmail", reach)
    owner.user_permissions.set(Permission.objects.filter(content_type__app_label="signing", codename__in=wanted))
    owner.teams.set(Team.objects.filter(name__startswith="team-").order_by("pk")[3:5])
    return owner


def _getter(browser: requests.Session, address: str) -> Callable[[], None]:
    def get() -> None:
        answer = browser.get(address, timeout=120, allow_redirects=False)
        if answer.status_code != 200:
            raise RuntimeError(f"HTTP {answer.status_code}: {address}")

    return get


def _best_ms(get: Callable[[], None]) -> float:
    for _ in range(3):
        get()
    return min(timed(get)[1] for _ in range(TIMES)) * 1000


def _fill(count: int, staff: User) -> None:
    """Copies of one envelope and its recipient, by SQL: the columns that matter differ."""
    _empty()
    owners = list(User.objects.filter(username__startswith="owner-").order_by("pk"))
    if not owners:
        owners = [User.objects.create_user(f"owner-{number}", is_staff=True) for number in range(OWNERS)]
    teams = list(Team.objects.filter(name__startswith="team-").order_by("pk"))
    if not teams:
        teams = [Team.objects.create(name=f"team-{number}") for number in range(TEAMS)]
    sample = make_sent()
    Envelope.objects.filter(pk=sample.pk).update(synced_at=timezone.now())
    known = {"count": count, "owner": owners[0].pk, "team": teams[0].pk}
    envelopes = f"signing_envelope AS s, generate_series(1, {count}) AS n WHERE s.id = {sample.pk}"
    _copy(Envelope, OF_ENVELOPES, envelopes, known)
    recipient_id = sample.recipients.order_by("number").values_list("pk", flat=True)[0]
    recipients = "signing_recipient AS s, signing_envelope AS e, generate_series(1, 2) AS k"
    _copy(Recipient, OF_RECIPIENTS, f"{recipients} WHERE s.id = {recipient_id} AND e.id <> {sample.pk}", known)
    sample.delete()
    word = SearchWord._meta.db_table
    _execute(
        f"INSERT INTO {word} (envelope_id, word) SELECT id, 'agreement' FROM signing_envelope"  # noqa: S608
        " UNION ALL SELECT id, split_part(subject, ' ', 2) FROM signing_envelope"
        " UNION ALL SELECT id, 'person' FROM signing_envelope"
        " UNION ALL SELECT envelope_id, split_part(name, ' ', 2) FROM signing_recipient"
    )
    Envelope.objects.filter(pk=Envelope.objects.order_by("pk")[count // 3].pk).update(owner=staff)
    _execute("VACUUM ANALYZE signing_envelope, signing_recipient, " + word)


def _copy(
    model: type[Envelope] | type[Recipient], changes: Mapping[str, str], source: str, known: dict[str, int]
) -> None:
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changes.get(column, f's."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608
    for name, value in known.items():
        statement = statement.replace(f"%({name})s", str(value))
    _execute(statement)


def _count_everything() -> float:
    return timed(tallies.renew)[1] * 1000


def _empty() -> None:
    _execute("TRUNCATE signing_envelope CASCADE")


def _logged_in(portal_url: str, staff: User) -> requests.Session:
    session = SessionStore()
    session["_auth_user_id"] = str(staff.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = staff.get_session_auth_hash()
    session.save()
    browser = requests.Session()
    host = re.sub(r"^https?://([^:/]+).*", r"\1", portal_url)
    browser.cookies.set("sessionid", str(session.session_key), domain=host)
    return browser


def _execute(statement: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(statement)
