"""What is worked out from a team's figures: rates, ratios and the caseload left at the end. Nothing is guessed.

A rate says what was divided by what. It has no value where something was not collected or the number to divide
by is 0, and says what is missing. Source: domain reference 3.4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from ips_portal.quarters import Quarter
from outcomes.averages import ROLLING_QUARTERS
from outcomes.figures import Figures, Number, written
from outcomes.measures import edition

MISSING_BEFORE = "{label} in the quarter before"
POPULATION = "People eligible for IPS"
ONE_PLACE = Decimal("0.1")

Sum = Mapping[str, int]  # measures with their sign

TRANSITIONS: Sum = {"transitioned_working": 1, "transitioned_unemployed": 1}
END_CASELOAD: Sum = {"served": 1, "transitioned_working": -1, "transitioned_unemployed": -1}


class Kind(StrEnum):
    """How a value is read."""

    SHARE = "share"
    PER_FTE = "per full-time specialist"
    COUNT = "people"


@lru_cache(maxsize=2048)
def as_shown(kind: Kind, value: Decimal | None) -> str:
    """The value as people write it; blank where there is none."""
    if value is None:
        return ""
    if kind is Kind.SHARE:
        return f"{(100 * value).quantize(Decimal(1), ROUND_HALF_UP):f}%"
    if kind is Kind.COUNT:
        return written(value)
    return f"{value.quantize(ONE_PLACE, ROUND_HALF_UP):f}"


@dataclass(frozen=True)
class Formula:
    """One derived measure. A count has nothing to divide by."""

    key: str
    label: str
    kind: Kind
    above: Sum
    above_is: str
    below: Sum = field(default_factory=dict)
    below_is: str = ""


@dataclass(frozen=True)
class Rate:
    """`missing` names what was not collected, in words; for a rolling rate, the quarters that are left out.

    `unanswered` are those of it that may still be entered: nobody has said that they were not collected.
    """

    key: str
    label: str
    numerator: Number | None
    denominator: Number | None
    value: Decimal | None
    missing: tuple[str, ...] = ()
    kind: Kind = Kind.SHARE
    numerator_is: str = ""
    denominator_is: str = ""
    basis: str = ""  # of a rolling rate: what is added up, and over how many quarters
    unanswered: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The value as people write it; blank where there is none."""
        return as_shown(self.kind, self.value)

    @property
    def sentence(self) -> str:
        """Such as "45%: 18 people working of 40 people served"; or why there is no value."""
        if self.value is None or self.numerator is None:
            return self._why_not
        if self.denominator is None:
            return f"{self.shown}: {self.numerator_is}"
        joined = "of" if self.kind is Kind.SHARE else "for"
        words = (
            f"{written(self.numerator)} {self.numerator_is} {joined} "
            f"{written(self.denominator)} {self.denominator_is}"
        )
        return f"{self.shown}: {words}" + (f" ({self.basis})" if self.basis else "")

    @property
    def _why_not(self) -> str:
        if self.numerator is not None and self.denominator == 0:
            return f"No value: {self.denominator_is} is 0"
        never = [label for label in self.missing if label not in self.unanswered]
        if not never:
            return f"No value yet: not entered: {', '.join(self.unanswered)}"
        open_yet = f"; not entered yet: {', '.join(self.unanswered)}" if self.unanswered else ""
        return f"No value: not collected: {', '.join(never)}{open_yet}"


