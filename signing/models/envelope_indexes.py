"""The indexes behind the staff's list and dashboard: one for each filter, so that a million envelopes cost no more."""

from collections.abc import Collection

from django.db import models


def indexes_of_the_desk(
    open_statuses: Collection[str], waiting_statuses: Collection[str], lacks_documents: models.Q
) -> tuple[models.Index, ...]:
    """Of the model Envelope, in whose words they are given."""
    in_a_team = models.Q(team__isnull=False)
    return (
        models.Index(fields=("owner", "status", "id"), name="envelope_owner_status_id"),
        models.Index(fields=("owner", "id"), name="envelope_owner_id"),
        models.Index(fields=("id",), name="envelope_waiting", condition=models.Q(status__in=sorted(waiting_statuses))),
        models.Index(
            fields=("owner", "id"),
            name="envelope_owner_waiting",
            condition=models.Q(status__in=sorted(waiting_statuses)),
        ),
        # The same of a team; most envelopes of a portal without teams are in none.
        models.Index(fields=("team", "status", "id"), name="envelope_team_status_id", condition=in_a_team),
        models.Index(fields=("team", "id"), name="envelope_team_id", condition=in_a_team),
        models.Index(
            fields=("team", "id"),
            name="envelope_team_waiting",
            condition=in_a_team & models.Q(status__in=sorted(waiting_statuses)),
        ),
        models.Index(fields=("template", "id"), name="envelope_template_id"),
        models.Index(fields=("created_at", "id"), name="envelope_created_at"),
        models.Index(fields=("sent_at",), name="envelope_sent_at"),
        models.Index(fields=("completed_at",), name="envelope_completed_at"),
        models.Index(fields=("last_modified_at",), name="envelope_last_modified_at"),
        # What needs attention is rare among many: each has an index of its own.
        models.Index(
            fields=("synced_at",),
            name="envelope_open_synced_at",
            condition=models.Q(status__in=sorted(open_statuses)),
        ),
        models.Index(
            fields=("expires_at",),
            name="envelope_open_expires_at",
            condition=models.Q(status__in=sorted(open_statuses)),
        ),
        models.Index(fields=("id",), name="envelope_documents_missing", condition=lacks_documents),
        models.Index(fields=("id",), name="envelope_purged", condition=models.Q(documents_purged=True)),
        models.Index(fields=("id",), name="envelope_drift", condition=~models.Q(drift=[])),
    )
