"""Whom to sign in as: one person for each role of each practice state, and a few who hold two parts."""

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from agencies.models import Membership, State
from agencies.permissions import Role

FILE = "accounts.json"
TRIES = {
    Role.STATE_ADMIN: "Issue the report that is waiting, read the policy and the audit log, invite somebody.",
    Role.STATE_TRAINER: "Go on rating the review with 7 of 25 items, or schedule a new one.",
    Role.VR_LIAISON: "Read issued reports of the whole state, add a note to the plan of the agency assigned to you.",
    Role.MH_LIAISON: "Compare teams across the state and open their issued reports.",
    Role.DEPARTMENT_LIAISON: "Read issued reports; drafts stay closed to you.",
    Role.PAYER: "Open the teams of contracted agencies; other agencies are not there for you.",
    Role.AGENCY_LEADER: "Download the fidelity report and the action plan, and bring overdue rows up to date.",
    Role.SUPERVISOR: "Go on with the self-review of your own team, then work on its action plan.",
    Role.SPECIALIST: "See your own team's issued reviews and plan; nothing of other teams.",
    Role.STAKEHOLDER: "See names and the state's rules, and no report.",
    Role.REVIEWER: "Rate your own sheet in the one review you are assigned to.",
    Role.OPERATOR: "Look at the state from outside, its people and agencies by name, never into its reviews.",
}
SECOND_TRAINER = "Issue a report that another trainer led; your own waits for somebody else."
STRANGER = "Try to open the first agency's reviews by their address: they are not there."
TWO_STATES = "Choose between two states at the front door; each shows only its own."
TWO_PARTS = "Lead your own agency, and review a team of another one under your second membership."

Account = dict[str, str]


def accounts(states: Iterable[State], password: str) -> list[Account]:
    """The first of each role and state, then second parts worth trying."""
    found: list[Account] = []
    later: list[Account] = []
    for state in states:
        members = list(
            Membership.objects.in_state(state.pk)
            .filter(ended_on=None)
            .select_related("person", "agency", "payer")
            .prefetch_related("teams__team")
            .order_by("pk")
        )
        for role in Role:
            of_role = [member for member in members if member.role == role]
            if of_role:
                found.append(account(state, of_role[0], password, TRIES[role]))
        later += seconds(state, members, password)
    return found + list({(one["email"], one["tries"]): one for one in reversed(later)}.values())[::-1]


def seconds(state: State, members: list[Membership], password: str) -> list[Account]:
    trainers = [member for member in members if member.role == Role.STATE_TRAINER]
    leaders = [member for member in members if member.role == Role.AGENCY_LEADER]
    people = {member.person_id for member in leaders}
    both = [member for member in members if member.role == Role.REVIEWER and member.person_id in people]
    visitors = Membership.objects.exclude(state=state).values_list("person_id", flat=True)
    found = [account(state, member, password, SECOND_TRAINER) for member in trainers[1:2]]
    found += [account(state, member, password, STRANGER) for member in leaders[1:2]]
    found += [account(state, member, password, TWO_PARTS) for member in both[:1]]
    found += [
        account(state, member, password, TWO_STATES)
        for member in members
        if member.person_id in set(visitors)
    ][:1]
    return found


def account(state: State, member: Membership, password: str, tries: str) -> Account:
    teams = ", ".join(row.team.name for row in member.teams.all())
    place = teams or str(member.agency or member.payer or member.department or state.program_name)
    return {
        "state": state.slug,
        "state_name": state.name,
        "role": member.role,
        "role_label": member.role_label,
        "name": member.person.name,
        "email": member.person.email,
        "password": password,
        "where": place,
        "first_page": f"/{state.slug}/",
        "tries": tries,
    }


def save(found: list[Account]) -> Path:
    """For the demo, which prints them. Not for other eyes: the file holds passwords."""
    path = Path(settings.DATA_DIR) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def stored() -> list[Account]:
    path = Path(settings.DATA_DIR) / FILE
    if not path.exists():
        return []
    found: list[Account] = json.loads(path.read_text(encoding="utf-8"))
    return found


def as_table(found: list[Account]) -> str:
    columns = ("state_name", "role_label", "email", "where", "tries")
    heads = {
        "state_name": "State",
        "role_label": "Role",
        "email": "Sign in as",
        "where": "Where",
        "tries": "Try",
    }
    width = {name: max(len(heads[name]), *(len(one[name]) for one in found)) for name in columns}
    lines = ["  ".join(heads[name].ljust(width[name]) for name in columns).rstrip()]
    lines.append("  ".join("-" * width[name] for name in columns))
    before = ""
    for one in found:
        if before and one["state_name"] != before:
            lines.append("")
        before = one["state_name"]
        lines.append("  ".join(one[name].ljust(width[name]) for name in columns).rstrip())
    passwords = ", ".join(sorted({one["password"] for one in found}))
    return "\n".join([*lines, "", f"Everybody's password: {passwords}"])
