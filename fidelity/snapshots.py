"""A review as one JSON value: what the paper, the pages and the API of an issued review read, and nothing else.

`draft` builds it from the rows as they stand; `freeze` adds who issued it and when; `corrected` lays a correction over
an issued one and leaves everything else as it is. The shape is the key list of `assemble`; dates are ISO text, so that
the value stores as it is. One from before the portal has the key `imported` beside: by whom and when it was brought in,
and the day of its report where that is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from agencies.models import State
from fidelity.in_force import policy_on, scale_of, wording_of
from fidelity.models import (
    ActionPlan,
    CorrectedItem,
    Correction,
    ItemReport,
    PlanRow,
    Review,
    Reviewer,
    ReviewText,
)
from fidelity.paper import parts
from fidelity.policy import FidelityPolicy
from fidelity.ratings import Agreed, PastReview, agreed_ratings, comparable, past_reviews
from fidelity.scales import Item, Scale
from fidelity.scales.bands import labelled
from fidelity.scoring import Score, score
from fidelity.wording import Wording

SCHEMA = 1
TEXTS = ("method", "overview", "strengths", "next_steps")


def draft(review: Review) -> dict[str, Any]:
    """The report as it would be issued now. The ratings must be complete."""
    return assemble(review, gathered(review), edition=0, issued_on=None, issued_by=None)


def freeze(review: Review, *, edition: int, issued_on: date, issued_by: str) -> dict[str, Any]:
    return assemble(review, gathered(review), edition=edition, issued_on=issued_on, issued_by=issued_by)


@dataclass(frozen=True)
class Material:
    """What a snapshot is made of beside the review itself. `earlier` are the issued reviews before it, oldest first."""

    scale: Scale
    policy: FidelityPolicy
    rows: Mapping[str, Agreed]
    reports: Mapping[str, ItemReport]
    text: ReviewText
    reviewers: Sequence[Reviewer]
    earlier: Sequence[PastReview]
    wording: Wording = field(default_factory=dict)
    planned: Mapping[str, str] = field(default_factory=dict)  # of the last plan: how far each of its items is
    imported: Mapping[str, Any] | None = None


def gathered(review: Review) -> Material:
    return Material(
        scale=scale_of(review),
        policy=policy_on(review.state_id, review.ends_on),
        rows=agreed_ratings(review),
        reports={row.item_code: row for row in review.item_reports.all()},
        text=review.text,
        reviewers=list(review.reviewers.select_related("person")),
        earlier=past_reviews(review),
        wording=wording_of(review.state_id, review.scale_id),
        planned=last_planned(review),
    )


def last_planned(review: Review) -> dict[str, str]:
    """The items of the plan after the last issued review of this kind, with how far each has come."""
    before = Review.objects.before(review).filter(kind=review.kind)
    plan = ActionPlan.objects.filter(review__in=before).order_by("-review__ends_on", "-pk").first()
    rows = plan.rows.exclude(status=PlanRow.Status.DROPPED) if plan else ()
    return {row.item_code: row.get_status_display() for row in rows}


def assemble(
    review: Review, material: Material, *, edition: int, issued_on: date | None, issued_by: str | None
) -> dict[str, Any]:
    scale, policy, text = material.scale, material.policy, material.text
    result = score(
        scale,
        {code: row.score for code, row in material.rows.items() if row.score is not None},
        na_policy=policy.na_policy,
        labels=policy.band_labels,
    )
    previous = comparable(material.earlier, review, scale.codes)
    return {
        "schema": SCHEMA,
        "edition": edition,
        "draft": issued_on is None,
        "issued_on": issued_on.isoformat() if issued_on else None,
        "issued_by": issued_by,
        "state": state_part(review.state),
        "words": review.state.terms,
        "agency": {"name": review.team.agency.name},
        "team": {"name": review.team.name},
        "review": review_part(review, material),
        "scale": scale_part(scale, policy.band_labels),
        "total": result.total,
        "possible": result.possible,
        "band": {"key": result.band.key, "label": result.band.label} if result.band else None,
        "to_next_band": next_band_part(result),
        **({"parts": [parts.kept(part) for part in result.parts]} if result.parts else {}),
        "previous": previous_part(previous, scale),
        "trend": [
            *(trend_part(each, scale) for each in material.earlier),
            {"ends_on": review.ends_on.isoformat(), "kind": review.kind, "total": result.total},
        ],
        "strengths": text.strengths,
        "next_steps": text.next_steps,
        "sections": sections_part(material, result, previous),
        "policy": policy.snapshot(),
        **({"imported": dict(material.imported)} if material.imported else {}),
    }


def trend_part(earlier: PastReview, scale: Scale) -> dict[str, Any]:
    """What does not go without saying: that it was imported, or counted by a scale whose totals are others."""
    return {
        "ends_on": earlier.ends_on.isoformat(),
        "kind": earlier.kind,
        "total": earlier.total,
        **counted_part(earlier, scale),
        **({"imported": True} if earlier.is_imported else {}),
    }


def counted_part(earlier: PastReview, scale: Scale) -> dict[str, Any]:
    """The highest total where it is another, and the leading part where it is another; the totals of all parts."""
    is_alike = earlier.is_counted_by(scale)
    return {
        **({} if is_alike else {"possible": earlier.possible}),
        **({} if earlier.leads == scale.leads else {"leads": earlier.leads}),
        **({"parts": parts.brief(earlier.parts)} if earlier.parts else {}),
    }


def state_part(state: State) -> dict[str, Any]:
    return {
        "name": state.name,
        "slug": state.slug,
        "program": state.program_name,
        "brand": state.brand,
        "brand_ink": state.brand_ink,
        "brand_accent": state.brand_accent,
        "contact": ", ".join(part for part in (state.contact_name, state.contact_email) if part),
        "logo_sha256": state.logo_sha256 or None,
    }


def scale_part(scale: Scale, labels: Mapping[str, str]) -> dict[str, Any]:
    bands = [asdict(band) for band in scale.labelled(labels)]
    return {
        "key": scale.key,
        "name": scale.name,
        "edition": scale.edition,
        "hash": scale.content_hash,
        "bands": bands,
    }


def review_part(review: Review, material: Material) -> dict[str, Any]:
    return {
        "public_id": str(review.public_id),
        "kind": review.kind,
        "mode": review.mode,
        "starts_on": review.starts_on.isoformat(),
        "ends_on": review.ends_on.isoformat(),
        "reviewers": [{"name": row.person.name, "lead": row.is_lead} for row in material.reviewers],
        "method": material.text.method,
        "overview": material.text.overview,
    }


def next_band_part(result: Score) -> dict[str, Any] | None:
    nearest = result.to_next_band
    return {"label": nearest.label, "points": nearest.points} if nearest else None


def previous_part(previous: PastReview | None, scale: Scale) -> dict[str, Any] | None:
    """With its highest total where that is another, so that the totals are not compared."""
    if previous is None:
        return None
    return {
        "ends_on": previous.ends_on.isoformat(),
        "kind": previous.kind,
        "total": previous.total,
        "band": dict(previous.band) if previous.band else None,
        "ratings": dict(previous.ratings),
        **counted_part(previous, scale),
        **({"imported": True} if previous.is_imported else {}),
    }


def sections_part(material: Material, result: Score, previous: PastReview | None) -> list[dict[str, Any]]:
    subtotals = {each.code: each.total for each in result.subtotals}
    return [
        {
            "code": section.code,
            "name": section.name,
            "subtotal": subtotals[section.code],
            "possible": section.possible,
            **({"part": section.subscale} if section.subscale else {}),
            "items": [item_part(item, material, previous) for item in section.items],
        }
        for section in material.scale.sections
    ]


def item_part(item: Item, material: Material, previous: PastReview | None) -> dict[str, Any]:
    row, report = material.rows.get(item.code), material.reports.get(item.code)
    rating = row.score if row else None
    own_words = item.anchor(rating) if rating else ""
    return {
        "code": item.code,
        "seq": item.seq,
        "name": item.name,
        "rating": rating,
        "previous": previous.ratings.get(item.code) if previous else None,
        "planned": material.planned.get(item.code, ""),
        "anchor": material.wording.get((item.code, rating or 0), own_words),
        "found": report.found if report else "",
        "recommendation": report.recommendation if report else "",
        "priority": report.is_priority if report else False,
        "sources": list(row.sources) if row else [],
    }


def texts_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """What a report says around its items."""
    said = {**snapshot["review"], **snapshot}
    return {name: said.get(name) or "" for name in TEXTS}


def items_of(snapshot: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["code"]: item for section in snapshot["sections"] for item in section["items"]}


def corrected(
    issued: Mapping[str, Any],
    correction: Correction,
    *,
    issued_on: date | None = None,
    issued_by: str | None = None,
) -> dict[str, Any]:
    """The next edition: `issued` with what the correction says instead, added up anew by the marks it was judged by.

    Without a day it is a draft. Whom it was about, who reviewed, what came before and the policy stay as they were
    frozen.
    """
    review, rows = correction.review, {row.item_code: row for row in correction.items.all()}
    scale, wording = scale_of(review), wording_of(review.state_id, review.scale_id)
    sections = [
        {
            **part,
            "items": [corrected_item(item, rows.get(item["code"]), scale, wording) for item in part["items"]],
        }
        for part in issued["sections"]
    ]
    rated = {item["code"]: item["rating"] for part in sections for item in part["items"] if item["rating"]}
    result = score(as_judged(scale, issued), rated)
    subtotals = {each.code: each.total for each in result.subtotals}
    texts = {name: getattr(correction, name) for name in TEXTS} if correction.with_texts else texts_of(issued)
    return {
        **issued,
        "edition": correction.corrects + 1,
        "draft": issued_on is None,
        "issued_on": issued_on.isoformat() if issued_on else None,
        "issued_by": issued_by,
        "corrects": {
            "edition": issued["edition"],
            "issued_on": issued["issued_on"],
            "reason": correction.reason,
            "written_by": correction.writer.name,
        },
        "review": {**issued["review"], "method": texts["method"], "overview": texts["overview"]},
        "strengths": texts["strengths"],
        "next_steps": texts["next_steps"],
        "sections": [{**part, "subtotal": subtotals[part["code"]]} for part in sections],
        "total": result.total,
        "band": {"key": result.band.key, "label": result.band.label} if result.band else None,
        "to_next_band": next_band_part(result),
        **({"parts": [parts.kept(part) for part in result.parts]} if result.parts else {}),
        "trend": [*issued["trend"][:-1], {**issued["trend"][-1], "total": result.total}],
    }


def as_judged(scale: Scale, issued: Mapping[str, Any]) -> Scale:
    """With the names its bands had in that report, those of each part by themselves."""
    of_parts = {part["code"]: labels_of(part) for part in parts.stored(issued)}
    return replace(
        scale,
        bands=scale.labelled(labels_of(issued["scale"])),
        subscales=tuple(
            replace(each, bands=labelled(each.bands, of_parts.get(each.code, {}))) for each in scale.subscales
        ),
    )


def labels_of(judged: Mapping[str, Any]) -> dict[str, str]:
    """How a scale or a part of it called its bands, by their keys."""
    return {band["key"]: band["label"] for band in judged["bands"]}


def corrected_item(
    item: Mapping[str, Any], row: CorrectedItem | None, scale: Scale, wording: Wording
) -> dict[str, Any]:
    if row is None:
        return dict(item)
    own_words = scale.item(row.item_code).anchor(row.score)
    moved = row.score != item["rating"]
    return {
        **item,
        "rating": row.score,
        "anchor": wording.get((row.item_code, row.score), own_words) if moved else item["anchor"],
        "found": row.found,
        "recommendation": row.recommendation,
        "priority": row.is_priority,
    }
