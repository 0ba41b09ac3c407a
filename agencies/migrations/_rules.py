"""Rules of row-level security in this app's own words: who reads, and who writes, where no template of a reach fits."""

from agencies.enclosure import AGENCIES, EVERYWHERE, NAMES, OWN_AGENCIES, PERSON, STATE, TEAMS

# A leader opens a team in an agency they reach, before the team is on their own list.
TEAM = f"{STATE} AND ({NAMES} OR {TEAMS.format('id')} OR {AGENCIES.format('agency_id')})"
# Who is on a team is seen with the membership or with the team.
MEMBERSHIP_TEAM = (
    f"{STATE} AND ({EVERYWHERE} OR {TEAMS.format('team_id')} OR EXISTS"
    " (SELECT 1 FROM agencies_membership m WHERE m.id = membership_id))"
)

# Who sees what is decided by these rows, so they are written by fewer than read them: below the whole state by an
# agency's own people, for others than themselves, and for no more than the two roles that an agency gives.
EVERYBODY = f"{STATE} AND {EVERYWHERE}"
AN_AGENCY = "(SELECT current_setting('app.reach')) = 'agency'"
OF_MINE = OWN_AGENCIES.format("agency_id")
NOT_MYSELF = f"NOT {PERSON.format('person_id')}"
GIVES = f"{AN_AGENCY} AND {OF_MINE} AND role IN ('SU', 'ES')"
MANAGES = f"{STATE} AND ({EVERYWHERE} OR ({GIVES} AND {NOT_MYSELF}))"
INVITED = f"{STATE} AND ({EVERYWHERE} OR ({AN_AGENCY} AND {OF_MINE}))"
INVITES = f"{STATE} AND ({EVERYWHERE} OR ({GIVES}))"
PUTS_ON_TEAM = (
    f"{STATE} AND ({EVERYWHERE} OR EXISTS"
    f" (SELECT 1 FROM agencies_membership m WHERE m.id = membership_id AND {GIVES} AND {NOT_MYSELF}))"
)
# Payers name reviewers, and reach teams by assignment themselves.
ASSIGNS = (
    f"{STATE} AND ({EVERYWHERE} OR ({TEAMS.format('team_id')} AND ({AN_AGENCY}"
    f" OR ((SELECT current_setting('app.reach')) = 'assigned' AND {NOT_MYSELF}))))"
)
WRITES_TEAM = f"{STATE} AND ({EVERYWHERE} OR ({AN_AGENCY} AND ({TEAMS.format('id')} OR {OF_MINE})))"
WRITES_AGENCY = f"{STATE} AND ({EVERYWHERE} OR ({AN_AGENCY} AND {OWN_AGENCIES.format('id')}))"
ASSIGNMENT = (
    f"{STATE} AND ({EVERYWHERE} OR {PERSON.format('person_id')} OR {TEAMS.format('team_id')}"
    f" OR {AGENCIES.format('agency_id')})"
)
# A token is its person's own; the admins of the state see and revoke all of them.
TOKEN = (
    f"{STATE} AND ({PERSON.format('person_id')} OR EXISTS (SELECT 1 FROM agencies_membership m WHERE m.role = 'SA'"
    " AND m.id = (SELECT current_setting('app.membership_id')::bigint)))"
)
