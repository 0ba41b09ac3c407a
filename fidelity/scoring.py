"""From the ratings of one review to its total, subtotals and band.

The rules are those of the domain reference, section 1.3, for the fidelity scale of 2008 and its review manual
(4th edition, 2019). Their numbers stand in the scale's data; only whole numbers are calculated with.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fidelity.scales import (
    HIGHEST,
    LOWEST,
    NA_POLICIES,
    TIE_RULES,
    Band,
    Item,
    Scale,
    Section,
    Subscale,
    span,
)
from fidelity.scales.bands import labelled

NO_LABELS: Mapping[str, str] = {}


class RatingError(ValueError):
    """A value that is not a rating; the text says what was seen and what to choose."""


@dataclass(frozen=True)
class Subtotal:
    """What one section adds up to; `total` stays empty until every item of the section is rated."""

    code: str
    name: str
    total: int | None
    provisional: int
    rated: int
    of: int
    possible: int


@dataclass(frozen=True)
class Part:
    """What one subscale adds up to, by the bands it has itself; `total` stays empty until all its items are rated."""

    code: str
    name: str
    leads: bool
    total: int | None
    provisional: int
    rated: int
    of: int
    possible: int
    band: Band | None
    bands: tuple[Band, ...]

    @property
    def words(self) -> str:
        """Such as “Employment 95 of 125, good”."""
        if self.total is None:
            return f"{self.name} not complete, {self.rated} of {self.of}"
        return f"{self.name} {self.total} of {self.possible}" + (f", {self.band.label}" if self.band else "")

    @property
    def so_far(self) -> str:
        return f"{self.name} {self.provisional} of {self.possible}"


@dataclass(frozen=True)
class NextBand:
    key: str
    label: str
    points: int


@dataclass(frozen=True)
class Score:
    """`total`, `band` and `to_next_band` are empty while an item is missing.

    In a scale with subscales they are those of the leading one, and so are `provisional_total` and `possible`; `parts`
    has a total for each. What is rated and missing is of all items, always.
    """

    total: int | None
    provisional_total: int
    rated: int
    of: int
    possible: int
    band: Band | None
    subtotals: tuple[Subtotal, ...]
    to_next_band: NextBand | None
    missing: tuple[str, ...]
    prorated: int | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.total is not None

    @property
    def summary(self) -> str:
        """The total in words that cannot be mistaken for a final one while items are missing."""
        if self.total is None:
            return f"provisional, {self.rated} of {self.of}"
        if self.parts:
            return "; ".join(part.words for part in self.parts)
        return f"{self.total} of {self.possible}" + (f", {self.band.label}" if self.band else "")


def check_rating(value: object) -> int:
    """A rating is a whole number from 1 to 5; half points do not exist (domain reference 1.3, R1)."""
    if type(value) is int and LOWEST <= value <= HIGHEST:  # a bool is an int to isinstance
        return value
    raise RatingError(f"Choose a whole number from {LOWEST} to {HIGHEST}. {_seen(value)}")


def parse_rating(text: str) -> int:
    """The rating a form sends: one ASCII digit. int() would also take “٣”, “ 3 ” and “+3” (R1)."""
    allowed = {str(rating): rating for rating in range(LOWEST, HIGHEST + 1)}
    if text in allowed:
        return allowed[text]
    raise RatingError(f"Choose a whole number from {LOWEST} to {HIGHEST}. {_seen(text)}")


def _seen(value: object) -> str:
    if value is None or value == "":
        return "Nothing was entered."
    if isinstance(value, bool):
        return f"You entered {'yes' if value else 'no'}."
    if isinstance(value, str):
        short = value if len(value) <= 20 else f"{value[:20]}…"
        return f"You entered the text “{short}”."
    if isinstance(value, int | float):
        return f"You entered {value}."
    return f"You entered something that is not a number ({type(value).__name__})."


def check_ratings(scale: Scale, ratings: Mapping[str, int]) -> dict[str, int]:
    """The ratings in the scale's order; UnknownItem for a foreign code, RatingError for a bad value (R1)."""
    for code, value in ratings.items():
        item = scale.item(code)
        try:
            check_rating(value)
        except RatingError as problem:
            raise RatingError(f"{item.code} {item.name}: {problem}") from None
    return {code: ratings[code] for code in scale.codes if code in ratings}


def score(
    scale: Scale,
    ratings: Mapping[str, int],
    *,
    not_applicable: Collection[str] = (),
    na_policy: str | None = None,
    labels: Mapping[str, str] = NO_LABELS,
) -> Score:
    """Add up a review (domain reference 1.3, R1, R2, R3 and R12).

    `na_policy` replaces the scale's own answer to “does not apply”; `labels` are a state's band names by key.
    """
    counted = check_ratings(scale, ratings)
    counted |= not_applicable_ratings(scale, counted, not_applicable, na_policy or scale.na_policy)
    missing = tuple(code for code in scale.codes if code not in counted)
    provisional = sum(counted[item.code] for item in scale.counted if item.code in counted)
    total = None if missing else provisional
    return Score(
        total=total,
        provisional_total=provisional,
        rated=len(counted),
        of=len(scale.items),
        possible=scale.possible,
        band=None if total is None else band(scale, total, labels),
        subtotals=tuple(subtotal(section, counted) for section in scale.sections),
        to_next_band=None if total is None else to_next_band(scale, total, labels),
        missing=missing,
        prorated=prorated(scale, counted, not_applicable) if not_applicable and missing else None,
        parts=tuple(part(scale, subscale, counted, labels) for subscale in scale.subscales),
    )


