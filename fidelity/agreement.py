"""How far two reviewers who rate apart agree, and what has to be settled between them.

Source: domain reference 1.4. Figures stay counts below 30 pairs: of so few a coefficient says nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ips_portal.percent import whole_percent

SECOND_LOOK = 2  # points between two ratings from which the agreed one needs a reason
KAPPA_FROM = 30  # pairs
# Worth a look together. No source names a mark: these are the portal's own, said on the page.
TRAIN_BELOW, TRAIN_FROM = 70, 10  # percent of ratings alike, of so many pairs

Ratings = Mapping[str, int]  # of one sheet, by item


@dataclass(frozen=True)
class Agreement:
    """Pairs of ratings of the same thing: how many, how many alike, how many within a point, and the widest gap."""

    pairs: int = 0
    exact: int = 0
    within_one: int = 0
    largest: int = 0

    @property
    def exact_percent(self) -> int | None:
        return whole_percent(self.exact, self.pairs)

    @property
    def within_one_percent(self) -> int | None:
        return whole_percent(self.within_one, self.pairs)

    @property
    def wants_training(self) -> bool:
        percent = self.exact_percent
        return percent is not None and self.pairs >= TRAIN_FROM and percent < TRAIN_BELOW


def agreement(pairs: Iterable[tuple[int, int]]) -> Agreement:
    gaps = [abs(one - other) for one, other in pairs]
    return Agreement(
        pairs=len(gaps),
        exact=gaps.count(0),
        within_one=gaps.count(0) + gaps.count(1),
        largest=max(gaps, default=0),
    )


def pairs_of(sheets: Iterable[Ratings], item: str) -> list[tuple[int, int]]:
    """Each two ratings of an item; three reviewers make three pairs."""
    given = [sheet[item] for sheet in sheets if item in sheet]
    return [(one, other) for place, one in enumerate(given) for other in given[place + 1 :]]


def gap(given: Collection[int]) -> int:
    return max(given) - min(given)


def needs_reason(given: Collection[int], agreed: int) -> bool:
    """Ratings two points or more apart, and a rating that none of them gave, are agreed with a reason."""
    return gap(given) >= SECOND_LOOK or agreed not in given


def alike(sheets: Collection[Ratings]) -> dict[str, int]:
    """What every sheet rates the same: nothing is left to settle there."""
    first, *others = sheets
    return {item: score for item, score in first.items() if all(other.get(item) == score for other in others)}


def to_settle(sheets: Collection[Ratings]) -> list[str]:
    """Items that differ, widest gap first, then in the order of the scale."""
    settled = alike(sheets)
    items = [item for item in next(iter(sheets)) if item not in settled]
    return sorted(items, key=lambda item: -gap([sheet[item] for sheet in sheets]))
