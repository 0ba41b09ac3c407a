"""The attacker: from everything a reader can get, the least and the greatest value each hidden figure can have.

An integer program over what teams reported. A reader knows every figure ever published (`facts`), the numbers of the
own agency or team, that counts are whole and never negative, and that a part is never more than its whole. Linear
bounds say which published figures pin a hidden one. Source: trust reference 2.4 rule 10 and T12.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from outcomes.suppression.cells import Cell, Form, KnownAs, Leaf, Reported
from outcomes.suppression.rules import Rules

LARGEST = 9999  # no team reports more of anything, as everybody may know
GUESSES = 1  # rounds that stretch all hidden figures at once, before each is asked alone
KEPT = 60  # points remembered from one reading to the next
NEARLY = 1e-6


@dataclass(frozen=True)
class Reader:
    """Whoever knows the exact numbers of these teams; of none: somebody outside."""

    name: str
    teams: frozenset[str]
    within: frozenset[str] | None = None  # attacks only inside these teams: others know more of the rest
    told: frozenset[KnownAs] = frozenset()  # reports of others that this reader was told in full

    def knows(self, leaf: Leaf) -> bool:
        return leaf.team in self.teams or leaf.known_as in self.told


@dataclass(frozen=True)
class Leak:
    reader: str
    cell: Cell
    low: int
    high: int

    def __str__(self) -> str:
        key, known = self.cell.key, f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"
        return f"{self.reader} learns of {key}: {known}"


def readers_of(
    reports: Iterable[Reported], told: Mapping[str, frozenset[KnownAs]] | None = None
) -> list[Reader]:
    """Each agency against the others, each team against its sisters. Whoever stands outside knows less than these.

    `told` holds by agency what others ever told it in full: nobody forgets it.
    """
    in_full = told or {}
    agencies: dict[str, set[str]] = {}
    for report in reports:
        agencies.setdefault(report.agency, set()).add(report.team)
    found = [Reader("somebody outside", frozenset())] if len(agencies) < 2 else []
    for agency, teams in sorted(agencies.items()):
        others = in_full.get(agency, frozenset())
        found.append(Reader(f"agency {agency}", frozenset(teams), told=others))
        if len(teams) > 1:
            found += [Reader(f"team {team}", frozenset({team}), frozenset(teams)) for team in sorted(teams)]
    return found


class Attack:
    """One reader's knowledge, ready to be asked about any figure."""

    def __init__(self, reader: Reader, reports: Iterable[Reported], rules: Rules) -> None:
        self.reader, self.rules = reader, rules
        self.truth: dict[Leaf, int] = {}
        rests: list[Form] = []
        for report in reports:
            self.truth |= report.leaves()
            rests += [form for _, form, _ in report.rests()]
        self.column = {leaf: number for number, leaf in enumerate(self.truth)}
        self._rest = self._rows(rests)
        own = numpy.array([reader.knows(leaf) for leaf in self.truth])
        true = numpy.array(list(self.truth.values()), dtype=float)
        self._true = true
        self._low, self._high = numpy.where(own, true, 0.0), numpy.where(own, true, float(LARGEST))
        self._points = [true]  # ways the figures could be; the truth is one
        self.read({})

    def read(self, facts: Mapping[Form, int]) -> None:
        """Takes in what stands published, in place of what was read before."""
        self.facts, self._stands = list(facts), frozenset(facts)
        self._values = numpy.array([facts[form] for form in self.facts], dtype=float)
        self._equal = self._rows(self.facts)
        self._knot = self._knots()
        self._points = [
            point for point in self._points if numpy.array_equal(self._equal @ point, self._values)
        ]

    def range_of(self, form: Form) -> tuple[int, int]:
        """The least and the greatest value that agree with all this reader knows."""
        row = self._rows([form])
        low, high = (row @ self._point(sign * row.toarray()[0]) for sign in (1, -1))
        return round(float(low[0])), round(float(high[0]))

    def leaks(self, cells: Sequence[Cell], sensitive: Iterable[Form]) -> list[Leak]:
        """Of the hidden cells, those this reader knows too well.

        Every point a program finds is a way the figures could be, so it clears all cells it stretches far enough.
        """
        small = set(sensitive)
        mine = [cell for cell in cells if self._is_target(cell.form, is_small=cell.form in small)]
        if not mine:
            return []
        rows = self._rows([cell.form for cell in mine])
        seen = Seen(rows, self._points)

        def is_clear(number: int) -> bool:
            is_small = mine[number].form in small
            return self.rules.is_hidden_enough(*seen.range(number), sensitive=is_small)

        self._guess(rows, seen, is_clear)
        found = []
        for number, cell in enumerate(mine):
            for sign in (-1, 1):
                if not is_clear(number):
                    seen.add(self._point(sign * rows[[number], :].toarray()[0]))
            if not is_clear(number):
                found.append(Leak(self.reader.name, cell, *seen.range(number)))
        return found

    def _guess(self, rows: csr_array, seen: "Seen", is_clear: Callable[[int], bool]) -> None:
        """Stretches all hidden figures at once that are not yet seen far enough apart."""
        chance = random.Random(rows.shape[0])  # noqa: S311  # which guess comes first is no secret
        for _ in range(GUESSES):
            weights = numpy.array(
                [0 if is_clear(number) else chance.random() for number in range(rows.shape[0])]
            )
            if not weights.any():
                return
            seen.add(self._point(-(weights @ rows)))
            seen.add(self._point(weights @ rows))

    def pins(self, form: Form, *, only_above: bool) -> list[Form]:
        """The published figures from which the bounds follow. As long as all of them stand, so do the bounds."""
        row = self._rows([form]).toarray()[0]
        used: set[int] = set()
        for sign in (-1,) if only_above else (-1, 1):
            answer: Any = linprog(
                sign * row,
                A_ub=-self._rest if self._rest.shape[0] else None,
                b_ub=numpy.zeros(self._rest.shape[0]) if self._rest.shape[0] else None,
                A_eq=self._equal if self.facts else None,
                b_eq=self._values if self.facts else None,
                bounds=numpy.column_stack([self._low, self._high]),
            )
            if answer.status == 0 and self.facts:
                used |= set(numpy.flatnonzero(numpy.abs(answer.eqlin.marginals) > NEARLY).tolist())
        return [self.facts[number] for number in sorted(used)]

    def _is_target(self, form: Form, *, is_small: bool) -> bool:
        """Not what this reader knows. A large total that only protects others is no secret from its own parts."""
        within = self.reader.within
        if within is not None and not all(leaf.team in within for leaf, _ in form):
            return False
        unknown = frozenset((leaf, sign) for leaf, sign in form if not self.reader.knows(leaf))
        if not is_small:
            return len(unknown) == len(form)
        return bool(unknown) and not self._was_told(form, unknown)

    def _was_told(self, form: Form, unknown: Form) -> bool:
        """Part of it in full, by consent, and all the rest stands published: nothing in it is found out."""
        if not any(leaf.known_as in self.reader.told for leaf, _ in form):
            return False
        return unknown in self._stands or all(frozenset({(leaf, 1)}) in self._stands for leaf, _ in unknown)

    def _rows(self, forms: Sequence[Form]) -> csr_array:
        entries = [
            (number, self.column[leaf], sign) for number, form in enumerate(forms) for leaf, sign in form
        ]
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((signs, (rows, columns)), shape=(len(forms), len(self.column)), dtype=float)

    def _point(self, direction: Any) -> Any:
        """Whole numbers for all leaves that go as far as they can against `direction`; others keep the truth."""
        point = self._true.copy()
        for label in numpy.unique(self._knot[(direction != 0) & (self._knot >= 0)]):
            columns = numpy.flatnonzero(self._knot == label)
            found = self._solved(columns, direction[columns])
            if found is not None:
                point[columns] = found
        self._points = [self._true, *self._points[-KEPT:], point]
        return point

    def _solved(self, columns: Any, direction: Any) -> Any:
        """The best whole numbers for these leaves, the others being as they are; None where none is found."""
        constraints = []
        for matrix, is_equal in ((self._equal, True), (self._rest, False)):
            part = matrix[:, columns]
            rows = numpy.flatnonzero(numpy.diff(part.indptr))
            if rows.size:
                part = part[rows]
                bound = part @ self._true[columns] if is_equal else -self._known_rest(rows, columns)
                constraints.append(LinearConstraint(part, bound, bound if is_equal else numpy.inf))
        for whole in (0, 1):  # the linear bound first: it is the answer too where it comes out whole
            answer: Any = milp(
                direction,
                integrality=numpy.full(len(columns), whole),
                bounds=Bounds(self._low[columns], self._high[columns]),
                constraints=constraints,
                options={"mip_rel_gap": 0.0},
            )
            if answer.x is not None and numpy.abs(answer.x - numpy.rint(answer.x)).max() < NEARLY:
                return numpy.rint(answer.x)
        return None

    def _known_rest(self, rows: Any, columns: Any) -> Any:
        """What the leaves that are known add to these rests."""
        others = self._true.copy()
        others[columns] = 0
        return (self._rest @ others)[rows]

    def _knots(self) -> Any:
        """Leaves that published sums tie together have one number; a leaf this reader knows has -1."""
        known = self._low == self._high
        single = self._equal[numpy.flatnonzero(numpy.diff(self._equal.indptr) == 1)]
        known[single.indices] = True
        free = numpy.flatnonzero(~known)
        ties = vstack([self._equal, self._rest]).tocsr()[:, free]
        _, labels = connected_components(abs(ties.T) @ abs(ties), directed=False)
        knot = numpy.full(len(self.column), -1)
        knot[free] = labels
        return knot


class Seen:
    """How far apart the values of each hidden cell have been seen, over all points found so far."""

    def __init__(self, rows: csr_array, points: Iterable[Any]) -> None:
        self._rows = rows
        self._low = numpy.full(rows.shape[0], numpy.inf)
        self._high = -self._low
        for point in points:
            self.add(point)

    def add(self, point: Any) -> None:
        values = self._rows @ point
        self._low, self._high = numpy.minimum(self._low, values), numpy.maximum(self._high, values)

    def range(self, number: int) -> tuple[int, int]:
        return round(float(self._low[number])), round(float(self._high[number]))
