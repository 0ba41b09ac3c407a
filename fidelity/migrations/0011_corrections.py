import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import agencies.tenancy
from agencies.enclosure import EVERYWHERE, PERSON, STATE, TEAMS, Enclose


APP = settings.APP_DATABASE_ROLE
# The table is named with the column: inside the sub-selects a bare name would be that of a reviewer.
REVIEWS_IT = (
    "EXISTS (SELECT 1 FROM fidelity_reviewer own WHERE own.review_id = fidelity_correction.review_id"
    f" AND own.{PERSON.format('person_id')})"
)
# As a draft: for the state and the reviewers. The agency reads editions only.
READS = f"{STATE} AND ({EVERYWHERE} OR ({TEAMS.format('team_id')} AND {REVIEWS_IT}))"
OPENS = f"{STATE} AND {EVERYWHERE}"
CHANGES = f"{STATE} AND ({EVERYWHERE} OR {PERSON.format('writer_id')})"
# What is closed is a record, like the edition it became or did not become.
CLOSED_FOR_GOOD = migrations.RunSQL(
    f"""
    DROP POLICY tenant_changes ON fidelity_correction;
    CREATE POLICY tenant_changes ON fidelity_correction FOR UPDATE TO {APP}
        USING ({READS} AND closed_at IS NULL) WITH CHECK ({CHANGES});
    """,
    migrations.RunSQL.noop,
)
OF_CORRECTION = "EXISTS (SELECT 1 FROM fidelity_correction c WHERE c.id = correction_id{})"
OPEN = " AND c.closed_at IS NULL AND c.ends_at > now()"
SEEN = f"{STATE} AND {OF_CORRECTION.format('')}"
CHOSEN = f"{STATE} AND {EVERYWHERE} AND {OF_CORRECTION.format(OPEN)}"
WRITTEN = f"{STATE} AND {OF_CORRECTION.format(OPEN + ' AND c.' + PERSON.format('writer_id'))}"


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_need'),
        ('fidelity', '0010_past_reviews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('corrects', models.PositiveSmallIntegerField()),
                ('reason', models.TextField(max_length=10000)),
                ('with_texts', models.BooleanField(default=False)),
                ('method', models.TextField(blank=True, max_length=10000)),
                ('overview', models.TextField(blank=True, max_length=10000)),
                ('strengths', models.TextField(blank=True, max_length=10000)),
                ('next_steps', models.TextField(blank=True, max_length=10000)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('issued', 'Issued as a new edition'), ('abandoned', 'Given up'), ('expired', 'Its days were over')], max_length=10)),
                ('given_up_because', models.TextField(blank=True, max_length=10000)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='fidelity.review')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.state')),
                ('team', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.team')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='CorrectedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_code', models.CharField(max_length=10)),
                ('score', models.PositiveSmallIntegerField()),
                ('found', models.TextField(blank=True, max_length=10000)),
                ('recommendation', models.TextField(blank=True, max_length=10000)),
                ('is_priority', models.BooleanField(default=False)),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.state')),
                ('team', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.team')),
                ('correction', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='fidelity.correction')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('review',), name='a_report_is_corrected_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_correction_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', True), ('outcome', 'expired')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('outcome__in', ['issued', 'abandoned'])), _connector='OR'), name='a_closed_correction_says_how_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'abandoned'), _negated=True), models.Q(('given_up_because', ''), _negated=True), _connector='OR'), name='a_correction_is_given_up_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='correcteditem',
            constraint=models.UniqueConstraint(fields=('correction', 'item_code'), name='an_item_is_corrected_once'),
        ),
        migrations.AddConstraint(
            model_name='correcteditem',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='a_corrected_score_is_from_1_to_5'),
        ),
        Enclose("Correction", "team", rule=READS, write_rule=OPENS, change_rule=CHANGES),
        Enclose("CorrectedItem", "team", rule=SEEN, write_rule=CHOSEN, change_rule=WRITTEN),
        CLOSED_FOR_GOOD,
    ]