FORMULAS: tuple[Formula, ...] = (
    Formula(
        "employment", "Employment rate", Kind.SHARE,
        {"employed": 1}, "people working", {"served": 1}, "people served",
    ),
    Formula(
        "education", "Education rate", Kind.SHARE,
        {"in_education": 1}, "people in school or vocational training", {"served": 1}, "people served",
    ),
    Formula(
        "job_starts_per_fte", "Job starts per specialist", Kind.PER_FTE,
        {"job_starts": 1}, "job starts", {"specialist_fte": 1}, "full-time specialists",
    ),
    Formula(
        "end_caseload", "Caseload at the end of the quarter", Kind.COUNT,
        END_CASELOAD, "people served who did not leave",
    ),
    Formula(
        "end_caseload_per_fte", "Caseload per specialist at the end of the quarter", Kind.PER_FTE,
        END_CASELOAD, "people on the caseload at the end", {"specialist_fte": 1}, "full-time specialists",
    ),
    Formula(
        "served_per_fte", "People served per specialist over the quarter", Kind.PER_FTE,
        {"served": 1}, "people served", {"specialist_fte": 1}, "full-time specialists",
    ),
    Formula(
        "transition", "Share of people who left the caseload", Kind.SHARE,
        TRANSITIONS, "people who left", {"served": 1}, "people served",
    ),
    Formula(
        "working_transitions", "Of those who left, share who were working", Kind.SHARE,
        {"transitioned_working": 1}, "people who left while working", TRANSITIONS, "people who left",
    ),
    Formula(
        "successful_closure", "Closed while working", Kind.SHARE,
        {"transitioned_working": 1}, "people whose IPS case closed while working",
        TRANSITIONS, "people whose IPS case closed",
    ),
    Formula(
        "vr_success", "Success rate of Vocational Rehabilitation closures", Kind.SHARE,
        {"closed_successful_vr": 1}, "successful closures", {"vr_closures": 1}, "closures",
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Formula] = {formula.key: formula for formula in FORMULAS}


def rates(figures: Figures) -> tuple[Rate, ...]:
    """Every measure that one quarter's figures alone give, in the order of the reference."""
    return tuple(rate(formula.key, figures) for formula in FORMULAS)


def ratio(key: str, figures: Figures) -> Decimal | None:
    """The value of `rate` alone, for those who ask it of thousands."""
    formula = BY_KEY[key]
    return _divide(added(formula.above, figures), added(formula.below, figures))


def shown_rate(key: str, figures: Figures) -> str:
    """`rate(...).shown`, for those who ask it of many."""
    return as_shown(BY_KEY[key].kind, ratio(key, figures))


def rate(key: str, figures: Figures) -> Rate:
    """One of FORMULAS. Raises KeyError for a key that is none of them."""
    formula = BY_KEY[key]
    above, below = added(formula.above, figures), added(formula.below, figures)
    parts = (*formula.above, *formula.below)
    unanswered = tuple(key for key in parts if figures[key].is_open)
    return replace(
        _rate(formula, above, below, _missing(parts, figures)), unanswered=_missing(unanswered, figures)
    )


def rolling(figures_by_quarter: Mapping[Quarter, Figures], key: str, *, until: Quarter | None = None) -> Rate:
    """Over the last four calendar quarters up to `until` (else the newest there is), from those with both numbers.

    Adds up person-quarters: somebody served all year counts four times, so it is never a number of people.
    """
    formula = BY_KEY[key]
    end = until or max(figures_by_quarter, default=None)
    window = end.last(ROLLING_QUARTERS) if end else ()
    needed = (*formula.above, *formula.below)
    used = [
        figures_by_quarter[quarter]
        for quarter in window
        if quarter in figures_by_quarter and not _missing(needed, figures_by_quarter[quarter])
    ]
    left_out = tuple(
        str(quarter)
        for quarter in window
        if quarter not in figures_by_quarter or _missing(needed, figures_by_quarter[quarter])
    )
    above = _total(formula.above, used)
    below = _total(formula.below, used)
    basis = f"person-quarters, {len(used)} of {ROLLING_QUARTERS} quarters"
    return _rate(formula, above, below, left_out, basis)


def new_intakes(figures: Figures, before: Figures | None) -> Rate:
    """People served who were not on the caseload at the end of the quarter before. Below 0, people were lost."""
    kept = added(END_CASELOAD, before) if before else None
    served = figures.value("served")
    missing = _missing(("served",), figures)
    missing += tuple(
        MISSING_BEFORE.format(label=label) for label in _missing(tuple(END_CASELOAD), before or Figures())
    )
    count = None if served is None or kept is None else served - kept
    formula = Formula(
        "new_intakes", "New people, worked out", Kind.COUNT, {}, "people who were not on the caseload before"
    )
    return _rate(formula, count, None, missing)


def penetration(served: int | None, eligible: int | None) -> Rate:
    """How much of the need is met: people served in a period of the people eligible for IPS in the state."""
    formula = Formula(
        "penetration", "Share of the need met", Kind.SHARE,
        {"served": 1}, "people served", {"eligible": 1}, "people eligible for IPS",
    )  # fmt: skip
    asked = ((served, edition().measure("served").label), (eligible, POPULATION))
    return _rate(formula, served, eligible, tuple(label for value, label in asked if value is None))


def agency_reach(in_ips: int | None, served: int | None) -> Rate:
    """How much of an agency's own need is met: people in IPS of all adults the agency served."""
    formula = Formula(
        "agency_reach", "People in IPS of all the agency served", Kind.SHARE,
        {"served": 1}, "people in IPS", {"agency_adults_served": 1}, "adults served",
    )  # fmt: skip
    asked = ((in_ips, edition().measure("served").label), (served, _label("agency_adults_served")))
    return _rate(formula, in_ips, served, tuple(label for value, label in asked if value is None))


def agency_employment(employed: int | None, served: int | None) -> Rate:
    """Of all adults an agency served, in IPS or not, those in a competitive job."""
    formula = Formula(
        "agency_employment", "Working of all the agency served", Kind.SHARE,
        {"agency_adults_employed": 1}, "working", {"agency_adults_served": 1}, "adults served",
    )  # fmt: skip
    asked = ((employed, _label("agency_adults_employed")), (served, _label("agency_adults_served")))
    return _rate(formula, employed, served, tuple(label for value, label in asked if value is None))


def _rate(
    formula: Formula, above: Number | None, below: Number | None, missing: tuple[str, ...], basis: str = ""
) -> Rate:
    return Rate(
        key=formula.key,
        label=formula.label,
        numerator=above,
        denominator=below,
        value=_divide(above, below) if formula.below else (None if above is None else Decimal(above)),
        missing=missing,
        kind=formula.kind,
        numerator_is=formula.above_is,
        denominator_is=formula.below_is,
        basis=basis,
    )


def _divide(above: Number | None, below: Number | None) -> Decimal | None:
    return None if above is None or not below else Decimal(above) / Decimal(below)


def added(parts: Sum, figures: Figures) -> Number | None:
    """None as soon as one part was not collected: a part that is left out would look like a 0."""
    total: Number | None = None
    for key, sign in parts.items():
        if (value := figures.value(key)) is None:
            return None
        total = sign * value + (total or 0)
    return total


def _total(parts: Sum, several: Iterable[Figures]) -> Number | None:
    found = [sign * (figures.value(key) or 0) for figures in several for key, sign in parts.items()]
    return sum(found[1:], start=found[0]) if found else None


def _label(key: str) -> str:
    return edition().measure(key).label


def _missing(keys: tuple[str, ...], figures: Figures) -> tuple[str, ...]:
    absent = [key for key in dict.fromkeys(keys) if figures.value(key) is None]
    return tuple(_label(key) for key in absent)
