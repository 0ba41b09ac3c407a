"""What was said of a file, kept beside its rows: each row's outcome, what to look at, and what its draft would hold."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from ips_portal.importing.matching import Roster
from ips_portal.importing.remarks import Remark, Weight
from ips_portal.importing.staging import Staged
from ips_portal.quarters import Quarter
from outcomes.checks import Finding, Level
from outcomes.importing.preview import Line, Outcome, Preview
from outcomes.importing.rows import Enterable


@dataclass(frozen=True)
class Verdict:
    """It holds while `mark` does. `rows` are the drafts of the good rows as the database takes them in."""

    mark: str
    takes_hidden: bool
    lines: Sequence[Any]
    suspicions: Sequence[Any]
    rows: Sequence[Sequence[Any]]

    @classmethod
    def on(cls, preview: Preview, mark: str, rows: Sequence[Sequence[Any]]) -> Self:
        place = preview.staged.layout.place
        return cls(
            mark,
            preview.takes_hidden,
            [
                [
                    each.number,
                    each.outcome,
                    each.team.id if each.team else None,
                    each.quarter.index if each.quarter else None,
                    [
                        [place[said.column.key] if said.column else None, said.weight, said.text, said.typed]
                        for said in each.remarks
                    ],
                ]
                for each in preview.lines
            ],
            [asdict(finding) for finding in preview.suspicions],
            rows,
        )

    @property
    def opens(self) -> bool:
        """Reports of quarters from before the portal."""
        return any(report is None for _, report, *_ in self.rows)

    def as_json(self) -> dict[str, Any]:
        return vars(self)

    def preview(self, staged: Staged, roster: Roster[Enterable]) -> Preview:
        """As it was; its lines without figures."""
        columns, quarters = (
            staged.layout.columns,
            {each: Quarter.at(each) for _, _, _, each, _ in self.lines if each},
        )
        lines = tuple(
            Line(
                number,
                Outcome(outcome),
                roster.by_id[team] if team else None,
                quarters[quarter] if quarter else None,
                tuple(
                    Remark(number, None if at is None else columns[at], Weight(weight), text, typed)
                    for at, weight, text, typed in remarks
                ),
            )
            for number, outcome, team, quarter, remarks in self.lines
        )
        return Preview(staged, lines, tuple(map(finding_of, self.suspicions)), self.takes_hidden)


def finding_of(kept: dict[str, Any]) -> Finding:
    return Finding(**{**kept, "level": Level(kept["level"]), "measures": tuple(kept["measures"])})
