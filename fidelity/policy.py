"""What a state asks of fidelity reviews: when, by whom, and what follows a result.

A state's data holds only what its own rule states. Everything else is the national default and stays marked as
such, value by value, so that nobody takes a default for a rule (domain reference 2.5 and 2.6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fidelity.documents import DocumentError, Node
from fidelity.policy_fields import BY_PATH, FIELDS
from fidelity.scales import shipped

FOLDER = Path(__file__).parent / "policies"
PLAN_FROM = 3  # where a policy names no items, a plan is drafted from every item rated so or lower


ROOT = "policy"


class PolicyError(DocumentError):
    """The policy's data is not a policy; the text names the place, `paths` the values to change."""

    def __init__(self, text: str, place: str = "", words: str = "", paths: tuple[str, ...] = ()) -> None:
        super().__init__(text, place, words)
        own = place.removeprefix(f"{ROOT}.").partition("[")[0]
        self.paths = paths or ((own,) if own in BY_PATH else ())


@dataclass(frozen=True)
class Thresholds:
    good: int
    exemplary: int
    fair: int


@dataclass(frozen=True)
class Preservice:
    required: bool
    type: str
    min_total: int | None


@dataclass(frozen=True)
class Baseline:
    """The first review; `window`: is that month the earliest date or the latest (reference 9.23)."""

    type: str
    due_months_after_start: int | None
    window: str
    open_months: int  # where it is the earliest: how many months later the review is overdue


@dataclass(frozen=True)
class ExemplaryExtension:
    allowed: bool
    months: int | None
    needs_decision: bool
    decided_by: str | None


@dataclass(frozen=True)
class SamePersonMayIssue:
    """A dated, written exception: the person who led a review may also issue it."""

    allowed_until: date
    reason: str


@dataclass(frozen=True)
class ActionPlanRule:
    required: str
    start: str
    due_days: int
    reminders: tuple[int, ...]  # days from the due date
    item_trigger_max: int | None
    item_trigger_applies_to: tuple[str, ...] | None
    approver: str | None


@dataclass(frozen=True)
class Probation:
    enabled: bool
    months: int | None
    trigger_total_below: int | None
    starts: str


@dataclass(frozen=True)
class IntakeRestriction:
    enabled: bool
    after_failed_probation: bool
    re_review_months: int | None
    lift_total: int | None


@dataclass(frozen=True)
class Steering:
    before_good_per_year: int
    after_good_per_year: int


@dataclass(frozen=True)
class Incentive:
    """What a state offers agencies for taking part in reviews; `earned` is one of `policy_fields.EARNED`."""

    what: str | None
    earned: str
    decided_by: str | None


@dataclass(frozen=True)
class PolicyRow:
    """One line of the policy page."""

    path: str
    group: str
    label: str
    value: Any
    words: str
    is_stated: bool
    default_words: str
    source: str

    @property
    def standing(self) -> str:
        return "Stated by this state" if self.is_stated else "Not stated by this state, national default"


