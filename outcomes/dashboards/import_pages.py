"""What the pages of an import show, and the files that go with them: the template, and the rows to correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agencies.models import State
from agencies.permissions import Actor
from ips_portal.importing import lines
from ips_portal.importing.lines import Listed
from ips_portal.importing.remarks import Weight, rows_word
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Table
from outcomes.dashboards.importing import all_measures, desk_of, ran_in
from outcomes.importing.columns import AGENCY, LABELS, NOTE, QUARTER, TEAM
from outcomes.importing.preview import Outcome, Preview
from outcomes.models import OutcomeImport, QuarterlyReport

WORDS = {
    Weight.ERROR: "Problem",
    Weight.WARNING: "Needs a note",
    Weight.SKIPPED: "Left out",
    Weight.NOTICE: "Notice",
}


@dataclass(frozen=True)
class PreviewPage:
    upload: OutcomeImport
    preview: Preview
    only_problems: bool = False

    @property
    def good(self) -> int:
        return self.preview.count(Outcome.GOOD)

    @property
    def wrong(self) -> int:
        return self.preview.count(Outcome.WRONG)

    @property
    def same(self) -> int:
        return self.preview.count(Outcome.SAME)

    @property
    def total(self) -> int:
        return len(self.preview.lines)

    @property
    def warned(self) -> int:
        """Good rows that still need a note."""
        return sum(any(each.weight is Weight.WARNING for each in line.remarks) for line in self.preview.good)

    @property
    def summary(self) -> str:
        """Such as "41 of 44 rows can be saved as drafts. 2 rows have problems. 1 row is left out."."""
        left = len(self.preview.of(Outcome.SKIPPED, Outcome.CLOSED))
        parts = [
            f"{self.good} of {rows_word(self.total)} can be saved as {'a draft' if self.good == 1 else 'drafts'}."
        ]
        if self.warned:
            parts.append(
                f"{self.warned} of these {'needs' if self.warned == 1 else 'need'} a note before submitting."
            )
        if self.wrong:
            parts.append(
                f"{rows_word(self.wrong)} {'has' if self.wrong == 1 else 'have'} problems and would not be saved."
            )
        if self.same:
            parts.append(f"{rows_word(self.same)} {'says' if self.same == 1 else 'say'} what stands already.")
        if left:
            parts.append(f"{rows_word(left)} {'is' if left == 1 else 'are'} left out.")
        return " ".join(parts)

    @property
    def listed(self) -> Sequence[Listed]:
        return lines.listed(self.preview.lines, WORDS, only_problems=self.only_problems)

    @property
    def has_hidden(self) -> bool:
        return bool(self.preview.staged.hidden)


def saved_reports(upload: OutcomeImport, actor: Actor) -> "QuerySet[QuarterlyReport]":
    found = QuarterlyReport.objects.visible_to(actor).filter(pk__in=upload.saved)
    return found.select_related("team__agency").order_by("team__name", "-quarter")


def template_quarter(asked: Quarter | None, today: date) -> Quarter:
    """The one asked for, if it can be entered; else the one that ended last."""
    return asked if asked and asked.is_open(today) else Quarter.last_ended(today)


def template_of(tenant: State, actor: Actor, quarter: Quarter) -> Table:
    """One row for each team this person may enter in the quarter, to be filled in."""
    measures = all_measures(tenant, [quarter])
    teams = desk_of(tenant, actor).roster.teams
    keys = (AGENCY, TEAM, QUARTER)
    return Table(
        about=(),
        columns=(*(LABELS[key] for key in keys), *(measure.label for measure in measures), LABELS[NOTE]),
        rows=tuple(
            [team.agency, team.name, str(quarter), *("" for _ in measures), ""]
            for team in teams
            if ran_in(team, quarter)
        ),
    )


def corrected(preview: Preview) -> Table:
    """The rows that were not saved already, with what to look at."""
    return lines.corrected(preview.staged, preview.of(Outcome.WRONG, Outcome.CLOSED, Outcome.GOOD))
