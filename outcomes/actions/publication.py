"""Publishes a state's quarter to its programs on the day the quarter becomes final, and anew when it was corrected.

For workers only: it imports the solver. What is hidden is worked out outside every transaction, which may take minutes,
and kept only if nothing changed meanwhile. Source: trust reference 2.4.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection, transaction

from agencies import tenancy
from agencies.models import Agency, State, Team
from ips_portal.bell import ring
from ips_portal.quarters import Quarter
from outcomes import notices, publishing, standing
from outcomes.in_force import policy_of
from outcomes.models import Publication, PublishedFigure, QuarterlyReport
from outcomes.policy import Sharing
from outcomes.suppression import shown
from outcomes.suppression.cells import Level, Place
from outcomes.suppression.choosing import CannotHide, publish
from outcomes.suppression.rules import rules_of
from outcomes.suppression.shown import Row

log = logging.getLogger(__name__)

RECENT = 5  # quarters that publish themselves; older ones were never told and are left alone
LOCK = 2_404  # of the advisory lock: one publication of a state at a time


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
    return None


def publish_quarter(state: State, quarter: Quarter, today: date) -> Publication | None:
    """None where there is nothing new to tell. Raises CannotHide."""
    with tenancy.as_system(state.pk):
        sharing = policy_of(state.pk, quarter).sharing
        basis, before = standing.basis_of(state.pk, quarter), former(state)
        if not (is_shared(sharing) and is_due(state, quarter, today)) or is_told(basis, quarter, before):
            return None
        reports, stands = standing.reported(basis), standing.standing_of(before)
    periods, rules = standing.periods_of(quarter), rules_of(sharing)
    publication = publish(reports, periods, rules, stands)
    peers = shown.peers(publication, periods) if sharing.peers != "off" else []
    totals = shown.stakeholders(publication, periods, rules) if sharing.stakeholders else []
    made = Publication(
        state=state,
        quarter=quarter,
        number=len(before) + 1,
        rules=asdict(rules),
        made_of=basis,  # type: ignore[misc]
    )
    return _keep(made, peers, totals)


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
def _keep(made: Publication, peers: Iterable[Row], totals: Iterable[Row]) -> Publication | None:
    """None where figures were accepted while this was worked out: the next turn of the timetable takes them in."""
    with tenancy.as_system(made.state_id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [LOCK, made.state_id])
        publishing.hold(made.state_id, made.quarter)  # nothing is accepted between the look and the telling
        is_as_read = len(former(made.state)) == made.number - 1
        if not is_as_read or standing.basis_of(made.state_id, made.quarter) != made.made_of:
            return None
        reports = QuarterlyReport.objects.in_state(made.state_id).of_quarter(made.quarter)
        made.expected = reports.count()
        made.teams = reports.exclude(in_force=None).count()
        made.save(force_insert=True)
        PublishedFigure.objects.bulk_create(_rows(made, peers, totals))
        publishing.refresh(made.state_id, made.quarter)
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


def _place(place: Place, teams: Mapping[int, Team], agencies: Mapping[int, str]) -> dict[str, Any]:
    """The place and its names on the day of the publication."""
    match place.level:
        case Level.TEAM:
            team = teams[int(place.name)]
            return {"team_id": team.pk, "team_name": team.name, "agency_name": team.agency.name}
        case Level.AGENCY:
            return {"agency_id": int(place.name), "agency_name": agencies[int(place.name)]}
    return {}
