"""Triggers that let nobody change or take away evidence, whatever role they have: not the admin, not a shell, no SQL.

An event may be added after the last one of its chain, and its details may be erased; nothing else. They are put up by a
migration. A later one that rebuilds these tables on SQLite has to put them up again: `missing` tells (a check does so,
too), and a test looks after every migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

EVENTS = "signing_envelopeevent"
ANCHORS = "signing_anchor"
REFUSAL = "evidence is append-only"

POSTGRESQL_FUNCTIONS = """
CREATE OR REPLACE FUNCTION signing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evidence is append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

CREATE OR REPLACE FUNCTION signing_allow_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erasable text[] := ARRAY['actor_name', 'user_id', 'ip', 'data', 'salt', 'erased_at'];
BEGIN
  IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.actor_name = '' AND NEW.user_id IS NULL
     AND NEW.ip IS NULL AND NEW.data = '{}'::jsonb AND NEW.salt = ''
     AND to_jsonb(NEW) - erasable = to_jsonb(OLD) - erasable
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'evidence is append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

CREATE OR REPLACE FUNCTION signing_insist_on_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head record;
BEGIN
  IF NEW.envelope_id IS NULL THEN
    SELECT number, hash INTO head FROM signing_envelopeevent WHERE envelope_id IS NULL
      ORDER BY number DESC LIMIT 1;
  ELSE
    SELECT number, hash INTO head FROM signing_envelopeevent WHERE envelope_id = NEW.envelope_id
      ORDER BY number DESC LIMIT 1;
  END IF;
  IF NEW.number <> coalesce(head.number, 0) + 1 OR NEW.previous_hash <> coalesce(head.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'evidence is append-only: an event follows the last one of its chain' USING ERRCODE = '23000';
  END IF;
  RETURN NEW;
END $$;
"""
NEXT_ON_SQLITE = """
FOR EACH ROW WHEN
  NEW.number <> coalesce((SELECT number FROM signing_envelopeevent WHERE envelope_id IS NEW.envelope_id
    ORDER BY number DESC LIMIT 1), 0) + 1
  OR NEW.previous_hash <> coalesce((SELECT hash FROM signing_envelopeevent WHERE envelope_id IS NEW.envelope_id
    ORDER BY number DESC LIMIT 1), hex(zeroblob(32)))
"""
ERASURE_ON_SQLITE = """
FOR EACH ROW WHEN NOT (
  OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.actor_name = '' AND NEW.user_id IS NULL
  AND NEW.ip IS NULL AND NEW.data = '{}' AND NEW.salt = ''
  AND NEW.id IS OLD.id AND NEW.envelope_id IS OLD.envelope_id AND NEW.number IS OLD.number AND NEW.at IS OLD.at
  AND NEW.kind IS OLD.kind AND NEW.actor_kind IS OLD.actor_kind AND NEW.about IS OLD.about
  AND NEW.recipient_number IS OLD.recipient_number AND NEW.previous_hash IS OLD.previous_hash
  AND NEW.hash IS OLD.hash AND NEW.details_digest IS OLD.details_digest)
"""
NOTHING_PENDING = "SET CONSTRAINTS ALL IMMEDIATE"  # of the transaction so far, or the table cannot be altered
REFUSE = "FOR EACH ROW EXECUTE FUNCTION signing_refuse_change()"
REFUSE_ALL = "FOR EACH STATEMENT EXECUTE FUNCTION signing_refuse_change()"
# name: (table, before what, on PostgreSQL, on SQLite); None: there is no such statement.
TRIGGERS: dict[str, tuple[str, str, str, str | None]] = {
    "event_next": (EVENTS, "INSERT", "FOR EACH ROW EXECUTE FUNCTION signing_insist_on_next()", NEXT_ON_SQLITE),
    "event_kept": (EVENTS, "UPDATE", "FOR EACH ROW EXECUTE FUNCTION signing_allow_erasure()", ERASURE_ON_SQLITE),
    "event_not_deleted": (EVENTS, "DELETE", REFUSE, "FOR EACH ROW"),
    "event_not_truncated": (EVENTS, "TRUNCATE", REFUSE_ALL, None),
    "anchor_kept": (ANCHORS, "UPDATE", REFUSE, "FOR EACH ROW"),
    "anchor_not_deleted": (ANCHORS, "DELETE", REFUSE, "FOR EACH ROW"),
    "anchor_not_truncated": (ANCHORS, "TRUNCATE", REFUSE_ALL, None),
}


def put_up(connection: BaseDatabaseWrapper, table: str) -> None:
    """Those of a table that are not there."""
    absent = missing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(NOTHING_PENDING)
            cursor.execute(POSTGRESQL_FUNCTIONS)
        for name in absent:
            on, event, for_postgresql, for_sqlite = TRIGGERS[name]
            if on != table:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {on} {for_postgresql}")
                # Also where somebody tells their session to be a replica, which skips ordinary triggers.
                cursor.execute(f"ALTER TABLE {on} ENABLE ALWAYS TRIGGER {name}")
            else:
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {on} {for_sqlite} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {event} of {on} is refused'); END"
                )


def take_down(connection: BaseDatabaseWrapper) -> None:
    """For tests, which empty their tables, and for going back a migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(NOTHING_PENDING)
        for name, (table, *_) in TRIGGERS.items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should be there and are not, or are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {name for (name,) in cursor.fetchall()}
    return [
        name
        for name, (_, _, _, for_sqlite) in TRIGGERS.items()
        if name not in present and (for_sqlite is not None or connection.vendor == "postgresql")
    ]


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without them, for as long as it takes: for tests, and for the demo, which turns its clock back."""
    tables = {TRIGGERS[name][0] for name in TRIGGERS if name not in missing(connection)}
    take_down(connection)
    try:
        yield
    finally:
        for table in sorted(tables):
            put_up(connection, table)
