"""The path to the next band: which few items could carry a total there, and what it takes. Never a promise.

The rule: as few items as possible, so those furthest below the highest rating come first; among equals those made of
single components, which can be put in place one by one, then the order of the scale. Only the last item may need fewer
points than it has room for. In a scale with subscales it is the path of the leading one, by its items alone. Source:
domain reference 1.3, R12; the rule is the portal's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fidelity.scales import HIGHEST, Item, Scale
from fidelity.scoring import check_ratings, to_next_band


@dataclass(frozen=True)
class Step:
    """One item, from the rating it has to the rating the path counts on."""

    item: Item
    rating: int
    to: int

    @property
    def points(self) -> int:
        return self.to - self.rating

    @property
    def by_components(self) -> int:
        """How many single components the item is made of; 0 where practice changes as a whole."""
        return len(self.item.components)


@dataclass(frozen=True)
class Path:
    band: str
    points: int
    steps: tuple[Step, ...]
    part: str = ""  # whose band it is, where the scale has a total per part


def path_to_next_band(
    scale: Scale, ratings: Mapping[str, int], labels: Mapping[str, str] | None = None
) -> Path | None:
    """None in the best band, for a scale without bands, and while an item has no rating."""
    rated = check_ratings(scale, ratings)
    if len(rated) < len(scale.items):
        return None
    total = sum(rated[item.code] for item in scale.counted)
    ahead = to_next_band(scale, total, labels or {})
    if ahead is None:
        return None
    return Path(ahead.label, ahead.points, _steps(scale, rated, ahead.points), scale.part)


def _steps(scale: Scale, rated: Mapping[str, int], points: int) -> tuple[Step, ...]:
    by_room = sorted(scale.counted, key=lambda item: (rated[item.code], not item.components, item.seq))
    steps: list[Step] = []
    for item in by_room:
        if points <= 0:
            break
        rise = min(HIGHEST - rated[item.code], points)
        steps.append(Step(item, rated[item.code], rated[item.code] + rise))
        points -= rise
    return tuple(steps)
