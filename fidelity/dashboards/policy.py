"""The fidelity policy in force on a day, and the scale that goes with it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from agencies.models import State, StatePolicy
from fidelity.dashboards.scales import ScalePart, scale_parts
from fidelity.in_force import policy_on, scale_by, scale_in, scale_version_on, wording_of
from fidelity.models import ScaleVersion
from fidelity.policy import PolicyRow
from fidelity.scales import Band, Item, Scale
from fidelity.wording import Wording

CONFIDENCE = {
    "page": "All five levels are confirmed by public copies of the scale.",
    "top": "The best level is confirmed; compare the lower levels with the official sheet.",
    "memory": "Rests on practice knowledge; compare with the official sheet before relying on it.",
}


@dataclass(frozen=True)
class Version:
    name: str
    effective_from: date
    is_shown: bool
    is_future: bool


@dataclass(frozen=True)
class PolicyPage:
    name: str
    on: date
    today: date
    effective_from: date | None
    source: str
    groups: tuple[tuple[str, tuple[PolicyRow, ...]], ...]
    versions: tuple[Version, ...]
    stated: int
    of: int
    part: str  # the name of the part whose totals the rules mean, where the scale has parts


@dataclass(frozen=True)
class ScaleItem:
    item: Item
    anchors: tuple[tuple[int, str, bool], ...]  # level, text, official?
    confidence: str

    @property
    def note(self) -> str:
        return self.item.boundary.note if self.item.boundary else ""


@dataclass(frozen=True)
class ScaleSection:
    """`part` is the code of its subscale, `part_name` its name; blank in a scale that has one total."""

    name: str
    part: str
    part_name: str
    items: tuple[ScaleItem, ...]


@dataclass(frozen=True)
class ScalePage:
    """`bands` are those of the total that counts; `parts` are all, where the scale has a total per part."""

    scale: Scale
    sections: tuple[ScaleSection, ...]
    bands: tuple[Band, ...]
    official: int
    parts: tuple[ScalePart, ...]


def policy_page(tenant: State, on: date) -> PolicyPage:
    today = tenant.today()
    dated = list(StatePolicy.objects.in_state(tenant.pk).filter(subject=StatePolicy.Subject.FIDELITY))
    shown = next((row for row in dated if row.effective_from <= on), None)  # newest first
    policy = policy_on(tenant.pk, on)
    rows = policy.rows()
    return PolicyPage(
        name=shown.name if shown else "National default",
        on=on,
        today=today,
        effective_from=shown.effective_from if shown else None,
        source=shown.source if shown else "",
        groups=tuple((group, tuple(found)) for group, found in groupby(rows, key=lambda row: row.group)),
        versions=tuple(
            Version(row.name, row.effective_from, row == shown, row.effective_from > today) for row in dated
        ),
        stated=sum(row.is_stated for row in rows),
        of=len(rows),
        part=scale_by(policy, tenant.pk, on).part,
    )


def scale_page(tenant: State, on: date, version: ScaleVersion | None = None) -> ScalePage:
    """Of that edition, or else of the one new reviews use on the day."""
    version = version or scale_version_on(tenant.pk, on)
    scale = scale_in(version)
    labels = policy_on(tenant.pk, on).band_labels
    words = wording_of(tenant.pk, version.pk)
    names = {each.code: each.name for each in scale.subscales}
    return ScalePage(
        scale=scale,
        sections=tuple(
            ScaleSection(
                section.name,
                section.subscale,
                names.get(section.subscale, ""),
                tuple(scale_item(item, words) for item in section.items),
            )
            for section in scale.sections
        ),
        bands=scale.labelled(labels),
        official=len(words),
        parts=scale_parts(scale, labels),
    )


def scale_item(item: Item, words: Wording) -> ScaleItem:
    anchors = tuple(
        (level, words.get((item.code, level)) or text, (item.code, level) in words)
        for level, text in enumerate(item.anchors, start=1)
    )
    return ScaleItem(item, anchors, CONFIDENCE.get(item.confidence, ""))
