"""The roles as groups; and nobody who saw something before sees less after (ADR 0030)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

from signing import roles

DESK = ("view_envelope", "change_envelope")


def keep_names_free(apps, schema_editor):
    """A group of the house that happens to be called as a role keeps its people and rights, under another name."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=[role.name for role in roles.ROLES]):
        group.name = f"{group.name} (before roles)"
        group.save(update_fields=["name"])


def keep_sight(apps, schema_editor):
    """Until now whoever might see envelopes, templates or mails saw all of them; and could export and save views."""
    using = schema_editor.connection.alias
    from django.apps import apps as present

    create_permissions(present.get_app_config("signing"), verbosity=0, using=using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    of_ours = Q(content_type__app_label="signing")
    everything = list(permissions.filter(of_ours, codename="see_all"))
    desk = list(permissions.filter(of_ours, codename__in=("add_errand", "add_savedview")))
    before = permissions.filter(of_ours).exclude(codename__in=("see_all", "see_team"))
    for model, path in ((apps.get_model("auth", "Group"), "permissions"), (apps.get_model("auth", "User"), "user_permissions")):
        rows = model.objects.using(using)
        for row in rows.filter(**{f"{path}__in": before}).distinct():
            getattr(row, path).add(*everything)
        for row in rows.filter(**{f"{path}__in": before.filter(codename__in=DESK)}).distinct():
            getattr(row, path).add(*desk)


def share_templates(apps, schema_editor):
    """There were none but the house's: senders of all teams go on using them."""
    apps.get_model("signing", "Template").objects.using(schema_editor.connection.alias).update(is_shared=True)


def make_roles(apps, schema_editor):
    roles.renew(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0020_teams"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(keep_names_free, migrations.RunPython.noop),
        migrations.RunPython(keep_sight, migrations.RunPython.noop),
        migrations.RunPython(share_templates, migrations.RunPython.noop),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
