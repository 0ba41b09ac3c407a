import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from agencies.enclosure import EVERYWHERE, STATE, Enclose

SEAT = (
    "EXISTS (SELECT 1 FROM agencies_membership seat"
    " WHERE seat.id = (SELECT current_setting('app.membership_id')::bigint) AND seat.role = '{}')"
)
# Who may have a report in hand: the state, agencies that rate themselves, and reviewers from elsewhere, but no payer.
READS = f"{STATE} AND ((SELECT current_setting('app.reach')) IN ('state', 'agency') OR {SEAT.format('XR')})"
# Who decides the state's policy keeps the bank.
WRITES = f"{STATE} AND {EVERYWHERE} AND {SEAT.format('SA')}"

class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0006_history_at_once'),
        ('fidelity', '0012_moderation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('strengths', 'Strengths'), ('overview', 'About the team'), ('method', 'How the review was done'), ('next_steps', 'Next steps'), ('found', 'What was found at an item'), ('recommendation', 'Recommendation at an item')], max_length=20)),
                ('scale_key', models.CharField(blank=True, max_length=40)),
                ('item_code', models.CharField(blank=True, max_length=10)),
                ('lowest', models.PositiveSmallIntegerField(default=1)),
                ('highest', models.PositiveSmallIntegerField(default=5)),
                ('text', models.TextField(max_length=10000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('form_key', models.UUIDField()),
                ('retired_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.state')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('state', 'form_key'), name='a_form_adds_a_bank_text_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_bank_text_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('part__in', ('found', 'recommendation')), models.Q(('item_code', ''), _negated=True), models.Q(('scale_key', ''), _negated=True)), models.Q(('part__in', ('strengths', 'overview', 'method', 'next_steps')), ('highest', 5), ('item_code', ''), ('lowest', 1), ('scale_key', '')), _connector='OR'), name='a_bank_text_of_an_item_names_it_with_its_scale'), models.CheckConstraint(condition=models.Q(('highest__lte', 5), ('lowest__gte', 1), ('lowest__lte', models.F('highest'))), name='a_bank_text_suits_at_least_one_rating'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', True), ('retired_by__isnull', True)), models.Q(('retired_at__isnull', False), ('retired_by__isnull', False)), _connector='OR'), name='a_bank_text_is_retired_by_somebody')],
            },
        ),
        Enclose("BankText", "shared", rule=READS, write_rule=WRITES),
    ]
