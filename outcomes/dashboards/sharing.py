"""Sharing in full: the agreement with who answered what, and the table of those who tell each other everything.

Agencies read how many share, and the figures of those; the names of all that were asked are for who leads the state.
Source: trust reference 2.4, T-peer-exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agencies.models import Agency, State
from agencies.permissions import Actor, Role
from ips_portal.percent import whole_percent
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Table
from outcomes.dashboards.shared import COUNTS, RATES, Told
from outcomes.models import AgreementAnswer, FigureInFull, Publication, SharingAgreement

CHIPS = {"waiting": "watch", "accepted": "ok", "refused": "plain"}
TOGETHER = "All programs that share in full"


@dataclass(frozen=True)
class AnswerLine:
    agency: str
    slug: str
    word: str
    chip: str
    on: date | None
    may_answer: bool
    accepts: bool


@dataclass(frozen=True)
class AgreementPage:
    agreement: SharingAgreement | None  # in force or to come; else the last there was
    is_in_force: bool
    is_over: bool
    lines: tuple[AnswerLine, ...]
    accepted: int
    asked: int


def agreement_page(tenant: State, actor: Actor) -> AgreementPage:
    """Three queries, whatever the number of agencies. An agency counts all answers and reads its own."""
    today = tenant.today()
    agreement = current(actor, today)
    if agreement is None:
        return AgreementPage(None, False, False, (), 0, 0)
    answers = {
        each.agency_id: each for each in AgreementAnswer.objects.visible_to(actor).filter(agreement=agreement)
    }
    is_over = agreement.ended_at is not None or agreement.ends_on < today
    agencies = Agency.objects.visible_to(actor).filter(pk__in=list(answers)).order_by("name")
    return AgreementPage(
        agreement,
        agreement.is_in_force(today),
        is_over,
        tuple(answer_line(each, answers[each.pk], actor, tenant, is_over=is_over) for each in agencies),
        sum(each.status == each.Status.ACCEPTED for each in answers.values()),
        len(answers),
    )


def current(actor: Actor, today: date) -> SharingAgreement | None:
    found = list(SharingAgreement.objects.visible_to(actor).select_related("recorded_by"))
    alive = [each for each in found if each.ended_at is None and each.ends_on >= today]
    return min(alive, key=lambda each: each.starts_on) if alive else next(iter(found), None)


def answer_line(
    agency: Agency, given: AgreementAnswer, actor: Actor, tenant: State, *, is_over: bool
) -> AnswerLine:
    return AnswerLine(
        agency.name,
        agency.slug,
        str(given),
        CHIPS[given.status],
        given.answered_at.astimezone(tenant.now().tzinfo).date() if given.answered_at else None,
        not is_over and actor.role is Role.AGENCY_LEADER and agency.pk in actor.agency_ids,
        given.status == given.Status.ACCEPTED,
    )


@dataclass(frozen=True)
class FullLine:
    name: str
    inside: str
    cells: tuple[Told, ...]
    is_own: bool = False


@dataclass(frozen=True)
class FullTable:
    lines: tuple[FullLine, ...]
    together: FullLine
    agencies: int
    asked: int

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(cell.under for cell in self.together.cells)


def full_table(
    tenant: State, actor: Actor, publication: Publication | None, measure: str
) -> FullTable | None:
    """What the circle tells each other of the quarter; None for everybody else. One query."""
    figures: dict[tuple[str, str, int], dict[str, int]] = {}
    agencies = set()
    for row in told_in_full(tenant, actor, publication):
        figures.setdefault((row.agency_name, row.team_name, row.team_id), {})[row.measure] = row.value
        agencies.add(row.agency_id)
    if publication is None or not figures:
        return None
    lines = [
        full_line(team, agency, counts, measure, is_own=number in actor.team_ids)
        for (agency, team, number), counts in sorted(figures.items(), key=by_name)
    ]
    together = full_line(TOGETHER, "", added(figures.values(), measure), measure)
    return FullTable(tuple(lines), together, len(agencies), publication.asked)


def told_in_full(tenant: State, actor: Actor, publication: Publication | None) -> QuerySet[FigureInFull]:
    """Exact numbers of a publication, as far as this person's agency gives its own under an agreement in force."""
    if publication is None or not publication.circle:
        return FigureInFull.objects.none()
    in_force = SharingAgreement.objects.visible_to(actor).in_force(tenant.today())
    return FigureInFull.objects.visible_to(actor).filter(publication=publication, agreement__in=in_force)


def by_name(item: tuple[tuple[str, str, int], Mapping[str, int]]) -> tuple[str, str]:
    agency, team, _ = item[0]
    return agency.casefold(), team.casefold()


def added(figures: Iterable[Mapping[str, int]], measure: str) -> dict[str, int]:
    """A rate counts only teams that have both of its numbers, and so does what it is made of."""
    found: dict[str, int] = {}
    for counts in figures:
        for key, value in counts.items():
            found[key] = found.get(key, 0) + value
        if measure in counts and "served" in counts:
            for key in (measure, "served"):
                found[f"rate {key}"] = found.get(f"rate {key}", 0) + counts[key]
    return found


def full_line(
    name: str, inside: str, counts: Mapping[str, int], measure: str, *, is_own: bool = False
) -> FullLine:
    above = counts.get(f"rate {measure}", counts.get(measure))
    below = counts.get("rate served", counts.get("served"))
    percent = whole_percent(above, below)
    cells = [Told(RATES[measure], "no figure" if percent is None else f"{percent}%")]
    cells += [
        Told(label, f"{counts[key]:,}" if key in counts else "no figure") for key, label in COUNTS.items()
    ]
    return FullLine(name, inside, tuple(cells), is_own)


def full_file(tenant: State, actor: Actor, quarter: Quarter, measure: str, found: FullTable | None) -> Table:
    """The same cells; without rows for whoever does not share in full."""
    now = tenant.now()
    lines = (*found.lines, found.together) if found else ()
    return Table(
        about=(
            ("State", tenant.name),
            ("Quarter", f"{quarter.months} ({quarter})"),
            (
                "Shared in full",
                f"{found.agencies} of {found.asked}" if found else "nothing is told to you in full",
            ),
            ("Rate", f"{RATES[measure]}: of the people served in the quarter"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            "Program",
            tenant.terms["agency"].capitalize(),
            *(found.columns if found else (RATES[measure], *COUNTS.values())),
        ),
        rows=tuple([each.name, each.inside, *(cell.text for cell in each.cells)] for each in lines),
    )
