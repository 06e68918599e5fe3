from django.db import migrations, models
import django.db.models.deletion

# Empty after a crash and only then, see `newsletter.sending.claiming.database_epoch`. One row at most.
CREATE = """
    CREATE UNLOGGED TABLE newsletter_crash_epoch (id integer PRIMARY KEY CHECK (id = 1), value uuid NOT NULL)
"""


def create_crash_epoch(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop_crash_epoch(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE newsletter_crash_epoch")


class Migration(migrations.Migration):

    dependencies = [
        ('newsletter', '0005_composing'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='domain',
            field=models.CharField(blank=True, editable=False, max_length=255, verbose_name='Domain', default=''),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='delivery',
            name='database_epoch',
            field=models.CharField(blank=True, max_length=40, verbose_name='Stand der Datenbank'),
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_next',
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['mailing', 'state', 'not_before', 'id'], name='delivery_next'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='mailing',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='newsletter.mailing', verbose_name='Versand'),
        ),
        migrations.RunPython(create_crash_epoch, drop_crash_epoch),
    ]
