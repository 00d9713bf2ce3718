from django.db import migrations, models

from signing.models import append_only


def put_up(apps, schema_editor):
    append_only.put_up(schema_editor.connection, append_only.EVENTS)


def take_down(apps, schema_editor):
    append_only.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("signing", "0016_chain_events")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, take_down),
        migrations.RemoveIndex("envelopeevent", "event_of_envelope"),
        migrations.AlterField("envelopeevent", "number", models.PositiveIntegerField(editable=False)),
        migrations.AlterField("envelopeevent", "previous_hash", models.CharField(editable=False, max_length=64)),
        migrations.AlterField("envelopeevent", "hash", models.CharField(editable=False, max_length=64)),
        migrations.AlterField("envelopeevent", "details_digest", models.CharField(editable=False, max_length=64)),
        migrations.AlterField("envelopeevent", "salt", models.CharField(blank=True, editable=False, max_length=32)),
        migrations.AddConstraint(
            "envelopeevent", models.UniqueConstraint(fields=("envelope", "number"), name="event_number_in_chain")
        ),
        migrations.AddConstraint(
            "envelopeevent",
            models.UniqueConstraint(
                condition=models.Q(("envelope", None)), fields=("number",), name="event_number_in_portal_chain"
            ),
        ),
        migrations.RunPython(put_up, migrations.RunPython.noop),
    ]
