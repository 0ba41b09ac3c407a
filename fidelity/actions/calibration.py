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
    """Of every scale the state has used. Only what came out otherwise is written, or the history would tell of it
    each night."""
    with tenancy.as_system(state.pk):
        used = Review.objects.in_state(state.pk).order_by().values_list("scale_id", flat=True).distinct()
        found = {
            (row.scale_id, row.item_code): row
            for scale in ScaleVersion.objects.filter(pk__in=list(used))
            for row in figures(state, scale, pairs_in(state.pk, scale.pk, ALL_TIME))
        }
        kept = {(row.scale_id, row.item_code): row for row in ItemAgreement.objects.in_state(state.pk)}
        gone = [row.pk for key, row in kept.items() if key not in found]
        ItemAgreement.objects.in_state(state.pk).filter(pk__in=gone).delete()
        ItemAgreement.objects.bulk_create(
            [row for key, row in found.items() if key not in kept or not is_same(row, kept[key])],
            update_conflicts=True,
            unique_fields=["state", "scale", "item_code"],
            update_fields=["pairs", "kappa", "counted_at"],
        )


def is_same(one: ItemAgreement, other: ItemAgreement) -> bool:
    return (one.pairs, one.kappa) == (other.pairs, other.kappa)


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
