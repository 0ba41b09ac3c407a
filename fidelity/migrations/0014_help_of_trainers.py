from django.conf import settings
from django.db import migrations, models

from agencies.enclosure import EVERYWHERE, PERSON, STATE, TEAMS

# As in 0006: everybody writes in their own name. What help was given is said by those who give it.
SEAT = (
    "EXISTS (SELECT 1 FROM agencies_membership seat"
    " WHERE seat.id = (SELECT current_setting('app.membership_id')::bigint) AND seat.role = ANY ('{}'))"
)
SAID = (
    f"{STATE} AND {PERSON.format('written_by_id')} AND ({EVERYWHERE} OR {TEAMS.format('team_id')})"
    f" AND (kind IN ('progress', 'comment') OR (kind = 'signed' AND {SEAT.format('{AL}')})"
    f" OR (kind IN ('approved', 'returned') AND {SEAT.format('{SA,ST,MC}')}))"
)
SAYS = SAID.removesuffix(")") + f" OR (kind = 'help' AND {SEAT.format('{SA,ST}')}))"
ADDS = "ALTER POLICY tenant_adds ON fidelity_planentry WITH CHECK ({})"
TALK = "steps_are_talked_about_and_plans_signed"


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_a_state_begins_on_its_own_day"),
        ("fidelity", "0013_bank_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="planentry", name=TALK),
        migrations.AlterField(
            model_name="planentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("progress", "Progress"),
                    ("comment", "Comment"),
                    ("help", "Visit or call of a trainer"),
                    ("signed", "Signed off"),
                    ("approved", "Approved"),
                    ("returned", "Returned"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="planentry",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["signed", "approved", "returned"], row=None)
                | models.Q(kind__in=["progress", "comment", "help"], row__isnull=False),
                name=TALK,
            ),
        ),
        migrations.RunSQL(ADDS.format(SAYS), ADDS.format(SAID)),
        # Going back, what was told stays as a comment.
        migrations.RunSQL(
            migrations.RunSQL.noop, "UPDATE fidelity_planentry SET kind = 'comment' WHERE kind = 'help'"
        ),
    ]
