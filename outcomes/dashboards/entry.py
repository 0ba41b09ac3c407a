"""One quarter as a team enters it: each measure with its definition, last quarter beside, and what the checks say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ips_portal.quarters import Quarter
from outcomes.checks import Case, Earlier, Finding, Level, check
from outcomes.figures import OPEN, Figure, Figures, Standing, written
from outcomes.measures import Edition, Measure, edition
from outcomes.policy import FTE_MOMENTS, OutcomesPolicy
from outcomes.rates import TRANSITIONS, Rate, rates

# While figures are being typed, an empty field is no mistake yet; the check before submitting says what is open.
ONLY_AT_SUBMIT = frozenset({"V10", "V19", "V30", "V32"})
SHOWN_RATES = ("employment", "education", "job_starts_per_fte", "end_caseload_per_fte", "working_transitions")


@dataclass(frozen=True)
class Shown:
    """A cell as it stands in its field: the text, and what could not be read in it."""

    text: str = ""
    is_absent: bool = False
    why: str = ""
    notice: str = ""
    problem: str = ""


@dataclass(frozen=True)
class MeasureRow:
    measure: Measure
    hint: str
    stored: Figure
    shown: Shown
    last: Figure
    marked: str  # what the state wrote at this figure when it returned the report
    findings: tuple[Finding, ...]
    beside: tuple[str, ...] = ()  # what the team itself keeps: tallies and goals; never filled in

    @property
    def was(self) -> str:
        return "" if self.stored.value is None else str(self.stored.value)

    @property
    def last_words(self) -> str:
        return words_of(self.last)

    @property
    def same_as_last(self) -> str:
        """Offered where a figure rarely changes; the field itself always begins empty."""
        last = self.last.value
        return "" if not self.measure.is_stable or last is None or self.shown.text else str(last)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is not Level.ERROR)

    @property
    def is_wrong(self) -> bool:
        return bool(self.shown.problem or self.errors)

    @property
    def described_by(self) -> str:
        """Ids of what describes the field, for assistive technology."""
        key = self.measure.key
        told = (
            f" told-{key}" if self.shown.problem or self.shown.notice or self.findings or self.marked else ""
        )
        beside = f" beside-{key}" if self.beside else ""
        return f"about-{key} last-{key}{beside}{told}"


@dataclass(frozen=True)
class EntryPage:
    quarter: Quarter
    last_quarter: Quarter
    groups: tuple[tuple[str, tuple[MeasureRow, ...]], ...]
    findings: tuple[Finding, ...]
    rates: tuple[Rate, ...]
    explained: Mapping[str, str]
    note: str
    vacancy: str
    percent: int
    left: tuple[str, ...]  # measures without an answer
    job_words: tuple[str, ...]
    edition: Edition

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[tuple[Finding, str], ...]:
        """Each with the team's note on it, as far as there is one."""
        return tuple(
            (finding, self.explained.get(finding.rule, ""))
            for finding in self.findings
            if finding.level is Level.WARNING
        )

    @property
    def information(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.INFORMATION)

    @property
    def unreadable(self) -> tuple[MeasureRow, ...]:
        return tuple(row for _, rows in self.groups for row in rows if row.shown.problem)


def entry_page(
    case: Case,
    policy: OutcomesPolicy,
    *,
    typed: Mapping[str, Shown] | None = None,
    marked: Mapping[str, str] | None = None,
    beside: Mapping[str, tuple[str, ...]] | None = None,
    is_final: bool = False,
) -> EntryPage:
    """`typed` stands in the fields instead of what is stored, where a form came back. `is_final` asks everything."""
    found = check(case)
    findings = found if is_final else tuple(each for each in found if each.rule not in ONLY_AT_SUBMIT)
    kept = edition(policy.measures)
    kept_beside = beside or {}
    rows = [
        replace(
            row_of(measure, case, policy, findings, typed or {}, marked or {}),
            beside=kept_beside.get(measure.key, ()),
        )
        for measure in case.measures
    ]
    return EntryPage(
        quarter=case.quarter,
        last_quarter=case.quarter - 1,
        groups=tuple(
            (group.name, members)
            for group in kept.groups
            if (members := tuple(row for row in rows if row.measure.group == group.key))
        ),
        findings=findings,
        rates=shown_rates(case.figures),
        explained=case.figures.explained,
        note=case.figures.note,
        vacancy=case.figures.vacancy,
        percent=case.figures.percent(case.measures),
        left=tuple(measure.label for measure in case.measures if case.figures[measure.key].is_open),
        job_words=policy.job.words,
        edition=kept,
    )


def row_of(
    measure: Measure,
    case: Case,
    policy: OutcomesPolicy,
    findings: Iterable[Finding],
    typed: Mapping[str, Shown],
    marked: Mapping[str, str],
) -> MeasureRow:
    stored = case.figures[measure.key]
    return MeasureRow(
        measure=measure,
        hint=hint(measure, policy),
        stored=stored,
        shown=typed.get(measure.key) or as_shown(stored),
        last=figure_before(case.earlier, case.quarter, measure.key),
        marked=marked.get(measure.key, ""),
        findings=tuple(finding for finding in findings if measure.key in finding.measures[:1]),
    )


def hint(measure: Measure, policy: OutcomesPolicy) -> str:
    if measure.key == "specialist_fte":
        return f"{measure.definition} Counted {FTE_MOMENTS[policy.fte_moment]}."
    if measure.key in TRANSITIONS:
        return f"{measure.definition} {policy.discharge_entry.words}".rstrip()
    return measure.definition


def as_shown(figure: Figure) -> Shown:
    if figure.standing is Standing.NOT_COLLECTED:
        return Shown(is_absent=True, why=figure.why)
    return Shown(text="" if figure.value is None else written(figure.value))


def figure_before(earlier: Iterable[Earlier], quarter: Quarter, key: str) -> Figure:
    """Of the quarter just before; an older one would be taken for it."""
    return next((past.figures[key] for past in earlier if past.quarter == quarter - 1), OPEN)


def shown_rates(figures: Figures) -> tuple[Rate, ...]:
    found = {rate.key: rate for rate in rates(figures)}
    return tuple(found[key] for key in SHOWN_RATES)


def words_of(figure: Figure) -> str:
    match figure.standing:
        case Standing.OPEN:
            return "no figure"
        case Standing.NOT_COLLECTED:
            return "not collected"
    return written(figure.value) if figure.value is not None else "no figure"
