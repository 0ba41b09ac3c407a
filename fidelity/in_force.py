"""Which scale and which policy hold: for a review, and for a state on a day."""

from datetime import date
from functools import lru_cache

from agencies.models import StatePolicy
from agencies.models.states import Stated, policy_data
from fidelity.models import Review, ScaleVersion, ScaleWording
from fidelity.policy import FidelityPolicy, state_policy
from fidelity.scales import Scale, load, shipped
from fidelity.wording import Wording

NATIONAL_SCALE = "ips25-2008"


@lru_cache(maxsize=64)
def _parsed(scale_id: int, sha256: str) -> Scale:
    """An edition never changes under its hash, so it is parsed once in a process."""
    return Scale.parse(ScaleVersion.objects.values_list("data", flat=True).get(pk=scale_id))


def scale_of(review: Review) -> Scale:
    return _parsed(review.scale_id, review.scale.sha256)


def scale_in(version: ScaleVersion) -> Scale:
    return _parsed(version.pk, version.sha256)


def scale_known(scale_id: int, sha256: str) -> Scale:
    """Of a version that is read with something else: a question to the database once in a process."""
    return _parsed(scale_id, sha256)


def policy_on(state_id: int, day: date) -> FidelityPolicy:
    """What the state states, over the national default."""
    return state_policy(policy_data(state_id, StatePolicy.Subject.FIDELITY, day))


def policy_in(stated: Stated, day: date) -> FidelityPolicy:
    """`policy_on`, of what was read already."""
    return state_policy(stated.data(StatePolicy.Subject.FIDELITY, day))


def wording_of(state_id: int, scale_id: int) -> Wording:
    """The official anchors where the state has loaded what it may use; our own words stand elsewhere."""
    rows = ScaleWording.objects.in_state(state_id).filter(scale_id=scale_id)
    return {(row.item_code, row.level): row.text for row in rows}


def scale_version_on(state_id: int, day: date) -> ScaleVersion:
    """The edition new reviews use: the one the policy names, else the national scale, latest by then.

    For a day before there was any, the oldest there is.
    """
    wanted = policy_on(state_id, day).scale_version
    for key in (wanted, NATIONAL_SCALE):
        if row := edition_by(state_id, key, day):
            return row
    if row := ScaleVersion.objects.filter(key=NATIONAL_SCALE).order_by("effective_from", "id").first():
        return row
    raise LookupError(f"No scale {wanted} is loaded. Run: python manage.py migrate")


def edition_by(state_id: int, key: str, day: date) -> ScaleVersion | None:
    """The latest edition that holds by that day."""
    rows = ScaleVersion.objects.open_to(state_id).filter(key=key, effective_from__lte=day)
    return rows.order_by("state_id", "-effective_from", "-id").first()


def scale_by(policy: FidelityPolicy, state_id: int, day: date) -> Scale:
    """The scale the policy names. One that ships is known without a question to the database."""
    if policy.scale_version in {each.key for each in shipped()}:
        return load(policy.scale_version)
    return scale_in(scale_version_on(state_id, day))
