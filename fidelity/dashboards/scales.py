"""The scales a state can choose from: those that come with the portal, its own, and those that cannot be used yet."""

from collections import Counter
from dataclasses import dataclass

from agencies.models import State
from fidelity.in_force import policy_on, scale_in, scale_version_on
from fidelity.models import Review, ScaleVersion
from fidelity.scales import Band, Scale
from fidelity.scales.withheld import WITHHELD, Withheld


@dataclass(frozen=True)
class ScaleLine:
    version: ScaleVersion
    scale: Scale
    bands: tuple[Band, ...]
    reviews: int  # of this state
    is_used: bool  # by reviews that begin today

    @property
    def is_own(self) -> bool:
        return self.version.state_id is not None


@dataclass(frozen=True)
class ScaleList:
    lines: tuple[ScaleLine, ...]
    withheld: tuple[Withheld, ...]


def scale_list(tenant: State) -> ScaleList:
    """Four queries, whatever their number; an edition is parsed once in a process."""
    today = tenant.today()
    labels, used = policy_on(tenant.pk, today).band_labels, scale_version_on(tenant.pk, today)
    rated = Counter(Review.objects.in_state(tenant.pk).values_list("scale_id", flat=True))
    versions = (
        ScaleVersion.objects.open_to(tenant.pk)
        .select_related("added_by")
        .order_by("state_id", "name", "-effective_from", "-pk")
        .defer("data")
    )
    return ScaleList(
        lines=tuple(
            ScaleLine(
                version=each,
                scale=(scale := scale_in(each)),
                bands=scale.labelled(labels),
                reviews=rated[each.pk],
                is_used=each.pk == used.pk,
            )
            for each in versions
        ),
        withheld=WITHHELD,
    )


def scale_choices(tenant: State) -> list[tuple[str, str]]:
    """By key, for the state's rules; an own edition's name counts where there are several."""
    rows = ScaleVersion.objects.open_to(tenant.pk).order_by("effective_from", "pk")
    return sorted(dict(rows.values_list("key", "name")).items(), key=lambda each: each[1])
