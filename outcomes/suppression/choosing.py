"""Chooses what is shown: sensitive figures go, and with them the fewest others that keep them from being worked out.

An integer program picks the least valuable figures to hide; the attacker tries the result; the published figures that
gave a hidden one away become a new demand ("hide one of these"), until nothing is found. What was shown stays shown
and what was hidden stays hidden, unless the figure was corrected. Source: trust reference 2.4.

Agencies of a circle tell each other their reports in full, the one quarter of the publication and nothing else. The
attacker counts every report told to an agency as known to it for good, so no figure of an agency that stayed out can
be worked out from the circle's exact figures and all that stands published; totals that would allow it are hidden
from everybody, as a figure is hidden in every output or in none. Source: trust reference 2.4, T-peer-exact, rules 5, 6.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from ips_portal.quarters import Quarter
from outcomes.suppression.attack import Attack, Leak, readers_of
from outcomes.suppression.cells import (
    Cell,
    Form,
    Key,
    KnownAs,
    Level,
    Period,
    Reported,
    Total,
    cells_of,
    totals_of,
)
from outcomes.suppression.rules import Rules

ROUNDS = 200
# What a figure is worth to its readers: the picture of the whole, over a year, of those who work.
PLACE = {Level.TEAM: 1.0, Level.AGENCY: 2.0, Level.STATE: 6.0}
MEASURE = {"served": 3.0, "employed": 3.0}
FOUR_QUARTERS = 3.0


Told = Mapping[str, frozenset[KnownAs]]  # by agency: the reports that others told it in full


class CannotHide(Exception):
    """What already stands published gives a figure away, whatever is hidden now; the leaks are in `args`."""


@dataclass(frozen=True)
class Standing:
    """All that was ever published: facts, and which figures were shown or hidden when last published."""

    reports: tuple[Reported, ...] = ()  # every version that a fact is about
    facts: Mapping[Form, int] = field(default_factory=dict)
    hidden: frozenset[Key] = frozenset()
    rests: tuple[Cell, ...] = ()  # sensitive figures and rests of former publications, still to be kept
    told: Told = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    cells: tuple[Cell, ...]  # as of now, and every hidden one of before
    hidden: frozenset[Form]
    sensitive: frozenset[Form]
    facts: Mapping[Form, int]  # all that stands published, this publication included
    reports: tuple[Reported, ...]
    told: Told = field(default_factory=dict)

    def is_shown(self, cell: Cell) -> bool:
        return cell.is_published and cell.form not in self.hidden

    def standing(self) -> Standing:
        """What the next publication has to reckon with."""
        kept = tuple(cell for cell in self.cells if cell.form in self.hidden)
        keys = frozenset(cell.key for cell in kept if cell.is_published)
        return Standing(self.reports, self.facts, keys, kept, self.told)


def sensitive_forms(cells: Iterable[Cell], rules: Rules) -> frozenset[Form]:
    """Counts too small to be named, published or left over."""
    return frozenset(cell.form for cell in cells if rules.is_sensitive(cell.value, cell.group))


def primary(cells: Sequence[Cell], rules: Rules, standing: Standing) -> frozenset[Form]:
    """What is hidden for its own sake: the sensitive, the part beside a sensitive rest, and what was hidden before."""
    small = sensitive_forms(cells, rules)
    beside = {cell.part for cell in cells if not cell.is_published and rules.is_small(cell.value)}
    return small | {
        cell.form
        for cell in cells
        if cell.is_published and (cell.key in beside or cell.key in standing.hidden)
    }


def publish(
    reports: Sequence[Reported],
    periods: Iterable[Period],
    rules: Rules,
    standing: Standing | None = None,
    *,
    circle: Collection[str] = (),
    only_primary: bool = False,
) -> Publication:
    """The publication of these periods after all that stands. Raises CannotHide.

    `reports` holds one report of each team and quarter, with its latest version; `circle` the agencies that tell each
    other this quarter in full. `only_primary` leaves out what protects the sensitive figures: for the test of the
    attacker.
    """
    before = standing or Standing()
    periods = list(periods)
    told = told_with(before.told, told_in_full(reports, max(period.last for period in periods), circle))
    cells = cells_of(reports, periods)
    every = tuple({report.known_as: report for report in (*before.reports, *reports)}.values())
    everything = tuple({cell.form: cell for cell in (*before.rests, *cells)}.values())
    first = primary(cells, rules, before) | {cell.form for cell in before.rests}
    small = sensitive_forms(everything, rules)
    choice = Choice(cells, first - set(before.facts), before.facts)
    attacks = [] if only_primary else [Attack(reader, every, rules) for reader in readers_of(every, told)]
    hidden = _until_nothing_leaks(choice, attacks, everything, small, rules)
    shown = {cell.form: cell.value for cell in cells if cell.is_published and cell.form not in hidden}
    return Publication(
        cells=tuple({id(cell): cell for cell in (*before.rests, *cells)}.values()),
        hidden=frozenset(hidden),
        sensitive=small,
        facts={**before.facts, **shown},
        reports=every,
        told=told,
    )


def told_in_full(reports: Iterable[Reported], quarter: Quarter, circle: Collection[str]) -> Told:
    """What the agencies of a circle learn of each other: the reports of this quarter, and of no other."""
    theirs = frozenset(
        report.known_as for report in reports if report.quarter == quarter and report.agency in circle
    )
    return dict.fromkeys(circle, theirs)


def told_with(before: Told, now: Told) -> Told:
    """Nobody forgets what was told before, whoever has left the circle since."""
    return {**before} | {agency: theirs | before.get(agency, frozenset()) for agency, theirs in now.items()}


def audit(publication: Publication, rules: Rules) -> list[Leak]:
    """What any reader can find out from all that ever stood published: nothing, or the cell with its bounds."""
    hidden = _hidden_cells(publication.cells, publication.hidden)
    found: list[Leak] = []
    for reader in readers_of(publication.reports, publication.told):
        attack = Attack(reader, publication.reports, rules)
        attack.read(publication.facts)
        found += attack.leaks(hidden, publication.sensitive)
    return found


def _hidden_cells(cells: Iterable[Cell], hidden: Iterable[Form]) -> list[Cell]:
    forms = set(hidden)
    return [cell for form, cell in {cell.form: cell for cell in cells}.items() if form in forms]


def _until_nothing_leaks(
    choice: "Choice",
    attacks: Sequence[Attack],
    cells: Sequence[Cell],
    small: frozenset[Form],
    rules: Rules,
) -> frozenset[Form]:
    """Without an attack what is hidden for its own sake alone."""
    if not attacks:
        return choice.first
    choice.demand_totals(totals_of(cells), rules)
    for _ in range(ROUNDS):
        hidden = choice.cheapest()
        facts = choice.facts(hidden)
        leaks, unmet = [], []
        for attack in attacks:
            attack.read(facts)
            for leak in attack.leaks(_hidden_cells(cells, hidden), small):
                leaks.append(leak)
                only_above = leak.high - leak.low + 1 >= rules.narrowest_range
                if not choice.demand_one_of(attack.pins(leak.cell.form, only_above=only_above), hidden):
                    unmet.append(leak)
        if not leaks:
            return hidden
        if unmet:
            raise CannotHide(unmet)
    raise CannotHide(leaks)


class Choice:
    """The integer program: one yes or no for each figure that may yet be hidden."""

    def __init__(self, cells: Sequence[Cell], first: frozenset[Form], standing: Mapping[Form, int]) -> None:
        self.first, self.standing = first, standing
        self.values = {cell.form: cell.value for cell in cells if cell.is_published}
        self.free = [form for form in self.values if form not in first and form not in standing]
        self._number = {form: number for number, form in enumerate(self.free)}
        worth: dict[Form, float] = {}
        for cell in cells:
            worth[cell.form] = max(worth.get(cell.form, 0), worth_of(cell))
        self._worth = numpy.array([worth[form] for form in self.free])
        self._demands: list[tuple[dict[int, float], float]] = []

    def facts(self, hidden: frozenset[Form]) -> dict[Form, int]:
        shown = {form: value for form, value in self.values.items() if form not in hidden}
        return {**self.standing, **shown}

    def demand_totals(self, totals: Iterable[Total], rules: Rules) -> None:
        """With one hidden figure in a sum another is hidden; with fewer than three over places, the sum goes too."""
        for total in totals:
            members = [total.whole.form, *(part.form for part in total.parts)]
            if any(form in self.standing for form in members):
                continue  # decided before; the attacker judges it
            for form in members:
                self._demand_if_hidden(form, {other: 1.0 for other in members if other != form}, 1.0)
            if total.is_over_places:
                most = float(rules.hidden_in_a_total)
                for part in total.parts:
                    weights = {other.form: 1.0 for other in total.parts}
                    self._demand_if_hidden(part.form, {**weights, total.whole.form: most}, most)

    def demand_one_of(self, forms: Iterable[Form], hidden: frozenset[Form]) -> bool:
        """Of these shown figures one must go; all that are shown are asked where none of these is free to go."""
        numbers = [self._number[form] for form in forms if form in self._number and form not in hidden]
        if not numbers:
            numbers = [number for form, number in self._number.items() if form not in hidden]
        self._demands.append((dict.fromkeys(numbers, 1.0), 1.0))
        return bool(numbers)

    def cheapest(self) -> frozenset[Form]:
        """All that is hidden when the demands are met at the least loss."""
        if not self.free:
            return self.first
        rows = lil_array((max(len(self._demands), 1), len(self.free)))
        for row, (weights, _) in enumerate(self._demands):
            for number, weight in weights.items():
                rows[row, number] = weight
        least = [demand for _, demand in self._demands] or [0.0]
        answer: Any = milp(
            self._worth,
            integrality=numpy.ones(len(self.free)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(rows.tocsr(), least, numpy.inf),
        )
        chosen = numpy.ones(len(self.free)) if answer.x is None else answer.x
        return self.first | {form for form, number in self._number.items() if chosen[number] > 0.5}

    def _demand_if_hidden(self, form: Form, weights: Mapping[Form, float], least: float) -> None:
        """If `form` is hidden, the hidden among `weights` come to at least `least`."""
        demand = least - sum(weight for each, weight in weights.items() if each in self.first)
        row = {self._number[each]: weight for each, weight in weights.items() if each in self._number}
        if form in self._number:
            row[self._number[form]] = row.get(self._number[form], 0.0) - least
            demand -= least
        elif form not in self.first:
            return
        if demand > 0 or form in self._number:
            self._demands.append((row, demand))


def worth_of(cell: Cell) -> float:
    years = FOUR_QUARTERS if cell.key.period.length > 1 else 1.0
    return PLACE[cell.key.place.level] * MEASURE.get(cell.key.measure, 1.0) * years
