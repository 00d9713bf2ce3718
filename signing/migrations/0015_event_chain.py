import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signing", "0014_who_saw_a_link")]

    operations = [
        migrations.AlterField(
            model_name="envelopeevent",
            name="envelope",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="signing.envelope",
            ),
        ),
        migrations.AddField("envelopeevent", "number", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField(
            "envelopeevent", "previous_hash", models.CharField(default="", editable=False, max_length=64)
        ),
        migrations.AddField("envelopeevent", "hash", models.CharField(default="", editable=False, max_length=64)),
        migrations.AddField(
            "envelopeevent", "details_digest", models.CharField(default="", editable=False, max_length=64)
        ),
        migrations.AddField(
            "envelopeevent", "salt", models.CharField(blank=True, default="", editable=False, max_length=32)
        ),
        migrations.AddField("envelopeevent", "erased_at", models.DateTimeField(editable=False, null=True)),
    ]
