"""Which two reports of a team are compared, and the comparison as page and table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agencies.models import State
from agencies.permissions import Actor
from fidelity.comparing import RATING, Comparison, Passage, Row, Side, compare
from fidelity.dashboards.listing import visit
from fidelity.models import Edition, Review
from ips_portal.spreadsheets import Table


@dataclass(frozen=True)
class Pair:
    """`choices` are the other reports of the team this person sees, nearest first; `newest` is the own last edition.

    What a report says is read of the two that are compared alone.
    """

    review: Review
    newest: Edition | None
    choices: Mapping[str, Edition]

    def compared(self, chosen: str) -> Comparison | None:
        """With the one chosen, or the one before; the earlier report stands first."""
        other, own = self.choices.get(chosen or self.nearest), self.newest
        if other is None or own is None:
            return None
        first, second = sorted(
            (other, own), key=lambda each: (each.review.ends_on, each.review_id, each.number)
        )
        return compare(first.snapshot, second.snapshot)

    @property
    def nearest(self) -> str:
        return next(iter(self.choices), "")

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(key, named(edition, self.review)) for key, edition in self.choices.items()]


def pair(review: Review, actor: Actor) -> Pair:
    """Issued reviews of the team by their last edition, those before this one first; then earlier editions of it."""
    reviews = Review.objects.visible_to(actor).issued().filter(team_id=review.team_id)
    rows = (
        Edition.objects.visible_to(actor)
        .filter(review__in=reviews)
        .select_related("review")
        .defer("snapshot")
        .order_by("-review__ends_on", "-review_id", "-number")
    )
    own: list[Edition] = []
    others: dict[str, Edition] = {}
    for row in rows:
        if row.review_id == review.pk:
            own.append(row)
        else:
            others.setdefault(str(row.review.public_id), row)
    before = {key: row for key, row in others.items() if row.review.ends_on <= review.ends_on}
    replaced = {f"edition-{row.number}": row for row in own[1:]}
    return Pair(review, own[0] if own else None, {**before, **replaced, **others})


def named(edition: Edition, review: Review) -> str:
    if edition.review_id == review.pk:
        return f"This review, edition {edition.number}"
    imported = ", imported" if edition.review.is_imported else ""
    return f"{visit(edition.review)}, {edition.review.get_kind_display().lower()}{imported}"


def comparison_table(found: Comparison, review: Review, tenant: State, actor: Actor, now: datetime) -> Table:
    return Table(
        about=(
            ("State", tenant.name),
            ("Team", review.team.name),
            *((name, about(side)) for name, side in (("Before", found.before), ("After", found.after))),
            *(("Note", note) for note in found.notes),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=("Section", "Code", "Item", "Before", "After", "Change"),
        rows=(
            *(line(section.name, row) for section in found.sections for row in section.rows),
            *(line("", row) for row in found.gone),
            *totals(found),
            *(worded for passage in found.passages for worded in reworded(passage)),
        ),
        made=now,
    )


def totals(found: Comparison) -> list[tuple[str, str, str, int | str | None, int | str | None, str]]:
    """One row, or one for each part where either scale has a total per part."""
    rows = [("", "", f"Total, {part.name}", *part.said, part.change) for part in found.parts]
    if len(with_one := [side for side in found.sides if not side.parts]) == 1:
        (side,) = with_one
        before, after = (each.total if each is side else None for each in found.sides)
        rows.append(("", "", "Total", before, after, found.change))
    return rows or [("", "", "Total", found.before.total, found.after.total, found.change)]


def about(side: Side) -> str:
    imported = ", imported" if side.is_imported else ""
    return f"{Review.Kind(side.kind).label}, {side.when}, edition {side.edition}{imported}; {side.scale}"


def line(section: str, row: Row) -> tuple[str, str, str, int | None, int | None, str]:
    return section, row.code, row.name, row.before, row.after, row.change


def reworded(passage: Passage) -> list[tuple[str, str, str, str, str, str]]:
    """What else two editions of one report say differently, in the columns of the ratings."""
    return [
        ("Words", passage.code, f"{passage.name}: {each.about}", each.before, each.after, "worded anew")
        for each in passage.words
        if each.about != RATING
    ]