@dataclass(frozen=True)
class FidelityPolicy:
    name: str
    scale_version: str
    manual_edition: str | None
    unit: str
    thresholds: Thresholds
    band_labels: Mapping[str, str]
    na_policy: str
    tie_rule: str
    boundary_readings: Mapping[str, int]
    preservice: Preservice
    baseline: Baseline
    until_good_months: int | None
    after_good_months: int | None
    after_exemplary_months: int | None
    exemplary_extension: ExemplaryExtension
    interval_anchor: str
    overdue_effect: str
    reviewer_rule: str
    min_reviewers: int
    official_review_types: tuple[str, ...]
    answer_days: int  # in which the agency says what a draft report has wrong; 0 where it is not asked
    moderation: bool  # a second person reads an external review's draft before it goes to the agency
    same_person_may_issue: SamePersonMayIssue | None
    result_recipient: str | None
    action_plan: ActionPlanRule
    new_team_decision_after: int
    probation: Probation
    intake_restriction: IntakeRestriction
    standing_labels: Mapping[str, str]
    incentive: Incentive
    steering: Steering
    vr_requires: tuple[str, ...]
    stated: frozenset[str]
    values: Mapping[str, Any] = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    defaults: "FidelityPolicy | None" = field(repr=False)
    # where its scale is a state's own: the highest total of each edition, with the code of the part it is of
    own_ends: frozenset[tuple[int, str]] = frozenset()

    @classmethod
    def parse(
        cls, data: Mapping[str, object], *, defaults: "FidelityPolicy | None" = None
    ) -> "FidelityPolicy":
        """Read a state's policy over the national default; without a default, every value must be there."""
        node = Node(data, ROOT, PolicyError)
        stated = _stated(node)
        values: dict[str, Any] = dict(defaults.values if defaults else {}) | stated
        if missing := [path for path in BY_PATH if path not in values]:
            raise node.wrong(f"“{missing[0]}” is missing, and there is no default to fall back on.")
        _agree(node, values)
        name = node.text_or_blank("name") or (defaults.name if defaults else "")
        return cls(
            name=name,
            stated=frozenset(stated),
            values=values,
            sources=_sources(node),
            defaults=defaults,
            **_parts(values),
        )

    def is_official(self, review_type: str) -> bool:
        return review_type in self.official_review_types

    def measures(self, possible: int, leads: str = "") -> bool:
        """Are these marks for totals that end at `possible`, as those of the scale they are set for do?

        `leads` is the code of the part they are of, where the scale has a total per part.
        """
        return (possible, leads) in (self.own_ends or shipped_ends(self.scale_version))

    def same_person_may_issue_on(self, today: date) -> bool:
        exception = self.same_person_may_issue
        return exception is not None and today <= exception.allowed_until

    def rows(self) -> tuple[PolicyRow, ...]:
        """The whole policy in words, each value marked as the state's own or the national default."""
        default = self.defaults or self
        own = self.stated if self.defaults else frozenset()
        return tuple(
            PolicyRow(
                path=entry.path,
                group=entry.group,
                label=entry.label,
                value=_as_json(self.values[entry.path]),
                words=entry.words(self.values[entry.path]),
                is_stated=entry.path in self.stated,
                default_words=entry.words(default.values[entry.path]),
                source=self.source(entry.path),
            )
            for entry in FIELDS
            if not entry.needs or self.values[entry.needs] or entry.path in own
        )

    def source(self, path: str) -> str:
        """Where a value comes from: its own note, or that of the group it belongs to."""
        if path not in self.stated and self.defaults:
            return self.defaults.source(path)
        return self.sources.get(path) or self.sources.get(path.partition(".")[0], "")

    def snapshot(self) -> dict[str, object]:
        """What an issued review keeps of the policy it was judged by, fit for JSON."""
        values = {path: _as_json(value) for path, value in self.values.items()}
        marks = {band: values[f"thresholds.{band}"] for band in ("good", "exemplary", "fair")}
        return {"name": self.name, **marks, "stated": sorted(self.stated), "values": values}


def plan_items(
    policy: FidelityPolicy, ratings: Mapping[str, int], standing: str | None = None
) -> tuple[str, ...]:
    """The items an action plan is drafted from, in the order of `ratings`.

    Those the policy names for a team of this standing (Louisiana: rated 1, 2 or 3 while new), or else every item
    rated 3 or lower. A standing that is not known is taken as one the policy speaks of.
    """
    rule = policy.action_plan
    applies = standing is None or not rule.item_trigger_applies_to or standing in rule.item_trigger_applies_to
    named = rule.item_trigger_max if applies else None
    highest = PLAN_FROM if named is None else named
    return tuple(code for code, rating in ratings.items() if rating <= highest)


@cache
def shipped_ends(scale: str) -> frozenset[tuple[int, str]]:
    """The highest total of a scale that ships, and of which part; nothing for another."""
    return frozenset((each.possible, each.leads) for each in shipped() if each.key == scale)


def shipped_document(key: str) -> Mapping[str, object]:
    """A shipped policy as plain data, fit to be stored as a state's own."""
    if key not in shipped_keys():
        raise PolicyError(f"No policy “{key}” ships with the portal. There is: {', '.join(shipped_keys())}.")
    data = yaml.safe_load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise PolicyError(f"{key}.yaml: expected a mapping.")
    return data


def shipped_keys() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def shipped_policy(key: str) -> FidelityPolicy:
    if key == "national":
        return FidelityPolicy.parse(shipped_document(key))
    return state_policy(shipped_document(key))


def state_policy(data: Mapping[str, object]) -> FidelityPolicy:
    """A state's stored data over the national default."""
    return FidelityPolicy.parse(data, defaults=shipped_policy("national"))


