"""Which teams are one's own is looked up in a hash once a statement, not compared with each id row by row."""

from django.db import migrations

from agencies.enclosure import EVERYWHERE, STATE, TEAMS

OWN = "team_id IN (SELECT unnest(current_setting('app.team_ids')::bigint[]))"


def policies(own: str) -> str:
    home = f"(SELECT current_setting('app.reach')) IN ('agency', 'team') AND {own}"
    report = f"{STATE} AND ({EVERYWHERE} OR ({home}))"
    moves = f"{STATE} AND ({EVERYWHERE} OR ({home} AND status NOT IN ('accepted', 'locked')))"
    figures = f"{STATE} AND (({EVERYWHERE} AND NOT is_draft) OR ({home}))"
    drafts, submits = f"{STATE} AND {home} AND is_draft", f"{STATE} AND {home}"
    return f"""
    ALTER POLICY tenant_reads ON outcomes_quarterlyreport USING ({report});
    ALTER POLICY tenant_changes ON outcomes_quarterlyreport USING ({moves}) WITH CHECK ({moves});
    ALTER POLICY tenant_reads ON outcomes_revision USING ({figures});
    ALTER POLICY tenant_adds ON outcomes_revision WITH CHECK ({drafts});
    ALTER POLICY tenant_changes ON outcomes_revision USING ({drafts}) WITH CHECK ({submits});
    ALTER POLICY tenant_removes ON outcomes_revision USING ({drafts});
    """


class Migration(migrations.Migration):

    dependencies = [('outcomes', '0011_agency_quarters')]

    operations = [migrations.RunSQL(policies(OWN), policies(TEAMS.format("team_id")))]
