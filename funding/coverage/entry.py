"""Whom a payer keeps out. IPS takes in everybody who wants to work (zero exclusion)."""

import re
from collections.abc import Iterator

from funding.coverage.reading import SLIDES, TIPS, Entered, Gap, Reading, elements_of, keys, phase_of
from funding.grid import Status
from funding.wording import ENTRIES, called, quoted

STRICT = re.compile(
    r"\b(?:sober|sobriety|abstin\w+|drug[ -]?tests?|(?:drug|alcohol|substance|symptom)s?[ -]free"
    r"|drug[ -]screen\w*|clean[ -](?:time|for|and|urine)|(?:days|weeks|months|years)[ -]clean"
    r"|(?:work|job)[ -]ready|ready (?:to work|for (?:work|a job))|readiness"
    r"|felon\w*|criminal (?:record|history|background)|convict\w*)\b",
    re.IGNORECASE,
)
ALL_THE_SAME = re.compile(r"\b(?:regardless of|irrespective of|whether or not)\b.*", re.IGNORECASE)
WAIVED = re.compile(
    r"\bneed(?: not|n['\u2019]t)\b|\bno (?:sobriety|abstinence|readiness)\b"
    r"|(?:\b(?:not|never|no longer)|n['\u2019]t) (?:be )?(?:an? )?"
    r"(?:require[ds]?|needed|necessary|expected|condition|ask(?:ed)?|have to)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.;\n]|\bbut\b", re.IGNORECASE)


def people_kept_out(reading: Reading) -> Iterator[Gap]:
    """G6, one per column. Source: domain reference 1.2 (zero exclusion); seeds 000 and 001, VR and sobriety."""
    words = dict(ENTRIES)
    for column in reading.grid.columns:
        strict = [
            entered for entered in reading.entered if entered.column == column and keeps_out(entered, reading)
        ]
        if not strict:
            continue
        elements = elements_of(strict)
        rules = dict.fromkeys(words[each.cell.entry] for each in strict if each.cell.entry.excludes)
        quotes = dict.fromkeys(each.cell.condition for each in strict if each.cell.condition.strip())
        said = [f"It pays: {'; '.join(rules).lower()}."] if rules else []
        said += [f"Its condition: {' '.join(f'“{quote}”' for quote in quotes)}"] if quotes else []
        yield Gap(
            "G6",
            phase_of(elements),
            keys(elements),
            (column.key,),
            f"{called(column)} may keep out people whom IPS takes in, for {quoted(elements)}. {' '.join(said)}",
            "IPS begins with everybody who wants to work, whatever they use and whatever lies behind them. In some "
            "states counselors still wait for sobriety although federal guidance does not: agree with the payer's "
            "leaders on who is taken, write it down, and tell the counselors. Until then, name another payer for "
            "those who are kept out.",
            f"{TIPS}; {SLIDES}",
        )


def keeps_out(entered: Entered, reading: Reading) -> bool:
    """Also of planned money, and of money that is still to come."""
    cell = entered.cell
    if cell.status is Status.NO or (cell.valid_to and cell.valid_to < reading.today):
        return False
    return cell.entry.excludes or sounds_strict(cell.condition)


def sounds_strict(condition: str) -> bool:
    """What is waived in one clause may be asked for in the next: rather one gap too many, with its words quoted."""
    sentences = (ALL_THE_SAME.sub("", sentence) for sentence in SENTENCE.split(condition))
    clauses = (clause for sentence in sentences for clause in sentence.split(","))
    return any(STRICT.search(clause) and not WAIVED.search(clause) for clause in clauses)
