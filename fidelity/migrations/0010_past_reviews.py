"""Reviews from before the portal, and the files they came in."""

import agencies.tenancy
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from agencies.enclosure import Enclose


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_need'),
        ('fidelity', '0009_register'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='review',
            name='mode',
            field=models.CharField(blank=True, choices=[('onsite', 'On site'), ('virtual', 'Virtual')], default='onsite', max_length=8),
        ),
        migrations.CreateModel(
            name='ReviewImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('staged', models.JSONField(blank=True, default=dict)),
                ('status', models.CharField(choices=[('previewed', 'Not finished'), ('done', 'Imported'), ('discarded', 'Discarded')], default='previewed', max_length=9)),
                ('choice', models.CharField(blank=True, choices=[('all', 'Only if all rows are good'), ('good', 'The good rows')], max_length=4)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('left_out', models.JSONField(blank=True, default=list)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('submit_key', models.UUIDField(blank=True, null=True)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_reason', models.TextField(blank=True)),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.state')),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-uploaded_at',),
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='reviewimport',
            constraint=models.UniqueConstraint(fields=('state', 'public_id'), name='review_import_ids_are_unique_in_a_state'),
        ),
        migrations.AddConstraint(
            model_name='reviewimport',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'previewed')), fields=('state', 'sha256'), name='a_file_of_reviews_is_open_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewimport',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'previewed'), ('finished_at__isnull', False), _connector='OR'), name='a_review_import_that_is_over_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='reviewimport',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'previewed'), ('staged', {}), _connector='OR'), name='a_review_import_that_is_over_keeps_no_rows'),
        ),
        migrations.AddConstraint(
            model_name='reviewimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), ('taken_back_by', None), ('taken_back_reason', '')), models.Q(('status', 'done'), ('taken_back_at__isnull', False), ('taken_back_by__isnull', False), models.Q(('taken_back_reason', ''), _negated=True)), _connector='OR'), name='what_is_taken_back_was_imported_and_says_why'),
        ),
        Enclose("ReviewImport", "state", untold=["staged", "left_out"]),
        migrations.AddField(
            model_name='review',
            name='imported',
            field=agencies.tenancy.TenantForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='fidelity.reviewimport'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mode', ''), _negated=True), ('imported__isnull', False), _connector='OR'), name='only_an_imported_review_names_no_place'),
        ),
        migrations.RunSQL(
            "ALTER TABLE fidelity_review ADD CONSTRAINT fidelity_review_imported_id_same_state"
            " FOREIGN KEY (state_id, imported_id) REFERENCES fidelity_reviewimport (state_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE fidelity_review DROP CONSTRAINT fidelity_review_imported_id_same_state",
        ),
    ]
