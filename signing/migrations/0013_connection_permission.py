"""Who may manage the connection to Docusign."""

from django.db import migrations

PERMISSIONS = (
    ("hold", "Can put envelopes on legal hold, and release them"),
    ("approve_purge", "Can decide about purges at Docusign"),
    ("privacy", "Can export and erase what is known of an address"),
    ("manage_connection", "Can manage the connection to Docusign"),
)


class Migration(migrations.Migration):
    dependencies = [("signing", "0012_proof")]

    operations = [
        migrations.AlterModelOptions(
            name="envelope",
            options={
                "ordering": ("-id",),
                "permissions": PERMISSIONS,
                "verbose_name": "envelope",
                "verbose_name_plural": "envelopes",
            },
        ),
    ]
