"""Guidance on billing: who may be billed for which service, under which conditions, and what to keep on file.

Rules are data of a state (domain reference 4.6, 4.7); the portal brings three sets to begin with.
"""

from funding.guidance.advising import DISCLAIMER, Advice, Line, UnknownAnswer, Worked, advise, examples
from funding.guidance.reading import GuidanceError
from funding.guidance.values import Activity, Cite, Example, Fact, Facts, Payer, Rule, RuleSet, Verdict
from funding.guidance.written import as_text, parse, read, shipped, shipped_document, shipped_keys

__all__ = [
    "DISCLAIMER",
    "Activity",
    "Advice",
    "Cite",
    "Example",
    "Fact",
    "Facts",
    "GuidanceError",
    "Line",
    "Payer",
    "Rule",
    "RuleSet",
    "UnknownAnswer",
    "Verdict",
    "Worked",
    "advise",
    "as_text",
    "examples",
    "parse",
    "read",
    "shipped",
    "shipped_document",
    "shipped_keys",
]
