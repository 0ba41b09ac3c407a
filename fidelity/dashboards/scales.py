"""The scales a state can choose from: those that come with the portal, its own, and those that cannot be used yet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from agencies.models import State
from fidelity.in_force import policy_on, scale_in, scale_version_on
from fidelity.models import Review, ScaleVersion
from fidelity.scales import Band, Scale, Subscale, span
from fidelity.scales.bands import labelled
from fidelity.scales.withheld import WITHHELD, Withheld


@dataclass(frozen=True)
class ScalePart:
    """What one total of a scale can be; `bands` under the state's own names."""

    code: str
    name: str
    leads: bool
    items: int
    lowest: int
    possible: int
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class ScaleLine:
    """`parts` are there where the scale has a total per part; `bands` are then those of the leading one."""

    version: ScaleVersion
    scale: Scale
    bands: tuple[Band, ...]
    parts: tuple[ScalePart, ...]
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
                parts=scale_parts(scale, labels),
                reviews=rated[each.pk],
                is_used=each.pk == used.pk,
            )
            for each in versions
        ),
        withheld=WITHHELD,
    )


def scale_parts(scale: Scale, labels: Mapping[str, str]) -> tuple[ScalePart, ...]:
    return tuple(scale_part(scale, each, labels) for each in scale.subscales)


def scale_part(scale: Scale, subscale: Subscale, labels: Mapping[str, str]) -> ScalePart:
    items = scale.items_of(subscale.code)
    lowest, possible = span(items)
    return ScalePart(
        code=subscale.code,
        name=subscale.name,
        leads=subscale.leads,
        items=len(items),
        lowest=lowest,
        possible=possible,
        bands=labelled(subscale.bands, labels),
    )


def scale_choices(tenant: State) -> list[tuple[str, str]]:
    """By key, for the state's rules; an own edition's name counts where there are several."""
    rows = ScaleVersion.objects.open_to(tenant.pk).order_by("effective_from", "pk")
    return sorted(dict(rows.values_list("key", "name")).items(), key=lambda each: each[1])
