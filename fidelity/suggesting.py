"""From what was counted to the rating an item suggests, with the count and its source. A reviewer decides.

Numbers are looked up in the scale (domain reference 1.2 and 1.3, R5 to R8). Counts of records have no published
cut-off, so the portal's own stands here and is said wherever it is used.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fidelity.measuring import (
    MeasureError,
    Suggestion,
    cap,
    combine,
    count_components,
    look_up,
    mean,
    weekly_contacts,
    whole_percent,
)
from fidelity.scales import Item, Scale
from fidelity.scoring import average_rating, round_half_up
from fidelity.visits import Count, Numbers, Question, measured, questions_of
from fidelity.visits.columns import is_contacts, is_ratio

AS_A_RULE = 80  # percent of the records that tell; the scale names no share, so this is the portal's proposal
HALF = 50  # the scale's own “half” (domain reference 1.2, SV11 and SV12)
FEW_JOBS = 10  # below it, SV10 is rated 1 (domain reference 1.2 and 1.3, R8)
FROM_NUMBERS = "Numbers counted on the visit"
FROM_RECORDS = "Records read on the visit"
READ_AS = f"“As a rule” is read as {AS_A_RULE}% of the records that tell; the scale names no share."


@dataclass(frozen=True)
class Reading:
    """What the counts say of one item. Without a rating they inform, and decide nothing."""

    code: str
    rating: int | None
    counted: tuple[str, ...]
    source: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What a state decides where the scale leaves a choice (domain reference 1.3, R5 and R7)."""

    tie_rule: str = "down"
    boundary_readings: Mapping[str, int] = field(default_factory=dict)

    def boundary(self, item: Item) -> int | None:
        return self.boundary_readings.get(item.code)


def readings(
    scale: Scale, tally: Mapping[str, Count], numbers: Mapping[str, Numbers], rules: Rules
) -> dict[str, tuple[Reading, ...]]:
    """By item code; items nothing was counted for are left out."""
    found: dict[str, tuple[Reading, ...]] = {}
    for reading in (*_from_numbers(scale, numbers, rules), *_from_records(scale, tally)):
        found[reading.code] = (*found.get(reading.code, ()), reading)
    return found


# --- numbers --------------------------------------------------------------------------------------------------
def _from_numbers(scale: Scale, numbers: Mapping[str, Numbers], rules: Rules) -> Iterator[Reading]:
    for item in measured(scale):
        rows = [row for row in numbers.get(item.code, ()) if row]
        if not rows:
            continue
        try:
            suggestion, counted = measure(item, rows, rules)
        except MeasureError as problem:
            yield Reading(item.code, None, (str(problem),), FROM_NUMBERS)
        else:
            yield Reading(item.code, suggestion.rating, counted, FROM_NUMBERS, suggestion.reasons)


def measure(
    item: Item, rows: Sequence[tuple[int, ...]], rules: Rules, gates: Collection[str] = ()
) -> tuple[Suggestion, tuple[str, ...]]:
    """The rating that numbers earn, and the numbers in words. Raises MeasureError."""
    suggestion, counted = _plain(item, rows, rules)
    codes = {gate.code for gate in item.gates}
    if "few_jobs" in codes and rows[0][1] < FEW_JOBS:
        gates = {*gates, "few_jobs"}
    return cap(item, suggestion, gates), counted


def _plain(item: Item, rows: Sequence[tuple[int, ...]], rules: Rules) -> tuple[Suggestion, tuple[str, ...]]:
    if is_ratio(item):
        people, percent = (sum(row[place] for row in rows) for place in (0, 1))
        each = mean(100 * people, percent)
        words = (
            f"{people} people for {percent // 100}.{percent % 100:02} full-time specialists: {each} for each"
        )
        return look_up(item, each, rules.boundary(item)), (words,)
    if is_contacts(item):
        return _contacts(item, rows, rules)
    if item.per_specialist:
        return _averaged(item, [_one(item, row, rules) for row in rows], rules)
    suggestion, words = _one(item, rows[0], rules)
    return suggestion, (words,)


