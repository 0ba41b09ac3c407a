"""The case of a what-if on money: which schedules and grants, and figures of one quarter, each from low to high.

A GET form: the address holds the case. What a team is chosen for and nobody typed is taken from its own figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import QueryDict

from agencies.forms.filters import Filter
from agencies.models import Team
from funding.dashboards.figures import HELD, OwnFigures
from funding.dashboards.money import Series
from funding.forms.amounts import Dollars
from funding.money import Figures, Grant, Span
from ips_portal.quarters import Quarter
from ips_portal.uswds import LongSelect

HUNDRED = Decimal(100)
AHEAD = 8  # quarters one may begin with
VR = "vr"


@dataclass(frozen=True)
class Asked:
    """A figure: what it is called, what it means, and the most it can be."""

    label: str
    hint: str
    most: Decimal = Decimal(100_000)


FIGURES: Mapping[str, Asked] = {
    "served": Asked("People served", "On the caseload for any part of the quarter."),
    "new_people": Asked("New people", "Who come onto the caseload in the quarter."),
    "job_starts": Asked("Job starts", "Jobs, not people."),
    "first_jobs": Asked("People with a first job", "Who start the first job that a payer pays for."),
    "closures": Asked("Cases closed with a job", "By the payer itself, in the quarter."),
    "months": Asked("Months a person is served", "Of the three of a quarter, on average.", Decimal(3)),
    "hours": Asked("Hours of service", "All of the quarter, whoever pays."),
    "fte": Asked("Specialists (full-time equivalents)", "Filled positions.", Decimal(1000)),
    "cost_per_fte": Asked(
        "Dollars a full position costs in a year", "Pay, benefits, travel, supervision.", Decimal(10_000_000)
    ),
}


@dataclass(frozen=True)
class Pair:
    """A figure's two fields."""

    asked: Asked
    low: forms.BoundField
    high: forms.BoundField


