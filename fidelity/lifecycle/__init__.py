"""The lifecycle of a team under its state's rules: policy + history + today -> standing. Pure.

`history` holds the facts, `rules` and `decisions` what they do to a team (`course`), `standing` what that means today,
`wording` how it is said.
"""

from fidelity.lifecycle.course import Move, Policies, Position, Purpose
from fidelity.lifecycle.history import Closed, Created, Decided, Fact, Kind, PlanInUse, Reviewed, Started
from fidelity.lifecycle.standing import Ask, Clock, PlanOwed, Standing, standing_of

__all__ = [
    "Ask",
    "Clock",
    "Closed",
    "Created",
    "Decided",
    "Fact",
    "Kind",
    "Move",
    "PlanInUse",
    "PlanOwed",
    "Policies",
    "Position",
    "Purpose",
    "Reviewed",
    "Standing",
    "Started",
    "standing_of",
]