def _one(item: Item, row: tuple[int, ...], rules: Rules) -> tuple[Suggestion, str]:
    part, of = row
    if item.unit == "percent":
        share = whole_percent(part, of)
        return look_up(item, share, rules.boundary(item)), f"{part} of {of}: {share}%"
    middle = mean(part, of)
    return look_up(item, middle, rules.boundary(item)), f"{part:,} {item.unit} for {of}: {middle} on average"


def _contacts(
    item: Item, rows: Sequence[tuple[int, ...]], rules: Rules
) -> tuple[Suggestion, tuple[str, ...]]:
    found = []
    for specific, generic, weeks, looking in rows:
        if weeks <= 0:
            raise MeasureError("Say how many weeks of the log were counted.")
        if looking:
            week = round_half_up(specific + generic, weeks)
            words = (
                f"{week} a week ({specific} for a person, {generic} other, {weeks} weeks), {looking} looking"
            )
            found.append((weekly_contacts(item, week, looking, rules.boundary(item)), words))
    if not found:
        raise MeasureError("Nobody on these caseloads is looking for work, so there is nothing to rate from.")
    return _averaged(item, found, rules)


def _averaged(
    item: Item, found: Sequence[tuple[Suggestion, str]], rules: Rules
) -> tuple[Suggestion, tuple[str, ...]]:
    """Each specialist is rated, then the ratings are averaged (R5)."""
    ratings = [suggestion.rating for suggestion, _ in found]
    counted = tuple(
        f"Specialist {number}: {words}, rated {suggestion.rating}"
        for number, (suggestion, words) in enumerate(found, start=1)
    )
    reasons = dict.fromkeys(reason for suggestion, _ in found for reason in suggestion.reasons)
    if 2 * (sum(ratings) % len(ratings)) == len(ratings):
        reasons[f"The average lies halfway; the state reads it {rules.tie_rule}."] = None
    return Suggestion(average_rating(ratings, rules.tie_rule), tuple(reasons)), counted


# --- records --------------------------------------------------------------------------------------------------
def _from_records(scale: Scale, tally: Mapping[str, Count]) -> Iterator[Reading]:
    questions = questions_of(scale)
    for code, rule in RULES.items():
        asked = [question for question in questions if question.item == code and question.code in tally]
        if not asked:
            continue
        shares = [_share(tally.get(f"{code}-{number}")) for number in range(1, 8)]
        rating, reasons = rule(scale.item(code), shares)
        counted = tuple(_told(question, tally[question.code]) for question in asked)
        yield Reading(code, rating, counted, FROM_RECORDS, reasons)


def _share(count: Count | None) -> int | None:
    return whole_percent(count.met, count.told) if count and count.told else None


def _told(question: Question, count: Count) -> str:
    silent = count.read - count.told
    rest = f", {silent} did not tell" if silent else ""
    return f"{question.text}: {count.met} of {count.told} ({count.read} read{rest})"


Shares = Sequence[int | None]
Read = tuple[int | None, tuple[str, ...]]


def _as_a_rule(*shares: int | None) -> bool:
    """All of those that were counted, and at least one was."""
    known = [share for share in shares if share is not None]
    return bool(known) and min(known) >= AS_A_RULE


def _profiles(item: Item, shares: Shares) -> Read:
    """SV3: anchors 3 to 5. What 1 and 2 describe, tests and steps before a job, no count of profiles shows."""
    _, sessions, sources, current, lessons, *_ = shares
    if sessions is None:
        return None, ("Count the profiles made over two or three meetings; the rating turns on them.",)
    if sessions < AS_A_RULE:
        return 3, (READ_AS, "Tests or steps before a job are rated 1 or 2: no count here shows them.")
    if current is not None and lessons is not None and _as_a_rule(sources, current, lessons):
        return 5, (READ_AS,)
    return 4, (
        READ_AS,
        "For 5, profiles are kept current, draw on several sources, and lessons are written down.",
    )


