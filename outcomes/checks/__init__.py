"""Do a quarter's numbers fit together, with each other, with the team's own past, and with what teams report?

An error stops the submission, a warning asks for a note that the state reads, information is only told. Form, import
and API ask the same rules, and the catalogue that people read is made of them.
Source: domain reference 3.3; bad-input catalogue B and F15; government peers, validation.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import tee
from types import MappingProxyType

from outcomes.checks import (
    answers,
    files,
    history,
    leaving,
    life,
    parts,
    proportions,
    rehabilitation,
    staff,
    wording,
)
from outcomes.checks.rules import EXPLAIN, LEVELS, RULES, Case, Earlier, Finding, Level, Rule, Seen
from outcomes.checks.wording import WORDING

__all__ = [
    "EXPLAIN",
    "WORDING",
    "Case",
    "Earlier",
    "Finding",
    "Level",
    "Rule",
    "Seen",
    "blocks",
    "catalogue",
    "check",
    "check_batch",
    "check_row",
    "check_words",
    "open_warnings",
    "still_about",
]
SUBJECTS = (
    answers,
    parts,
    staff,
    proportions,
    history,
    rehabilitation,
    leaving,
    wording,
    life,
    files,
)  # importing enters the rules


def check(case: Case) -> tuple[Finding, ...]:
    """What every rule says of one quarter: errors first, then in the order of the catalogue."""
    return gravest_first(case.found)


def check_row(case: Case) -> tuple[Finding, ...]:
    """`check` without information, which nobody reads beside thousands of rows."""
    return gravest_first(case.problems)


def gravest_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """In the order of the catalogue within each level."""
    return tuple(sorted(findings, key=lambda finding: LEVELS.index(finding.level)))


def check_batch(cases: Iterable[Case]) -> tuple[Finding, ...]:
    """What only shows in all rows of a file together; each row still has its own `check`, and none is kept."""
    rules = [rule for rule in catalogue() if rule.is_on_files]
    streams = zip(rules, tee(cases, len(rules)), strict=True)
    return tuple(finding for rule, stream in streams for finding in rule.check_all(stream))


def check_words(case: Case) -> tuple[Finding, ...]:
    """Only what the notes say: asked again where a note has come to the figures."""
    return RULES[WORDING].check(case)


def catalogue() -> tuple[Rule, ...]:
    """All rules by number."""
    return tuple(RULES[key] for key in sorted(RULES))


def blocks(findings: Iterable[Finding]) -> bool:
    """An error stops the submission, and nothing else does."""
    return any(finding.level is Level.ERROR for finding in findings)


def open_warnings(findings: Iterable[Finding], explained: Mapping[str, str]) -> tuple[Finding, ...]:
    """The warnings without a note; notes are kept by rule, and a rule warns once about a report."""
    return tuple(
        finding
        for finding in findings
        if finding.wants_a_note and not explained.get(finding.rule, "").strip()
    )


def still_about(explained: Mapping[str, str], changed: Collection[str]) -> Mapping[str, str]:
    """A note on a warning speaks of the figures it was written for; when one of them changes, the note goes."""
    if not explained:
        return MappingProxyType({})
    stale = {rule.id for rule in catalogue() if set(rule.looks_at) & set(changed)}
    return MappingProxyType({rule: text for rule, text in explained.items() if rule not in stale})
