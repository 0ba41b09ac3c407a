"""The figures of a quarter as a form sends them: each cell as typed, and as the page had shown it.

Nothing is dropped silently: a field the report does not have is refused by its name, and what could not be read comes
back as it was typed. Source: bad-input catalogue, sections A and D.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from agencies.refusals import Unacceptable
from fidelity.forms.rating import clean_note
from outcomes.actions.entering import Cell
from outcomes.figures import OPEN, Figure
from outcomes.measures import Measure
from outcomes.models import NOTE_LIMIT
from outcomes.reading import NotANumber, read

PARTS = ("value", "absent", "why", "was", "waswhy")
WORDS = frozenset({"csrfmiddlewaretoken", "then", "note", "vacancy"})
SUBMITTED_WITH = frozenset({"version", "key"})  # what goes along when the figures are handed in
WHY = "Say why it was not collected: the state reads it beside the rates that leave it out."


@dataclass(frozen=True)
class TypedCell:
    text: str
    is_absent: bool
    why: str
    cell: Cell | None  # nothing where the text is no figure
    notice: str = ""
    problem: str = ""


@dataclass(frozen=True)
class TypedReport:
    cells: Mapping[str, TypedCell]
    explained: Mapping[str, str]
    note: str | None  # None where the form did not carry it
    vacancy: str | None
    problems: tuple[str, ...]  # of the form as a whole

    @property
    def is_acceptable(self) -> bool:
        return not self.problems and not any(cell.problem for cell in self.cells.values())

    @property
    def values(self) -> dict[str, Cell]:
        return {key: typed.cell for key, typed in self.cells.items() if typed.cell is not None}


def parse(
    post: QueryDict,
    measures: Collection[Measure],
    rules: Iterable[str],
    files: Iterable[str] = (),
    also: Collection[str] = (),
) -> TypedReport:
    """Cells that come not at all are left alone; one that comes, comes whole. `also` are other fields of the form."""
    known = {f"{part}-{measure.key}" for measure in measures for part in PARTS}
    explains = {f"explain-{rule}": rule for rule in rules}
    sent = [*post, *files]
    problems = [
        f"Unknown field: {name[:60]}. Nothing was saved; open the form again."
        for name in sent
        if name not in known | explains.keys() | WORDS | set(also)
    ]
    problems += [
        f"{name[:60]} was sent twice. Enter it once." for name in post if len(post.getlist(name)) > 1
    ]
    texts = {name: note(str(post[name]), problems) for name in (*explains, "note", "vacancy") if name in post}
    return TypedReport(
        cells={
            measure.key: typed(post, measure)
            for measure in measures
            if any(f"{part}-{measure.key}" in post for part in PARTS)
        },
        explained={rule: texts[name] for name, rule in explains.items() if name in texts},
        note=texts.get("note"),
        vacancy=texts.get("vacancy"),
        problems=tuple(problems),
    )


def note(text: str, problems: list[str]) -> str:
    try:
        cleaned = clean_note(text).strip()
    except Unacceptable as refusal:
        problems.append(refusal.message)
        return text.replace("\x00", "")
    if len(cleaned) > NOTE_LIMIT:
        problems.append(f"A note has {len(cleaned):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it.")
    return cleaned


def typed(post: QueryDict, measure: Measure) -> TypedCell:
    text, why = (str(post.get(f"{part}-{measure.key}", "")) for part in ("value", "why"))
    is_absent = f"absent-{measure.key}" in post
    problems: list[str] = []
    why = note(why, problems)
    if problems:
        return TypedCell(text, is_absent, why, None, problem=problems[0])
    was = shown(post, measure)
    if is_absent:
        if not why:
            return TypedCell(text, True, why, None, problem=WHY)
        return TypedCell("", True, why, Cell(Figure(why=why), was))
    try:
        reading = read(text, measure)
    except NotANumber as problem:
        return TypedCell(text, False, why, None, problem=str(problem))
    if reading is None:
        return TypedCell("", False, why, Cell(OPEN, was))
    return TypedCell(str(reading.value), False, "", Cell(reading.figure, was), notice=reading.notice)


def shown(post: QueryDict, measure: Measure) -> Figure:
    """What the page had shown before anything was typed; the portal wrote it, so a text it cannot read is none."""
    why = str(post.get(f"waswhy-{measure.key}", ""))
    try:
        reading = read(str(post.get(f"was-{measure.key}", "")), measure)
    except NotANumber:
        return OPEN
    return reading.figure if reading else Figure(why=why)