class MoneyForm(Filter):
    first = forms.ChoiceField(label="From which quarter on", widget=LongSelect)
    team = forms.ChoiceField(
        label="Team", required=False, widget=LongSelect, help_text="One whose accepted figures you may see."
    )
    paid = forms.MultipleChoiceField(
        label="What payers pay", required=False, widget=forms.CheckboxSelectMultiple
    )
    grants = forms.MultipleChoiceField(
        label="Grants and other funding sources", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any,
        *,
        now: Quarter,
        teams: Sequence[Team],
        schedules: Sequence[Series],
        grants: Mapping[int, Grant],
    ) -> None:
        super().__init__(data)
        self.offer_choices(now, teams, schedules, grants)
        days = sorted({days for series in schedules for days in series.days_worked} | {HELD})
        self.asked_for: dict[str, Asked] = dict(FIGURES)
        for each in days if schedules else ():
            self.asked_for[f"held-{each}"] = Asked(
                f"Jobs that last {each} days, in percent", "Of the jobs that start.", HUNDRED
            )
        for series in schedules:
            self.asked_for[f"share-{series.key}"] = Asked(
                f"Paid for by {series.name}, in percent", "Of the people served, or of the hours.", HUNDRED
            )
        for key, grant in grants.items():
            self.asked_for[f"grant-{key}"] = Asked(
                f"Of {grant.name}, in percent", "This team's share of it.", HUNDRED
            )
        for name, asked in self.asked_for.items():
            for end, words in (("low", "low"), ("high", "high")):
                self.fields[f"{name}-{end}"] = Dollars(label=f"{asked.label}: {words}", required=False)

    def offer_choices(
        self, now: Quarter, teams: Sequence[Team], schedules: Sequence[Series], grants: Mapping[int, Grant]
    ) -> None:
        choices: dict[str, Any] = {
            "first": [((now + step).slug, (now + step).months) for step in range(AHEAD)],
            "team": [("", "No team: figures typed here"), *((team.slug, called(team)) for team in teams)],
            "paid": [(str(series.key), series.name) for series in schedules],
            "grants": [(str(key), grant.name) for key, grant in grants.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("team", "paid", "grants"):
            if not [key for key, _ in choices[name] if key]:
                del self.fields[name]

    @property
    def pairs(self) -> list[Pair]:
        return [
            Pair(asked, self[f"{name}-low"], self[f"{name}-high"]) for name, asked in self.asked_for.items()
        ]

    @property
    def choices_asked(self) -> list[forms.BoundField]:
        return [self[name] for name in ("first", "team", "paid", "grants") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, asked in self.asked_for.items():
            ends = {end: cleaned.get(f"{name}-{end}") for end in ("low", "high")}
            for end, value in ends.items():
                if value is not None and value < 0:
                    self.add_error(f"{name}-{end}", "This is never below zero.")
                elif value is not None and value > asked.most:
                    self.add_error(f"{name}-{end}", f"This is {asked.most:,} at most.")
            low, high = ends.values()
            if low is not None and high is not None and low > high:
                self.add_error(f"{name}-high", "The high number is below the low one.")
        return cleaned

    def span(self, name: str) -> Span | None:
        """One number alone is both ends. None where nothing is said."""
        said = [self.cleaned_data.get(f"{name}-{end}") for end in ("low", "high")]
        ends = [value for value in said if value is not None]
        return Span(ends[0], ends[-1]) if ends else None

    def share(self, name: str) -> Span | None:
        span = self.span(name)
        return span and span.times(Span(1 / HUNDRED, 1 / HUNDRED))

    def figures_for(self, schedules: Sequence[Series], grants: Mapping[int, Grant]) -> Figures:
        shares, granted = dict(self.shares("share-")), dict(self.shares("grant-"))
        return Figures(
            **{name: self.span(name) for name in FIGURES},
            held=MappingProxyType({int(key): share for key, share in self.shares("held-")}),
            paid_for=MappingProxyType(
                {series.name: shares[str(series.key)] for series in schedules if str(series.key) in shares}
            ),
            granted=MappingProxyType(
                {grant.name: granted[str(key)] for key, grant in grants.items() if str(key) in granted}
            ),
        )

    def shares(self, kind: str) -> Iterator[tuple[str, Span]]:
        for name in self.asked_for:
            if name.startswith(kind) and (share := self.share(name)):
                yield name.removeprefix(kind), share


def called(team: Team) -> str:
    return f"{team.name}, {team.agency.name}"


def filled(data: QueryDict, own: OwnFigures, schedules: Sequence[Series]) -> QueryDict:
    """With the team's figures where nothing was typed, or everywhere where that was asked for."""
    again = data.copy()
    anew = again.pop("take", None)
    for name, (low, high) in ends_of(own, schedules).items():
        typed = any(again.get(f"{name}-{end}", "").strip() for end in ("low", "high"))
        if anew or not typed:
            again[f"{name}-low"], again[f"{name}-high"] = plain(low), plain(high)
    return again


def ends_of(own: OwnFigures, schedules: Sequence[Series]) -> dict[str, tuple[Decimal, Decimal]]:
    """A team's figures by the names of the form; open cases are those its Vocational Rehabilitation pays for."""
    found = {name: ends for name, ends in own.ends.items() if name != VR}
    if VR in own.ends:
        found |= {f"share-{series.key}": own.ends[VR] for series in schedules if series.payer == VR}
    return found


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def first_choice(
    data: QueryDict, schedules: Sequence[Series], grants: Mapping[int, Grant], now: Quarter
) -> QueryDict:
    """What is ticked where nothing was asked yet: all that is in force or to come."""
    begun = data.copy()
    begun.setlist("paid", [str(series.key) for series in schedules if lasts(series, now)])
    begun.setlist("grants", [str(key) for key, grant in grants.items() if grant.ends_on >= now.starts_on])
    return begun


def lasts(series: Series, now: Quarter) -> bool:
    until = series.versions[0].until
    return until is None or until >= now.starts_on


def origins(
    form: MoneyForm, team: Team | None, own: OwnFigures | None, schedules: Sequence[Series]
) -> Iterator[str]:
    """Where each figure comes from."""
    taken: list[tuple[str, str]] = []
    typed: list[tuple[str, str]] = []
    ends = ends_of(own, schedules) if own else {}
    for name, asked in form.asked_for.items():
        low, high = (form.cleaned_data.get(f"{name}-{end}") for end in ("low", "high"))
        if low is None and high is None:
            continue
        (taken if ends.get(name) == (low, high) else typed).append((name, asked.label))
    if team and own and taken:
        quarters = f"{own.quarters[-1].months} to {own.quarters[0].months}"
        yield f"Lowest and highest of {team.name}, accepted, {quarters}: {'; '.join(label for _, label in taken)}."
        yield from (
            STANDS_FOR[name.partition("-")[0]] for name, _ in taken if name.partition("-")[0] in STANDS_FOR
        )
    if typed:
        yield f"Typed by hand: {'; '.join(label for _, label in typed)}."


STANDS_FOR = {
    "held": f"The share of people working who have held their job for {HELD} days stands for the share of job starts "
    "that last so long.",
    "share": "Open cases with Vocational Rehabilitation at the end of a quarter, of the people served, stand for the "
    "people it pays for.",
}
