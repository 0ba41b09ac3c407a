"""A state records how many people are eligible for IPS, dated and with source."""

from datetime import date

from django.db import transaction

from agencies.models import State, StatePolicy
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from ips_portal.quarters import Quarter
from outcomes.models import StateRate
from outcomes.need import MOST_PEOPLE, Estimate

SUBJECT = StatePolicy.Subject.NEED


@transaction.atomic(savepoint=False)
def record(state: State, *, estimate: Estimate, by: Actor) -> StatePolicy:
    """The same day again corrects what was recorded for it; the history keeps both. Raises Unacceptable."""
    require(by, "edit", Resource.POLICY, Place(state.pk))
    check(state, estimate)
    row, _ = StatePolicy.objects.update_or_create(
        state=state,
        subject=SUBJECT,
        effective_from=estimate.as_of,
        defaults={
            "name": "People eligible for IPS",
            "data": estimate.data,
            "source": estimate.source,
        },
    )
    return row


def check(state: State, estimate: Estimate) -> None:
    """Source: domain reference 3.3, V21: nobody is served who is not eligible."""
    if estimate.as_of > state.today():
        raise Unacceptable("This day has not come yet. Enter the day the number is of.", field="as_of")
    if not estimate.source:
        raise Unacceptable("Say where the numbers are from.", field="source")
    if not 0 < estimate.eligible <= MOST_PEOPLE:
        raise Unacceptable("Enter a whole number of people above 0.", field="eligible")
    if estimate.residents is not None and not estimate.eligible <= estimate.residents <= MOST_PEOPLE:
        raise Unacceptable(
            f"There cannot be fewer residents than people eligible for IPS ({estimate.eligible:,}). Check both.",
            field="residents",
        )
    most = most_served(state, estimate.as_of)
    if most and estimate.eligible < most.denominator:
        raise Unacceptable(
            f"Teams served {most.denominator:,.0f} people in {most.quarter.months}; fewer cannot be eligible. "
            "Check the number.",
            field="eligible",
        )


def most_served(state: State, as_of: date) -> StateRate | None:
    """The fullest of the quarters this number holds for: from its day until the next one that is recorded."""
    rates = StateRate.objects.in_state(state.pk).filter(measure="employment")
    held = rates.filter(quarter__gte=Quarter.of(as_of).starts_on)
    recorded = StatePolicy.objects.in_state(state.pk).filter(subject=SUBJECT, effective_from__gt=as_of)
    following = recorded.order_by("effective_from").first()
    if following:
        held = held.filter(quarter__lt=Quarter.of(following.effective_from).starts_on)
    return held.order_by("-denominator").first()
