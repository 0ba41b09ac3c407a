"""A state decides its rules for fidelity reviews, from a day on."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from agencies.models import State, StatePolicy
from agencies.models.states import policy_data
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from fidelity.actions.scheduling import settle_scales
from fidelity.dashboards.what_if import WhatIf, as_json, what_if
from fidelity.in_force import edition_by, scale_in
from fidelity.policy import FidelityPolicy, PolicyError, Thresholds, shipped_policy, state_policy
from fidelity.policy_fields import in_words
from fidelity.scales import Scale

SUBJECT = StatePolicy.Subject.FIDELITY
AHEAD = timedelta(days=2 * 366)

Document = Mapping[str, Any]


def drafted(state: State, *, effective_from: date, values: Mapping[str, Any], source: str) -> Document:
    """What the state would state from that day on. Raises Unacceptable."""
    check_day(state, effective_from)
    if not source.strip():
        raise Unacceptable("Say who decided this and where it is written.", field="source")
    document = stated(policy_data(state.pk, SUBJECT, effective_from), values, source)
    try:
        policy = state_policy(document)
    except PolicyError as problem:
        words = in_words(problem.words)
        raise Unacceptable(
            f"These rules do not fit together. {words}", fields={path: [words] for path in problem.paths}
        ) from problem
    check_scale(state, policy, effective_from)
    return document


def stated(kept: Document, values: Mapping[str, Any], source: str) -> Document:
    """`values` by path over what was stated before, each change with its source.

    A value that was the national default and stays so is not stated, so that nobody takes a default for a rule.
    """
    before, default = state_policy(kept), shipped_policy("national")
    document = deepcopy(dict(kept))
    for path, value in values.items():
        if path in before.stated and value == before.values[path]:
            continue
        if path not in before.stated and value == default.values[path]:
            continue
        put(document, path, value)
        document.setdefault("sources", {})[path] = source.strip()
    return document


def check_scale(state: State, policy: FidelityPolicy, effective_from: date) -> None:
    """The scale is there on that day, and each mark lies among the totals it can give."""
    version = edition_by(state.pk, policy.scale_version, effective_from)
    if version is None:
        raise Unacceptable(
            f"The scale {policy.scale_version} is not there on {effective_from:%B %-d, %Y}. Choose one that is.",
            field="scale_version",
        )
    scale = scale_in(version)
    if wrong := marks_outside(scale, policy.thresholds):
        words = f"The marks do not fit the scale: {totals_and_marks(scale, policy.thresholds)}"
        raise Unacceptable(words, fields={path: [words] for path in wrong})


def marks_outside(scale: Scale, marks: Thresholds) -> tuple[str, ...]:
    """The paths of those that do not lie among the totals the scale can give."""
    wrong = {
        "thresholds.fair": marks.fair <= scale.lowest_possible,
        "thresholds.exemplary": marks.exemplary > scale.possible,
    }
    return tuple(path for path, is_wrong in wrong.items() if is_wrong)


def totals_and_marks(scale: Scale, marks: Thresholds) -> str:
    part = f" in {scale.part}" if scale.part else ""
    return (
        f"totals of {scale.name}{part} lie between {scale.lowest_possible} and {scale.possible}; "
        f"fair begins at {marks.fair} and exemplary at {marks.exemplary}."
    )


def put(document: dict[str, Any], path: str, value: Any) -> None:
    first, _, rest = path.partition(".")
    if rest:
        document[first] = {**(document.get(first) or {}), rest: value}
    else:
        document[first] = value


@transaction.atomic(savepoint=False)
def consider(
    state: State, *, effective_from: date, values: Mapping[str, Any], source: str, by: Actor
) -> WhatIf:
    """What these rules would change. Nobody else of the state decides before the transaction ends.

    Raises NotPermitted, Unacceptable.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    return effect_of(state, effective_from=effective_from, values=values, source=source, by=by)


def effect_of(
    state: State, *, effective_from: date, values: Mapping[str, Any], source: str, by: Actor
) -> WhatIf:
    document = drafted(state, effective_from=effective_from, values=values, source=source)
    return what_if(state, by, document=document, effective_from=effective_from)


@transaction.atomic(savepoint=False)
def decide(
    state: State, *, effective_from: date, values: Mapping[str, Any], source: str, seen: str, by: Actor
) -> StatePolicy:
    """From that day on. Reports that are issued keep what they say. The same rules sent again are decided once.

    `seen` is the mark of what was read. Raises NotPermitted, StaleVersion, Unacceptable.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    if decided := as_decided(state, effective_from=effective_from, values=values, source=source):
        return decided
    effect = effect_of(state, effective_from=effective_from, values=values, source=source, by=by)
    if seen != effect.mark:
        raise StaleVersion(
            "These rules would change something else by now than what you read. Nothing is saved yet: read what they "
            "would change, then decide.",
            current=as_json(effect),
        )
    row, _ = StatePolicy.objects.update_or_create(
        state=state,
        subject=SUBJECT,
        effective_from=effective_from,
        defaults={
            "name": state_policy(effect.document).name
            if "name" in effect.document
            else f"{state.name} rules",
            "data": effect.document,
            "source": source.strip(),
        },
    )
    settle_scales(state, effective_from)
    return row


def as_decided(
    state: State, *, effective_from: date, values: Mapping[str, Any], source: str
) -> StatePolicy | None:
    """The very rules, where they are decided already: a form or a request that was sent twice.

    Newer ones may have been decided meanwhile.
    """
    rows = StatePolicy.objects.in_state(state.pk).filter(subject=SUBJECT, effective_from=effective_from)
    row: StatePolicy | None = rows.first()
    is_this = row and row.source == source.strip() and stated(row.data, values, source) == row.data
    return row if is_this else None


def one_at_a_time(state: State) -> None:
    """Held to the end of the transaction. For its rules, also those on billing, and for the texts for its reports."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('fidelity rules'), %s::int)", [state.pk])


def check_day(state: State, effective_from: date, subject: str = SUBJECT) -> None:
    """Rules follow one another: nothing is decided for the time before the newest ones."""
    newest = (
        StatePolicy.objects.in_state(state.pk).filter(subject=subject).order_by("-effective_from").first()
    )
    first = newest.effective_from if newest else state.started_on
    began = "the newest rules begin" if newest else "the state began"
    last = state.today() + AHEAD
    if not first <= effective_from <= last:
        raise Unacceptable(
            f"Choose a day from {first:%B %-d, %Y}, when {began}, to {last:%B %-d, %Y}.",
            field="effective_from",
        )
