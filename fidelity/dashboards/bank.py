"""The bank of texts: as a list, and beside the fields of the report editor."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Case, Q, When

from agencies.models import State
from agencies.permissions import Actor, Resource, may, roles_that_may, scope_of
from fidelity.in_force import scale_in, scale_version_on
from fidelity.models import BankText, BankTextQuerySet, Review, ScaleVersion
from fidelity.scales import Item, Scale, UnknownItem

WHOLE = "report"  # instead of an item
SHOWN = {"retired": "Retired", "all": "In use and retired"}
Offers = Mapping[str, list[str]]  # field of the editor -> the texts that fit there


@dataclass(frozen=True)
class TextLine:
    row: BankText
    about: str

    @property
    def ratings(self) -> str:
        row = self.row
        if row.suits_every_rating:
            return "Any"
        return f"{row.lowest}" if row.lowest == row.highest else f"{row.lowest} to {row.highest}"


def sees_bank(actor: Actor) -> bool:
    """Whoever may have a report in hand somewhere."""
    return scope_of(actor.role, "view", Resource.DRAFT_REPORT) is not None


def keeps_bank(actor: Actor) -> bool:
    return bool(may(actor, "edit", Resource.POLICY))


def keepers() -> str:
    """Who may change it, in words."""
    return " or ".join(role.label.lower() for role in roles_that_may("edit", Resource.POLICY))


def has_texts(actor: Actor) -> bool:
    """In use or retired."""
    return BankText.objects.visible_to(actor).exists()


def no_names(tenant: State) -> str:
    words = tenant.terms
    return f"No names of {words['people_served']}, staff or {words['agencies']}: texts are offered in every report."


def scales_of_bank(tenant: State) -> dict[str, Scale]:
    """Those the state works with, by key: first the one new reviews use, then those of its reviews and its texts.

    Not everybody sees every review; the texts are the same for all who see the bank.
    """
    today = tenant.today()
    now = scale_version_on(tenant.pk, today)
    used = Review.objects.in_state(tenant.pk).values("scale__key")
    written_for = BankText.objects.in_state(tenant.pk).exclude(scale_key="").values("scale_key")
    others = (
        ScaleVersion.objects.open_to(tenant.pk)
        .filter(Q(key__in=used) | Q(key__in=written_for), effective_from__lte=today)
        .exclude(key=now.key)
        .order_by("key", "state_id", "-effective_from", "-pk")
        .distinct("key")
        .defer("data")
    )
    return {row.key: scale_in(row) for row in (now, *others)}


def item_choices(scales: Mapping[str, Scale]) -> list[tuple[str, str]]:
    return [
        (named(key, item.code), label(item, scale, scales))
        for key, scale in scales.items()
        for item in scale.items
    ]


def named(scale_key: str, item_code: str) -> str:
    """One item in a choice. Blank for none."""
    return f"{scale_key}:{item_code}" if item_code else ""


def label(item: Item, scale: Scale, scales: Collection[str]) -> str:
    """Where there are several scales, two items may have the same number, or the same name."""
    words = f"{item.seq}. {item.name}"
    return f"{words}, {scale.name}" if len(scales) > 1 else words


def listed(
    actor: Actor,
    scales: Mapping[str, Scale],
    *,
    q: str = "",
    part: str = "",
    scale: str = "",
    item: str = "",
    show: str = "",
) -> BankTextQuerySet:
    """In the order of the report: its whole texts, then those of each item, scale by scale."""
    rows = BankText.objects.visible_to(actor).select_related("saved_by", "retired_by")
    if q:
        rows = rows.filter(text__icontains=q)
    if part:
        rows = rows.filter(part=part)
    if scale:
        rows = rows.filter(scale_key=scale)
    if item == WHOLE:
        rows = rows.filter(item_code="")
    elif item:
        scale_key, _, code = item.rpartition(":")
        rows = rows.filter(scale_key=scale_key, item_code=code)
    if show == "retired":
        rows = rows.exclude(retired_at=None)
    elif not show:
        rows = rows.in_use()
    keys = [{"item_code": "", "part": part} for part in BankText.Part.values]
    keys += [{"scale_key": key, "item_code": code} for key, each in scales.items() for code in each.codes]
    places = [When(**key, then=place) for place, key in enumerate(keys)]
    return rows.order_by(Case(*places, default=len(keys)), "scale_key", "item_code", "part", "id")


def line(row: BankText, scales: Mapping[str, Scale]) -> TextLine:
    return TextLine(row, about(row, scales))


def about(row: BankText, scales: Mapping[str, Scale]) -> str:
    if not row.item_code:
        return "The whole report"
    try:
        scale = scales[row.scale_key]
        return label(scale.item(row.item_code), scale, scales)
    except (KeyError, UnknownItem):
        return "An item that is in no scale now"


def offers(actor: Actor, scale: Scale, ratings: Mapping[str, int | None]) -> Offers:
    """What fits a report on such a review, in one query. The fields are named as the editor names them."""
    found: dict[str, list[str]] = {}
    for row in BankText.objects.visible_to(actor).fitting(scale.key):
        if row.item_code and not row.suits(ratings.get(row.item_code)):
            continue
        field = f"{row.item_code}-{row.part}" if row.item_code else row.part
        found.setdefault(field, []).append(row.text)
    return found