def _first_contact(item: Item, shares: Shares) -> Read:
    """SV4 is a mean of days; only where every record keeps within 30 days is the mean sure to."""
    if shares[0] == 100:
        return 5, ("Where each is within 30 days, so is the mean. The program must track it.",)
    return None, ("The rating is a mean of days: add up the days, too.",)


def _supports(item: Item, shares: Shares) -> Read:
    """SV11, anchors 1 to 5."""
    some, varied, employer, onward, team, *_ = shares
    if some is None:
        return None, ("Count who had any support after the start; the rating begins there.",)
    if some < HALF:
        return 1, ()
    if some < AS_A_RULE:
        return 2, (READ_AS,)
    if not (_as_a_rule(varied) and (employer is None or employer > 0)):
        return 3, (READ_AS,)
    if onward and team:
        return 5, (READ_AS, "Examples of help onward and of extra support by the team were found.")
    return 4, (READ_AS, "For 5, there is help toward better jobs or school, and extra support by the team.")


def _follow_along(item: Item, shares: Shares) -> Read:
    """SV12: the timing of contact climbs the scale's own ladders."""
    before, start, weekly, monthly, lasting, loss, handed = shares
    ladders = item.matrix.ladders if item.matrix else {}
    if set(ladders) != {"support", "timing"}:
        return None, ()
    if weekly is not None and monthly is not None and _as_a_rule(weekly, monthly):
        step = 3
    elif lasting is None:
        return None, ("Count who was seen for four months or longer; the rating turns on it.",)
    else:
        step = 2 if lasting >= HALF else 1 if lasting else 0
    kept = None not in (before, start, loss) and _as_a_rule(before, start, loss, handed)
    facts = {"support": ladders["support"][step], "timing": ladders["timing"][int(kept)]}
    return combine(item, facts).rating, (READ_AS,)


def _outreach(item: Item, shares: Shares) -> Read:
    """SV14: a way of reaching out is in place where it shows as a rule."""
    codes = [component.code for component in item.components]
    counted = [share for share in shares[: len(codes)] if share is not None]
    if not codes or len(counted) < len(codes):
        return None, (f"Only {len(counted)} of {len(codes)} ways were counted.",)
    present = [
        code for code, share in zip(codes, shares, strict=False) if share is not None and share >= AS_A_RULE
    ]
    return count_components(item, present).rating, (READ_AS, f"{len(present)} of {len(codes)} are in place.")


RULES: Mapping[str, Callable[[Item, Shares], Read]] = {
    "SV3": _profiles,
    "SV4": _first_contact,
    "SV11": _supports,
    "SV12": _follow_along,
    "SV14": _outreach,
}


# --- the calculator -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answers:
    """What a reviewer enters to work out one item."""

    rows: tuple[tuple[int, ...], ...] = ()
    present: frozenset[str] = frozenset()
    facts: Mapping[str, str] | None = None
    gates: frozenset[str] = frozenset()


def can_be_worked_out(item: Item) -> bool:
    return bool(item.floors or item.matrix)


def work_out(item: Item, answers: Answers, rules: Rules) -> Reading:
    """Components, ladders or numbers, then what caps the rating. Raises MeasureError."""
    counted: tuple[str, ...]
    if item.kind == "count":
        found = cap(item, count_components(item, answers.present), answers.gates)
        counted = (f"{len(answers.present)} of {len(item.components)} are in place",)
    elif item.matrix:
        facts = answers.facts or {}
        found = cap(item, combine(item, facts), answers.gates)
        counted = tuple(f"{name}: {step}".replace("_", " ") for name, step in facts.items())
    elif not answers.rows:
        raise MeasureError("Enter at least one row of numbers.")
    else:
        found, counted = measure(item, answers.rows, rules, answers.gates)
    return Reading(item.code, found.rating, counted, item.source, found.reasons)


def offered(item: Item, people: int, percent: int) -> Reading:
    """What people and full-time specialists, counted elsewhere, suggest for a caseload."""
    if not is_ratio(item) or percent <= 0:
        return Reading(item.code, None, (), "")
    return Reading(item.code, look_up(item, mean(100 * people, percent)).rating, (), "")
