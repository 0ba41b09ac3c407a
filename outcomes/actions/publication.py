"""Publishes a state's quarter to its programs on the day the quarter becomes final, and anew when it was corrected.

For workers only: it imports the solver. What is hidden is worked out outside every transaction, which may take minutes,
and kept only if nothing changed meanwhile. Source: trust reference 2.4.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from agencies import tenancy
from agencies.models import Agency, State, Team
from ips_portal.bell import ring
from ips_portal.quarters import Quarter
from outcomes import notices, publishing, standing
from outcomes.in_force import measures_of, policy_of
from outcomes.models import (
    AgreementAnswer,
    FigureInFull,
    Publication,
    PublicQuarter,
    PublishedFigure,
    QuarterlyReport,
    SharingAgreement,
    StateQuarter,
)
from outcomes.policy import OutcomesPolicy, Sharing
from outcomes.suppression import shown
from outcomes.suppression.cells import Level, Period, Place, Reported
from outcomes.suppression.choosing import CannotHide, Standing, publish
from outcomes.suppression.choosing import Publication as Suppressed
from outcomes.suppression.rules import Rules, rules_of
from outcomes.suppression.shown import Row

log = logging.getLogger(__name__)

RECENT = 5  # quarters that publish themselves; older ones were never told and are left alone
LOCK = 2_404  # of the advisory lock: one publication of a state at a time
FEWEST_IN_CIRCLE = 2  # alone there is nobody to share with


@dataclass(frozen=True)
class Circle:
    """The agencies that accepted an agreement, of those that were asked."""

    agreement: int
    agencies: frozenset[str]
    asked: int


NOBODY = Circle(0, frozenset(), 0)


@dataclass(frozen=True)
class Telling:
    """What is told to whom: names with hidden counts, the state's totals, everybody, and the circle in full."""

    made: Publication
    giving: Circle
    today: date
    peers: Sequence[Row]
    totals: Sequence[Row]
    to_all: Mapping[str, Any] | None
    in_full: Sequence[Reported]


def ask_each_state() -> None:
    """One call for each state: a large one takes minutes."""
    for state_id in State.objects.values_list("pk", flat=True):
        ring("outcomes.publish_state", state_id)


def publish_state(state_id: int) -> None:
    """One quarter in each call, so that papers people wait for are made in between."""
    state = State.objects.get(pk=state_id)
    if publish_next(state, state.today()):
        ring("outcomes.publish_state", state_id)


def publish_next(state: State, today: date) -> Publication | None:
    """The oldest of the recent quarters that is final by the state's clock and was not told yet as it stands."""
    for quarter in (Quarter.of(today) - 1).last(RECENT):
        try:
            if made := publish_quarter(state, quarter, today):
                return made
        except CannotHide as refusal:
            found_out = len(refusal.args[0])
            log.error("%s: %s is not published, %s small counts would follow", state.slug, quarter, found_out)
            withhold(state, quarter, found_out)
    return None


def publish_quarter(state: State, quarter: Quarter, today: date) -> Publication | None:
    """None where there is nothing new to tell. Raises CannotHide."""
    with tenancy.as_system(state.pk):
        policy = policy_of(state.pk, quarter)
        sharing = policy.sharing
        basis, before = standing.basis_of(state.pk, quarter), former(state)
        if not (is_shared(sharing) and is_due(state, quarter, today)) or is_told(basis, quarter, before):
            return None
        reports, stands = standing.reported(basis), standing.standing_of(before)
        giving = circle_of(state, quarter, today) if sharing.peers != "off" else NOBODY
    periods, rules = standing.periods_of(quarter), rules_of(sharing)
    publication, circle = published_to(giving, reports, periods, rules, stands)
    made = Publication(
        state=state,
        quarter=quarter,
        number=len(before) + 1,
        rules=asdict(rules),
        made_of=basis,  # type: ignore[misc]
        circle=sorted(map(int, circle)),
        asked=giving.asked,
    )
    totals = shown.stakeholders(publication, periods, rules)
    to_all = told_to_all(state, quarter, policy, totals) if sharing.public else None
    return _keep(
        Telling(
            made,
            giving,
            today,
            peers=shown.peers(publication, periods) if sharing.peers != "off" else [],
            totals=totals if sharing.stakeholders else [],
            to_all=to_all,
            in_full=[each for each in reports if each.quarter == quarter and each.agency in circle],
        )
    )


def told_to_all(
    state: State, quarter: Quarter, policy: OutcomesPolicy, totals: Sequence[Row]
) -> dict[str, Any]:
    """With what the words meant that day, for nothing of it changes afterwards."""
    return {
        "counts": shown.to_all(totals),
        "definitions": {
            measure.key: measure.definition
            for measure in measures_of(policy)
            if measure.key in standing.PUBLISHED
        },
        "job": list(policy.job.words),
        "threshold": policy.sharing.threshold,
        "published_on": state.today().isoformat(),
    }


def published_to(
    giving: Circle, reports: Sequence[Reported], periods: Sequence[Period], rules: Rules, stands: Standing
) -> tuple[Suppressed, Collection[str]]:
    """With the circle, as far as each of its agencies gives something; without, where a figure would be found out."""
    quarter = max(period.last for period in periods)
    circle = giving.agencies & {report.agency for report in reports if report.quarter == quarter}
    if len(circle) >= FEWEST_IN_CIRCLE:
        try:
            return publish(reports, periods, rules, stands, circle=circle), circle
        except CannotHide:
            log.warning("%s is not told in full: what stands published would give a figure away", quarter)
    return publish(reports, periods, rules, stands), frozenset()


