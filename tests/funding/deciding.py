"""Billing rules that a state decides for a test."""

from typing import Any

from agencies.models import StatePolicy
from funding.actions import billing
from funding.guidance import as_text, shipped_document
from tests.cast import STARTED, StateCast

MISSOURI = as_text(shipped_document("missouri"))


def decided(cast: StateCast, written: str = MISSOURI, **said: Any) -> StatePolicy:
    given = {"effective_from": STARTED, "text": written} | said
    with cast.entered("admin") as by:
        seen = billing.consider(cast.state, **given, by=by).mark
        return billing.decide(cast.state, **given, seen=seen, by=by)
