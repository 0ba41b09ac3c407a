"""Works out each night how well a state's reviewers agree, item by item. For workers only: it imports statsmodels."""

from datetime import date

from django.db import transaction

from agencies import tenancy
from agencies.models import State
from fidelity.agreement import KAPPA_FROM
from fidelity.kappa import weighted_kappa
from fidelity.models import ItemAgreement, Review, ScaleVersion
from fidelity.pairs import Pair, by_item, pairs_in, spread

ALL_TIME = date(2000, 1, 1)


def count_all() -> None:
    for state in State.objects.all():
        count(state)


@transaction.atomic(savepoint=False)
def count(state: State) -> None:
    """Anew for every scale the state has used."""
    with tenancy.as_system(state.pk):
        used = Review.objects.in_state(state.pk).order_by().values_list("scale_id", flat=True).distinct()
        rows = [
            row
            for scale in ScaleVersion.objects.filter(pk__in=list(used))
            for row in figures(state, scale, pairs_in(state.pk, scale.pk, ALL_TIME))
        ]
        ItemAgreement.objects.in_state(state.pk).delete()
        ItemAgreement.objects.bulk_create(rows)


def figures(state: State, scale: ScaleVersion, pairs: list[Pair]) -> list[ItemAgreement]:
    found = []
    for item, own in {"": pairs, **by_item(pairs)}.items():
        both = spread(own)
        kappa = weighted_kappa(both) if len(both) >= KAPPA_FROM else None
        if kappa is not None:
            found.append(
                ItemAgreement(state=state, scale=scale, item_code=item, pairs=len(both), kappa=kappa)
            )
    return found
