from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0002_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='name',
            field=models.CharField(blank=True, max_length=150, verbose_name='Name'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mailed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='verschickt am'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mail_error',
            field=models.CharField(blank=True, editable=False, max_length=255, verbose_name='Antwort des Mailservers'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='announced_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='der Redaktion gemeldet am'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='answer',
            field=models.TextField(blank=True, max_length=1000, verbose_name='Begründung der Ablehnung'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='answered_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='beantwortet am'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True)), fields=('email', 'office'), name='invitation_open_unique'),
        ),
    ]
