import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import agencies.tenancy
from agencies.enclosure import EVERYWHERE, PERSON, STATE, TEAMS, Enclose


APP = settings.APP_DATABASE_ROLE
# The table is named with the column: inside the sub-selects a bare name would be that of a reviewer.
REVIEWS_IT = (
    "EXISTS (SELECT 1 FROM fidelity_reviewer own WHERE own.review_id = fidelity_moderation.review_id"
    f" AND own.{PERSON.format('person_id')})"
)
DRAFTED = (
    "EXISTS (SELECT 1 FROM fidelity_review v WHERE v.id = fidelity_moderation.review_id"
    " AND v.status = 'draft_report')"
)
AGENCY = "(SELECT current_setting('app.reach')) IN ('agency', 'team')"
# Who wrote the draft and was taken off since is a reviewer no more, but does not decide about their own words.
WROTE = (
    "EXISTS (SELECT 1 FROM fidelity_reviewtext t WHERE t.review_id = fidelity_moderation.review_id"
    " AND t.writers @> to_jsonb((SELECT current_setting('app.person_id')::bigint)))"
)
# For the state and the reviewers. Nobody of an agency reads it, whoever of its people reviewed before.
READS = f"{STATE} AND ({EVERYWHERE} OR ({TEAMS.format('team_id')} AND {REVIEWS_IT} AND NOT {AGENCY}))"
ASKS = f"{READS} AND {DRAFTED} AND {REVIEWS_IT} AND {PERSON.format('asked_by_id')} AND outcome = ''"
DECIDES = (
    f"{STATE} AND {EVERYWHERE} AND {DRAFTED} AND NOT {REVIEWS_IT} AND NOT {WROTE}"
    f" AND {PERSON.format('done_by_id')}"
    " AND outcome <> ''"
)
# What is decided is a record: of two who decide at once, the second finds nothing to change.
DECIDED_ONCE = migrations.RunSQL(
    f"""
    DROP POLICY tenant_changes ON fidelity_moderation;
    CREATE POLICY tenant_changes ON fidelity_moderation FOR UPDATE TO {APP}
        USING ({READS} AND outcome = '') WITH CHECK ({DECIDES});
    """,
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_need'),
        ('fidelity', '0011_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewtext', name='writers', field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name='Moderation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.TextField(blank=True, max_length=10000)),
                ('outcome', models.CharField(blank=True, choices=[('agreed', 'Agreed'), ('returned', 'Returned')], max_length=10)),
                ('note', models.TextField(blank=True, max_length=10000)),
                ('remarks', models.JSONField(blank=True, default=dict)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='moderations', to='fidelity.review')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.state')),
                ('team', agencies.tenancy.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.team')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='a_moderation_has_its_outcome_and_person'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'returned'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='a_draft_is_returned_for_a_reason'), models.CheckConstraint(condition=models.Q(('done_by__isnull', True), models.Q(('done_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_moderates_what_they_asked_for')],
            },
        ),
        Enclose("Moderation", "team", rule=READS, write_rule=ASKS, change_rule=DECIDES),
        DECIDED_ONCE,
    ]
