"""What upkeep leaves behind, and who may see it: both groups answer reports and see the rest."""

import django.utils.timezone
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("Editors", "Publishers")
SEEN = ("report", "confirmation", "linkcheck", "missedsearch")
GRANTED = ("change_report", *(f"view_{name}" for name in SEEN))


def grant(apps, schema_editor):
    config = apps.get_app_config("missions")
    # Permissions are made after all migrations; here they are needed now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    granted = permission.objects.filter(content_type__app_label="missions", codename__in=GRANTED)
    for one in group.objects.filter(name__in=GROUPS):
        one.permissions.add(*granted)


def withdraw(apps, schema_editor):
    permission = apps.get_model("auth", "Permission")
    permission.objects.filter(content_type__app_label="missions", content_type__model__in=SEEN).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0005_addresses'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=600, unique=True, verbose_name='address')),
                ('state', models.CharField(choices=[('ok', 'In order'), ('unsure', 'Unsure'), ('broken', 'Broken')], db_index=True, max_length=6)),
                ('outcome', models.CharField(help_text='What the last check met, in words.', max_length=200)),
                ('checked_at', models.DateTimeField()),
                ('failures', models.PositiveIntegerField(default=0, help_text='Checks in a row that failed, for whatever reason.')),
                ('failed_at', models.DateTimeField(blank=True, help_text='First of these checks.', null=True, verbose_name='first failed')),
                ('missing_at', models.DateTimeField(blank=True, help_text='First of these checks that found nothing at the address.', null=True, verbose_name='first missing')),
            ],
            options={
                'ordering': ['url'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='MissedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(help_text='Folded words.', max_length=60, unique=True, verbose_name='searched for')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('days', models.PositiveIntegerField(default=1, verbose_name='on different days')),
                ('last_on', models.DateField(verbose_name='last')),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
                'ordering': ['-number', 'term'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ReportSending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=64)),
                ('sent_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='Model name of what was confirmed.', max_length=20)),
                ('permanent_id', models.CharField(help_text='Permanent id of what was confirmed.', max_length=40, verbose_name='permanent id')),
                ('confirmed_on', models.DateField(default=django.utils.timezone.localdate, help_text='The day from which the clock runs anew.')),
                ('confirmed_by', models.CharField(help_text='Name of the user, kept when the account goes.', max_length=150)),
                ('note', models.CharField(blank=True, help_text='What was looked at.', max_length=300)),
            ],
            options={
                'ordering': ['-confirmed_on', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['kind', 'permanent_id', 'confirmed_on'], name='confirmation_by_record')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='Model name of what it is about.', max_length=20)),
                ('permanent_id', models.CharField(help_text='Permanent id of what it is about.', max_length=40, verbose_name='permanent id')),
                ('about', models.CharField(help_text='What it is about, as it read when the report came in.', max_length=400)),
                ('entry', models.CharField(help_text='Permanent id of the entry that it belongs to, or is.', max_length=40)),
                ('text', models.TextField(help_text="In the reader's words.", verbose_name='what is wrong')),
                ('digest', models.CharField(editable=False, help_text='Tells a text that was sent twice.', max_length=64)),
                ('where', models.CharField(blank=True, max_length=500, verbose_name='where it can be checked')),
                ('email', models.EmailField(blank=True, help_text='For questions to the reader. Deleted when the report is closed.', max_length=254, verbose_name='e-mail')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received')),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('duplicate', 'Duplicate')], db_index=True, default='open', max_length=9)),
                ('answer', models.TextField(blank=True, help_text='What was found and done. Needed to close the report.')),
                ('handled_by', models.CharField(blank=True, help_text='Name of the user who last decided.', max_length=150)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'default_permissions': ('view', 'change'),
                'constraints': [models.UniqueConstraint(fields=('permanent_id', 'digest'), name='report_is_sent_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(models.Q(('answer', ''), _negated=True), ('email', '')), _connector='OR'), name='report_closed_has_answer_and_no_email', violation_error_message='A closed report has an answer and keeps no e-mail address.')],
            },
        ),
        migrations.RunPython(grant, withdraw),
    ]
