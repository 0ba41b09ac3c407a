"""A submitted or accepted quarter as a page: its figures, rates, what the checks said, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from agencies.permissions import Actor, Resource, may
from outcomes.checks import Case, Finding, Level, check
from outcomes.dashboards.entry import figure_before, shown_rates, words_of
from outcomes.dashboards.listing import Standing, standing
from outcomes.figures import Figure
from outcomes.in_force import job_kept, measures_kept
from outcomes.measures import Measure, edition
from outcomes.models import QuarterlyReport, Revision
from outcomes.rates import Rate


@dataclass(frozen=True)
class FigureLine:
    measure: Measure
    figure: Figure
    words: str
    last: str
    marked: str
    findings: tuple[Finding, ...]

    @property
    def sentence(self) -> str:
        """Such as "38 now, 35 in the quarter before.", and what the checks say of it."""
        why = f" ({self.figure.why})" if self.figure.why else ""
        now = f"{self.words[:1].upper()}{self.words[1:]}{why} now, {self.last} in the quarter before."
        return " ".join((now, *(finding.text for finding in self.findings)))


@dataclass(frozen=True)
class Rights:
    edit: bool
    submit: bool
    take_back: bool
    decide: bool
    reopen: bool
    lock: bool
    paper: bool


@dataclass(frozen=True)
class ReportPage:
    report: QuarterlyReport
    revision: Revision | None
    standing: Standing
    groups: tuple[tuple[str, tuple[FigureLine, ...]], ...]
    rates: tuple[Rate, ...]
    warnings: tuple[tuple[Finding, str], ...]
    job_words: tuple[str, ...]
    rights: Rights
    final_words: str
    is_draft_elsewhere: bool  # the team works on it, and this person does not see what it says


def report_page(
    report: QuarterlyReport, revision: Revision | None, case: Case | None, actor: Actor
) -> ReportPage:
    today = report.state.today()
    shows = revision is not None and case is not None and revision.is_operating
    measures = measures_kept(revision.definition) if revision and revision.definition else ()
    findings = check(case) if shows and case else ()
    marked: Mapping[str, str] = report.returned
    lines = [line(measure, case, findings, marked) for measure in measures] if shows and case else []
    explained: Mapping[str, str] = revision.explained if revision else {}
    return ReportPage(
        report=report,
        revision=revision,
        standing=standing(report, today),
        groups=tuple(
            (group.name, found)
            for group in (edition(revision.definition["measures"]).groups if lines and revision else ())
            if (found := tuple(each for each in lines if each.measure.group == group.key))
        ),
        rates=shown_rates(case.figures) if shows and case else (),
        warnings=tuple(
            (finding, explained.get(finding.rule, ""))
            for finding in findings
            if finding.level is Level.WARNING
        ),
        job_words=job_kept(revision.definition).words if lines and revision else (),
        rights=rights(report, actor),
        final_words=report.final_words(today),
        is_draft_elsewhere=revision is None and report.status != report.Status.EXPECTED,
    )


def line(
    measure: Measure, case: Case, findings: tuple[Finding, ...], marked: Mapping[str, str]
) -> FigureLine:
    figure = case.figures[measure.key]
    return FigureLine(
        measure=measure,
        figure=figure,
        words=words_of(figure),
        last=words_of(figure_before(case.earlier, case.quarter, measure.key)),
        marked=marked.get(measure.key, ""),
        findings=tuple(finding for finding in findings if measure.key in finding.measures[:1]),
    )


def rights(report: QuarterlyReport, actor: Actor) -> Rights:
    """What this person may do with the report as it stands now."""
    place, status = report.place, report.status
    statuses = report.Status

    def allowed(action: str, resource: Resource) -> bool:
        return bool(may(actor, action, resource, place))

    submitted = status == statuses.SUBMITTED
    accepted = status in (statuses.ACCEPTED, statuses.LOCKED)
    return Rights(
        edit=report.is_with_team and allowed("edit", Resource.OUTCOME_DRAFT),
        submit=report.is_with_team and allowed("submit", Resource.OUTCOME_DRAFT),
        take_back=submitted and allowed("reopen", Resource.OUTCOME_SUBMITTED),
        decide=submitted and allowed("approve", Resource.OUTCOME_SUBMITTED),
        reopen=accepted and allowed("reopen", report.resource),
        lock=status == statuses.ACCEPTED and allowed("lock", Resource.OUTCOME_ACCEPTED),
        paper=bool(report.in_force)
        and report.is_operating
        and allowed("export", Resource.OUTCOME_ACCEPTED)
        and allowed("create", Resource.GENERATED_FILE),
    )
