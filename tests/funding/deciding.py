"""Billing rules that a state decides for a test."""

from typing import Any

from agencies.models import State, StatePolicy
from funding.actions import billing
from funding.guidance import as_text, shipped_document
from tests.cast import STARTED, StateCast

MISSOURI = as_text(shipped_document("missouri"))


def decided(cast: StateCast, written: str = MISSOURI, **said: Any) -> StatePolicy:
    given = {"effective_from": STARTED, "text": written} | said
    with cast.entered("admin") as by:
        seen = billing.consider(cast.state, **given, by=by).mark
        return billing.decide(cast.state, **given, seen=seen, by=by)


def begun_long_ago(cast: StateCast) -> StateCast:
    """A state that has been there for years, so that it may have decided its rules long ago."""
    with cast.entered("admin"):
        State.objects.filter(pk=cast.state.pk).update(started_on=STARTED)
    cast.state.started_on = STARTED
    return cast
