"""One practice state whose programs tell each other everything: the signed agreement and each agency's answer.

Rows as `actions.sharing` would have left them a year and a half ago; the action itself dates an agreement today, and
then it would hold for no quarter that is told yet.
"""

from datetime import timedelta
from pathlib import Path

from agencies.models import State
from agencies.permissions import Role
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.quarters import Quarter
from ips_portal.reports import storage
from outcomes.models import AgreementAnswer, SharingAgreement

PAPER = Path(__file__).with_name("agreement.pdf")
TITLE = "Sharing outcomes among IPS programs"
TOLD = 5  # quarters, as many as publish themselves
HOLDS = timedelta(days=3 * 365)


def agree(land: Land, crew: Crew) -> None:
    """For the quarters that publish themselves. An agency whose teams have served nobody yet stays out."""
    if not land.world.shares_in_full:
        return
    from_quarter = Quarter.last_ended(land.today) - (TOLD - 1)
    starts_on = from_quarter.starts_on
    content = PAPER.read_bytes()
    signed_on = starts_on - timedelta(days=20)
    agreement = land.rows.add(
        SharingAgreement(
            state=land.state,
            title=TITLE,
            signed_on=signed_on,
            starts_on=starts_on,
            ends_on=starts_on + HOLDS,
            from_quarter=from_quarter,  # type: ignore[misc]  # the column takes the value itself
            sha256=storage.digest(content),
            size=len(content),
            recorded_by=crew.first(Role.STATE_ADMIN).person,
            recorded_at=land.at(signed_on + timedelta(days=3), 10),
        )
    )
    for agency in land.agencies:
        if agency.ended_on is None or agency.ended_on > signed_on:
            accepts = any(site.age >= 1 for site in land.sites if site.team.agency is agency)
            answer = AgreementAnswer.Status.ACCEPTED if accepts else AgreementAnswer.Status.REFUSED
            leader = crew.leaders[agency.slug]
            asked_on = max(signed_on, leader.started_on)
            land.rows.add(
                AgreementAnswer(
                    state=land.state,
                    agreement=agreement,
                    agency=agency,
                    status=answer,
                    answered_by=leader.person,
                    answered_at=land.at(asked_on + timedelta(days=land.rng.randint(4, 18)), 14),
                )
            )


def keep_paper(state: State) -> None:
    """The bytes go where those of a real agreement go, once the state has its number."""
    for agreement in SharingAgreement.objects.in_state(state.pk):
        storage.keep(agreement.path, PAPER.read_bytes())