def _stated(node: Node) -> dict[str, Any]:
    """The values the data holds, by dotted path."""
    groups: dict[str, list[str]] = {}
    for path in BY_PATH:
        first, _, rest = path.partition(".")
        groups.setdefault(first, []).append(rest)
    found: dict[str, Any] = {}
    data = node.mapping({*groups, "name", "sources"})
    for first, rests in groups.items():
        if first not in data:
            continue
        child = node.child(first)
        if rests == [""]:
            found[first] = BY_PATH[first].read(child)
        elif child.value is not None:
            for rest in child.mapping(rests):
                found[f"{first}.{rest}"] = BY_PATH[f"{first}.{rest}"].read(child.child(rest))
    return found


def _sources(node: Node) -> dict[str, str]:
    sources = node.optional("sources")
    if sources is None:
        return {}
    sources.mapping({*BY_PATH, *(path.partition(".")[0] for path in BY_PATH)})
    return {path: sources.child(path).text() for path in sources.names()}


def _as_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _agree(node: Node, values: Mapping[str, Any]) -> None:
    """Values that only make sense together must be there together."""
    if not values["thresholds.fair"] < values["thresholds.good"] < values["thresholds.exemplary"]:
        marks = [f"thresholds.{band}" for band in ("fair", "good", "exemplary")]
        raise _clash(node, "thresholds must rise from fair over good to exemplary.", *marks)
    _rises(node, values)
    if not values["official_review_types"]:
        text = "official_review_types must name at least one kind of review."
        raise _clash(node, text, "official_review_types")
    switches = {
        "exemplary_extension.allowed": ("exemplary_extension.months",),
        "probation.enabled": ("probation.months", "probation.trigger_total_below"),
        "intake_restriction.enabled": (
            "intake_restriction.re_review_months",
            "intake_restriction.lift_total",
        ),
        "same_person_may_issue.allowed_until": ("same_person_may_issue.reason",),
        "same_person_may_issue.reason": ("same_person_may_issue.allowed_until",),
        "incentive.what": ("incentive.decided_by",),
    }
    for switch, needed in switches.items():
        for path in needed:
            if values[switch] and values[path] is None:
                raise _clash(node, f"“{switch}” is set, so “{path}” must be set too.", path)


def _clash(node: Node, message: str, *paths: str) -> PolicyError:
    wrong = node.wrong(message)
    return PolicyError(str(wrong), wrong.place, wrong.words, paths)


def _rises(node: Node, values: Mapping[str, Any]) -> None:
    """Marks below one another: nobody loses by a total what the same total gives."""
    good, mark = values["thresholds.good"], values["probation.trigger_total_below"]
    if values["probation.enabled"] and mark is not None and mark > good:
        path = "probation.trigger_total_below"
        raise _clash(node, f"“{path}” is {mark}, above good fidelity from {good}.", path)
    lift, exemplary = values["intake_restriction.lift_total"], values["thresholds.exemplary"]
    if values["intake_restriction.enabled"] and lift is not None and lift > exemplary:
        path = "intake_restriction.lift_total"
        raise _clash(node, f"“{path}” is {lift}, above exemplary from {exemplary}.", path)
    longer, usual = values["exemplary_extension.months"], values["after_exemplary_months"]
    if values["exemplary_extension.allowed"] and longer and usual and longer < usual:
        path = "exemplary_extension.months"
        raise _clash(node, f"“{path}” is {longer}, shorter than the usual {usual}.", path)
    if values["intake_restriction.after_failed_probation"] and not values["probation.enabled"]:
        path, needed = "intake_restriction.after_failed_probation", "probation.enabled"
        raise _clash(node, f"“{path}” needs “{needed}”.", path, needed)


def _parts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The flat values as the nested ones that code reads."""
    nested: dict[str, Any] = {}
    for path, value in values.items():
        first, _, rest = path.partition(".")
        if rest:
            nested.setdefault(first, {})[rest] = value
        else:
            nested[first] = value
    exception = nested["same_person_may_issue"]
    return nested | {
        "thresholds": Thresholds(**nested["thresholds"]),
        "preservice": Preservice(**nested["preservice"]),
        "baseline": Baseline(**nested["baseline"]),
        "exemplary_extension": ExemplaryExtension(**nested["exemplary_extension"]),
        "same_person_may_issue": SamePersonMayIssue(**exception) if exception["allowed_until"] else None,
        "action_plan": ActionPlanRule(**nested["action_plan"]),
        "probation": Probation(**nested["probation"]),
        "intake_restriction": IntakeRestriction(**nested["intake_restriction"]),
        "incentive": Incentive(**nested["incentive"]),
        "steering": Steering(**nested["steering"]),
    }