def circle_of(state: State, quarter: Quarter, today: date) -> Circle:
    """Who shares this quarter in full, under the agreement in force today."""
    agreements = SharingAgreement.objects.in_state(state.pk).in_force(today)
    agreement = agreements.filter(from_quarter__lte=quarter.starts_on).first()
    if agreement is None:
        return NOBODY
    answers = list(AgreementAnswer.objects.filter(agreement=agreement))
    accepted = {str(each.agency_id) for each in answers if each.status == each.Status.ACCEPTED}
    return Circle(agreement.pk, frozenset(accepted), len(answers))


@transaction.atomic(savepoint=False)
def withhold(state: State, quarter: Quarter, found_out: int) -> None:
    """Noted for who leads the state, who can do something about it."""
    with tenancy.as_system(state.pk):
        rows = StateQuarter.objects.in_state(state.pk).filter(quarter=quarter)
        rows.exclude(withheld=found_out).update(withheld=found_out)
        publishing.unshare(state.pk, quarter)


def former(state: State) -> list[Publication]:
    return list(Publication.objects.in_state(state.pk).order_by("number"))


def is_shared(sharing: Sharing) -> bool:
    return sharing.stakeholders or sharing.peers != "off"


def is_due(state: State, quarter: Quarter, today: date) -> bool:
    """Teams reported it, and the day has come on which its figures become final."""
    reports = QuarterlyReport.objects.in_state(state.pk).of_quarter(quarter)
    return reports.exclude(in_force=None).exists() and not reports.filter(locks_on__gt=today).exists()


def is_told(basis: standing.Basis, quarter: Quarter, before: Iterable[Publication]) -> bool:
    last = [publication.made_of for publication in before if publication.quarter == quarter][-1:]
    return [[row for row, _ in made_of] for made_of in last] == [[row for row, _ in basis]]


@transaction.atomic(savepoint=False)
def _keep(telling: Telling) -> Publication | None:
    """None where figures were accepted, or an agency answered, while this was worked out: the next turn of the
    timetable takes that in."""
    made = telling.made
    with tenancy.as_system(made.state_id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [LOCK, made.state_id])
        publishing.hold(made.state_id, made.quarter)  # nothing is accepted between the look and the telling
        is_as_read = len(former(made.state)) == made.number - 1
        if not is_as_read or standing.basis_of(made.state_id, made.quarter) != made.made_of:
            return None
        if telling.giving.agreement and circle_of(made.state, made.quarter, telling.today) != telling.giving:
            return None
        reports = QuarterlyReport.objects.in_state(made.state_id).of_quarter(made.quarter)
        made.expected = reports.count()
        made.teams = reports.exclude(in_force=None).count()
        made.save(force_insert=True)
        PublishedFigure.objects.bulk_create(_rows(made, telling.peers, telling.totals))
        FigureInFull.objects.bulk_create(_rows_in_full(telling))
        _tell_all(telling)
        StateQuarter.objects.in_state(made.state_id).filter(quarter=made.quarter).update(withheld=0)
        publishing.share(made.state_id, made.quarter)
        notices.published(made)
    return made


def _rows(made: Publication, peers: Iterable[Row], totals: Iterable[Row]) -> list[PublishedFigure]:
    teams = {team.pk: team for team in Team.objects.in_state(made.state_id).select_related("agency")}
    agencies = {agency.pk: agency.name for agency in Agency.objects.in_state(made.state_id)}
    open_to_all = {row.key: row for row in totals if row.value is not None}
    told = {row.key: row for row in peers} | open_to_all
    return [
        PublishedFigure(
            state_id=made.state_id,
            publication=made,
            **_place(key.place, teams, agencies),
            measure=key.measure,
            length=key.period.length,
            value=row.value,
            percent=row.percent,
            for_stakeholders=key in open_to_all,
        )
        for key, row in told.items()
    ]


def _rows_in_full(telling: Telling) -> list[FigureInFull]:
    teams = Team.objects.in_state(telling.made.state_id).select_related("agency")
    by_id = teams.in_bulk([int(report.team) for report in telling.in_full])
    return [
        FigureInFull(
            state_id=telling.made.state_id,
            publication=telling.made,
            agreement_id=telling.giving.agreement,
            agency_id=int(report.agency),
            team_id=int(report.team),
            team_name=by_id[int(report.team)].name,
            agency_name=by_id[int(report.team)].agency.name,
            measure=measure,
            value=value,
        )
        for report in telling.in_full
        for measure, value in report.counts.items()
    ]


def _tell_all(telling: Telling) -> None:
    """Once for a quarter. Where the state no longer tells everybody, the page closes with this quarter."""
    made, rows = telling.made, PublicQuarter.objects.in_state(telling.made.state_id)
    is_open = telling.to_all is not None
    newest = rows.order_by("-quarter").first()
    closes = newest is not None and newest.is_open and newest.quarter < made.quarter
    if rows.filter(quarter=made.quarter).exists() or not (is_open or closes):
        return
    PublicQuarter.objects.create(
        state_id=made.state_id,
        publication=made,
        quarter=made.quarter,
        is_open=is_open,
        figures=telling.to_all or {},
    )


def _place(place: Place, teams: Mapping[int, Team], agencies: Mapping[int, str]) -> dict[str, Any]:
    """The place and its names on the day of the publication."""
    match place.level:
        case Level.TEAM:
            team = teams[int(place.name)]
            return {"team_id": team.pk, "team_name": team.name, "agency_name": team.agency.name}
        case Level.AGENCY:
            return {"agency_id": int(place.name), "agency_name": agencies[int(place.name)]}
    return {}