def not_applicable_ratings(
    scale: Scale, ratings: Mapping[str, int], codes: Collection[str], na_policy: str
) -> dict[str, int]:
    """What items that “do not apply” count for (domain reference 1.3, R3).

    The form of 2008 has no such answer, so `require_rating` refuses it; the older 15-item form puts it at
    rating 1 (`score_1`); `prorate_display_only` leaves the item out, and with it the official total.
    """
    if na_policy not in NA_POLICIES:
        raise ValueError(f"“{na_policy}” is not one of {', '.join(NA_POLICIES)}.")
    for code in codes:
        item = scale.item(code)
        if code in ratings:
            raise RatingError(f"{item.code} {item.name}: has a rating and is also marked as not applicable.")
        if na_policy == "require_rating":
            raise RatingError(
                f"{item.code} {item.name}: “does not apply” is not an answer here. Choose a rating."
            )
    return dict.fromkeys(codes, LOWEST) if na_policy == "score_1" else {}


def prorated(scale: Scale, ratings: Mapping[str, int], not_applicable: Collection[str]) -> int | None:
    """The total as if the items left out were like the rest: for display, never for a rule (R3)."""
    rated = [ratings[item.code] for item in scale.counted if item.code in ratings]
    if len(ratings) + len(set(not_applicable)) < len(scale.items) or not rated:
        return None
    return round_half_up(sum(rated) * len(scale.counted), len(rated))


def subtotal(section: Section, ratings: Mapping[str, int]) -> Subtotal:
    """One section added up; a section has no band of its own (domain reference 1.1)."""
    rated = [ratings[item.code] for item in section.items if item.code in ratings]
    complete = len(rated) == len(section.items)
    return Subtotal(
        code=section.code,
        name=section.name,
        total=sum(rated) if complete else None,
        provisional=sum(rated),
        rated=len(rated),
        of=len(section.items),
        possible=section.possible,
    )


def part(
    scale: Scale, subscale: Subscale, ratings: Mapping[str, int], labels: Mapping[str, str] = NO_LABELS
) -> Part:
    """One subscale added up, and its band by its own bands."""
    items = scale.items_of(subscale.code)
    rated = [ratings[item.code] for item in items if item.code in ratings]
    total = sum(rated) if len(rated) == len(items) else None
    bands = labelled(subscale.bands, labels)
    return Part(
        code=subscale.code,
        name=subscale.name,
        leads=subscale.leads,
        total=total,
        provisional=sum(rated),
        rated=len(rated),
        of=len(items),
        possible=span(items)[1],
        band=None if total is None else next((found for found in bands if found.minimum <= total), None),
        bands=bands,
    )


def band(scale: Scale, total: int, labels: Mapping[str, str] = NO_LABELS) -> Band | None:
    """The band a total falls into, from the scale's data; none where the scale has no bands (R12)."""
    if not scale.lowest_possible <= total <= scale.possible:
        raise ValueError(f"A total of {total} is impossible: {scale.lowest_possible} to {scale.possible}.")
    return next((found for found in scale.labelled(labels) if found.minimum <= total), None)


def to_next_band(scale: Scale, total: int, labels: Mapping[str, str] = NO_LABELS) -> NextBand | None:
    """How many points the next better band is away; none in the best one (R12)."""
    better = [above for above in scale.labelled(labels) if above.minimum > total]
    if not better:
        return None
    nearest = better[-1]  # best first, so the last is the nearest
    return NextBand(nearest.key, nearest.label, nearest.minimum - total)


def without_evidence(
    scale: Scale, ratings: Mapping[str, int], evidence: Mapping[str, str]
) -> tuple[Item, ...]:
    """Rated items with nothing written about what was found.

    A practice is rated on what can be shown, not on plans (domain reference 1.3, R4).
    """
    return tuple(
        item for item in scale.items if item.code in ratings and not evidence.get(item.code, "").strip()
    )


def average_rating(ratings: Sequence[int], tie_rule: str = "down") -> int:
    """The nearest rating to the mean of several specialists' ratings.

    Exactly half is not settled by the scale; `tie_rule` settles it (domain reference 1.3, R5).
    """
    if tie_rule not in TIE_RULES:
        raise ValueError(f"“{tie_rule}” is not one of {', '.join(TIE_RULES)}.")
    if not ratings:
        raise RatingError("Rate at least one specialist.")
    total, count = sum(check_rating(rating) for rating in ratings), len(ratings)
    lower, remainder = divmod(total, count)
    if 2 * remainder == count:
        return lower + (tie_rule == "up")
    return lower + (2 * remainder > count)


def round_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, exactly half going up, without ever making a float (R6)."""
    if denominator <= 0:
        raise ValueError("The number to divide by must be greater than zero.")
    return (2 * numerator + denominator) // (2 * denominator)
