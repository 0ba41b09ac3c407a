"""Teams that all submit at once, each click doubled, and the invariants of trust.md 3.1 held against their journal.

Whoever gets no answer sends the same form again, key and all, as a browser's "send again" does.
"""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ips_portal.practice.visitor import Answer, CheckFailed, Form, Visitor, form_of, sign_in
from tests.cast import PASSWORD
from tests.ips_portal.site import Site, shell
from tests.ips_portal.storm import BACK_WITHIN, SOMEBODY_ELSES, Ask, Journal, chains, unexplained

CLERKS = 6  # who hand in at the same moment, each with two clicks
PREPARE = """
import json
from django.db import transaction
from agencies import tenancy
from agencies.models import Membership, MembershipTeam, State, Team
from agencies.permissions import Role
from outcomes.actions import opening
from outcomes.models import QuarterlyReport
from tests.cast import STARTED, StateCast
from tests.outcomes import quarters

state = State.objects.get(slug="meridian")
cast, teams = StateCast(state), []
with transaction.atomic():
    with tenancy.as_system(state.pk):
        like = Team.objects.select_related("agency").get(state=state, slug="north-one")
        seat = Membership.objects.select_related("person").get(role=Role.SUPERVISOR, teams__team=like)
        for number in range({count}):
            team = Team.objects.create(
                state=state, agency=like.agency, slug=f"storm-{{number}}", name=f"Storm team {{number}}",
                stage=like.stage, implementation_started_on=STARTED,
            )
            MembershipTeam.objects.create(state=state, membership=seat, team=team)
    cast.memberships["supervisor"] = seat
    last = quarters.last_quarter(cast)
    opening.open_quarter(state, last)
    with tenancy.as_system(state.pk):
        reports = list(QuarterlyReport.objects.placed().filter(state=state, team__slug__startswith="storm-"))
    for number, report in enumerate(reports):
        served = 30 + number % 20
        quarters.enter(cast, report, served=served, employed=served // 2)
        teams.append([report.pk, report.team.slug, served, served // 2])
print(json.dumps({{"email": seat.person.email, "quarter": last.slug, "teams": teams}}))
"""


@dataclass
class Team:
    """What its draft says, what its page asked to be sent, and whether it was told that the state has it."""

    report: int
    slug: str
    served: int
    employed: int
    key: str = ""
    told: int = 0


@dataclass
class Rush:
    site: Site
    visitor: Visitor
    quarter: str
    teams: list[Team]
    journal: Journal = field(default_factory=Journal)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hand_in(self, team: Team) -> None:
        """Opens the check page, and clicks twice."""
        page = self.until_answered(
            team, lambda: self.asker().get(f"meridian/outcomes/{team.slug}/{self.quarter}/submit/")
        )
        if page is None:
            return
        form = form_of(page)
        team.key = form.fields["key"][0]
        with ThreadPoolExecutor(2) as clicks:
            for _ in range(2):
                clicks.submit(self.click, team, page, form)

    def click(self, team: Team, page: Answer, form: Form) -> None:
        answer = self.until_answered(team, lambda: self.asker().send(page, form, {}))
        if answer is None:
            return
        with self.lock:
            if "submit/" in answer.path:
                self.journal.faults.append(f"{team.slug}: not submitted: {answer.words()}")
            else:
                team.told += 1

    def asker(self) -> Visitor:
        return Visitor(self.visitor.base, self.visitor.email, self.visitor.cookies)

    def until_answered(self, team: Team, ask: Callable[[], Answer]) -> Answer | None:
        end = time.monotonic() + BACK_WITHIN
        while time.monotonic() < end:
            try:
                answer = ask()
            except CheckFailed:
                with self.lock:
                    self.journal.lost += 1
            else:
                faults = [f"I9: {marker!r} was served" for marker in SOMEBODY_ELSES if marker in answer.body]
                with self.lock:
                    self.journal.faults += faults
                if answer.status == 200:
                    return answer
                with self.lock:
                    self.journal.refused.append((answer.status, answer.words(), answer.reference))
                    if answer.status != 503:
                        self.journal.faults.append(f"{team.slug}: {answer.status} {answer.words()}")
                        return None
            time.sleep(0.2)
        with self.lock:
            self.journal.faults.append(f"I8: {team.slug} was not answered within {BACK_WITHIN} s")
        return None


