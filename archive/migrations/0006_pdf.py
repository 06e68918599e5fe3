"""A documentation waits once for each edition and variant."""

from django.db import migrations, models

SUPERSEDED = "Dieselbe Dokumentation war noch einmal angefordert; erstellt wird nur die letzte."


def keep_the_last_that_waits(apps, schema_editor):
    builds = apps.get_model("archive", "DocumentationBuild").objects
    seen = set()
    for build in builds.filter(state="waiting").order_by("-pk"):
        key = (build.edition_id, build.variant)
        if key in seen:
            builds.filter(pk=build.pk).update(state="failed", reason=SUPERSEDED, finished_at=build.requested_at)
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [("archive", "0005_rest")]

    operations = [
        migrations.RunPython(keep_the_last_that_waits, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="documentationbuild",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("edition", "variant"),
                name="documentation_waits_once",
            ),
        ),
    ]
