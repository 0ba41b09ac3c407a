"""The agreement on sharing in full of the gates' world: one in each state, which every agency is asked to answer."""

from datetime import timedelta
from typing import Any

from agencies.permissions import Actor
from outcomes.actions import sharing
from outcomes.models import SharingAgreement
from tests.cast import STARTED, StateCast
from tests.outcomes.programs import PAPER


def sign(cast: StateCast, by: Actor) -> None:
    sharing.record(
        cast.state,
        title=f"{cast.state.name} agreement",
        signed_on=STARTED,
        starts_on=STARTED,
        ends_on=cast.state.today() + timedelta(days=365),
        paper=PAPER,
        by=by,
    )


def signed(corner: Any) -> SharingAgreement:
    with corner.cast.entered("admin") as by:
        found: SharingAgreement = SharingAgreement.objects.visible_to(by).get()
        return found