def rush(site: Site, count: int) -> Rush:
    known = json.loads(shell(PREPARE.format(count=count), site.env).splitlines()[-1])
    visitor = sign_in(site.address, {"name": "supervisor", "email": known["email"], "password": PASSWORD})
    return Rush(site, visitor, known["quarter"], [Team(*each) for each in known["teams"]])


def storm(rush: Rush, faults: Callable[[], None]) -> None:
    """All teams hand in while `faults` happens."""
    with ThreadPoolExecutor(CLERKS) as clerks:
        handed_in = [clerks.submit(rush.hand_in, team) for team in rush.teams]
        faults()
    for each in handed_in:
        each.result()


def broken(rush: Rush, ask: Ask | None = None) -> list[str]:
    """What does not hold, in words. `ask` sees the database otherwise than the site does."""
    ask = ask or rush.site.rows
    found = list(rush.journal.faults)
    stored = {
        report: tuple(row)
        for report, *row in ask(
            "SELECT r.id, r.status, v.is_draft, v.submit_key::text, v.served, v.employed"
            " FROM outcomes_quarterlyreport r JOIN outcomes_revision v ON v.report_id = r.id AND v.number = r.current"
        )
    }
    for team in rush.teams:
        wanted = ("submitted", False, team.key, team.served, team.employed)
        if team.told and stored.get(team.report) != wanted:
            found.append(f"I1: {team.slug} was told {wanted}, stored is {stored.get(team.report)}")
        if team.told != 2:
            found.append(f"I3: {team.slug} clicked twice and was answered {team.told} times")
    return found + doubled(ask) + sums(rush, ask) + chains(ask) + unexplained(rush.site, rush.journal)


def doubled(ask: Ask) -> list[str]:
    """One submitted revision, one transition in the history, and one notice to each person, for every team."""
    counts = ask(
        "SELECT r.id, (SELECT count(*) FROM outcomes_revision v WHERE v.report_id = r.id AND NOT v.is_draft),"
        " (SELECT count(*) FROM agencies_change c WHERE c.table_name = 'outcomes_quarterlyreport'"
        "  AND c.row_id = r.id AND c.kind = 'update' AND c.values -> 'status' ->> 1 = 'submitted'),"
        " count(m.id) - count(DISTINCT m.person_id), count(m.id)"
        " FROM outcomes_quarterlyreport r JOIN agencies_team t ON t.id = r.team_id"
        " LEFT JOIN notices_message m ON m.notice = 'quarter-submitted' AND m.key LIKE '%:' || r.id || ':%'"
        " WHERE t.slug LIKE 'storm-%' GROUP BY r.id"
    )
    found = []
    for report, revisions, transitions, twice, told in counts:
        if (revisions, transitions, twice) != (1, 1, 0) or not told:
            found.append(
                f"I2: report {report}: {revisions} revisions, {transitions} transitions, {told} notices, {twice} twice"
            )
    return found


def sums(rush: Rush, ask: Ask) -> list[str]:
    told = [(sum(team.served for team in rush.teams), sum(team.employed for team in rush.teams))]
    stored = ask(
        "SELECT sum(served)::int, sum(employed)::int FROM outcomes_revision v"
        " JOIN outcomes_quarterlyreport r ON r.id = v.report_id JOIN agencies_team t ON t.id = r.team_id"
        " WHERE NOT v.is_draft AND t.slug LIKE 'storm-%'"
    )
    return [] if stored == told else [f"I4: the sums are {stored}, the teams handed in {told}"]
