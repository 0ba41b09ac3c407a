"""How well reviewers agree: item by item for the state, and one's own lean for oneself."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from agencies.models import State
from agencies.permissions import Actor, Resource, Scope, scope_of
from fidelity import agreement
from fidelity.agreement import KAPPA_FROM, TRAIN_BELOW, TRAIN_FROM, Agreement
from fidelity.in_force import scale_in, scale_version_on
from fidelity.models import ItemAgreement, ScaleVersion
from fidelity.pairs import Pair, by_item, own_pairs, pairs_in, spread
from fidelity.scales import Item, Scale

YEARS = (1, 3)


@dataclass(frozen=True)
class ItemLine:
    item: Item
    agreement: Agreement
    kappa: Decimal | None


@dataclass(frozen=True)
class AgreementPage:
    scale: Scale
    years: int
    choices: tuple[int, ...]
    whole: Agreement
    kappa: Decimal | None
    lines: tuple[ItemLine, ...]  # least agreed on first
    counted_at: datetime | None
    kappa_from: int = KAPPA_FROM
    below: int = TRAIN_BELOW
    few: int = TRAIN_FROM

    @property
    def to_train(self) -> list[Item]:
        return [line.item for line in self.lines if line.agreement.wants_training]


@dataclass(frozen=True)
class OwnLine:
    """Own ratings of an item beside those of others: above them, below them, alike."""

    item: Item
    above: int
    below: int
    alike: int


@dataclass(frozen=True)
class OwnPage:
    years: int
    choices: tuple[int, ...]
    whole: Agreement
    above: int
    below: int
    lines: tuple[OwnLine, ...]

    @property
    def words(self) -> str:
        if not self.whole.pairs:
            return "You have not rated beside somebody else in this time."
        if self.above == self.below:
            return "You rate neither higher nor lower than others."
        way, often, rare = (
            ("higher", self.above, self.below)
            if self.above > self.below
            else ("lower", self.below, self.above)
        )
        return f"Where you differ, you more often rate {way}: {often} times, against {rare} the other way."


def sees_whole_state(actor: Actor) -> bool:
    return scope_of(actor.role, "view", Resource.FINAL_REPORT) is Scope.STATE


def agreement_page(tenant: State, years: int) -> AgreementPage:
    """Two queries beside the scale, whatever the number of reviews."""
    version = scale_of_today(tenant)
    scale = scale_in(version)
    pairs = by_item(pairs_in(tenant.pk, version.pk, since(tenant, years)))
    kappas = {row.item_code: row for row in ItemAgreement.objects.in_state(tenant.pk).filter(scale=version)}
    lines = [item_line(item, pairs.get(item.code, []), kappas.get(item.code)) for item in scale.items]
    whole = kappas.get("")
    return AgreementPage(
        scale=scale,
        years=years,
        choices=YEARS,
        whole=agreement.agreement(pair for own in pairs.values() for pair in spread(own)),
        kappa=whole.kappa if whole else None,
        lines=tuple(sorted(lines, key=least_agreed)),
        counted_at=whole.counted_at if whole else None,
    )


def item_line(item: Item, pairs: list[Pair], kappa: ItemAgreement | None) -> ItemLine:
    return ItemLine(item, agreement.agreement(spread(pairs)), kappa.kappa if kappa else None)


def least_agreed(line: ItemLine) -> tuple[bool, int, int]:
    percent = line.agreement.exact_percent
    return (percent is None, percent or 0, line.item.seq)


def own_page(tenant: State, actor: Actor, years: int) -> OwnPage:
    version = scale_of_today(tenant)
    pairs = own_pairs(actor.person_id, tenant.pk, version.pk, since(tenant, years))
    items = by_item(pairs)
    lines = [own_line(item, items[item.code]) for item in scale_in(version).items if item.code in items]
    return OwnPage(
        years=years,
        choices=YEARS,
        whole=agreement.agreement(spread(pairs)),
        above=sum(line.above for line in lines),
        below=sum(line.below for line in lines),
        lines=tuple(sorted(lines, key=lambda line: -(line.above + line.below))),
    )


def own_line(item: Item, pairs: list[Pair]) -> OwnLine:
    both = spread(pairs)
    return OwnLine(
        item,
        above=sum(own > other for own, other in both),
        below=sum(own < other for own, other in both),
        alike=sum(own == other for own, other in both),
    )


def scale_of_today(tenant: State) -> ScaleVersion:
    return scale_version_on(tenant.pk, tenant.today())


def since(tenant: State, years: int) -> date:
    today = tenant.today()
    return date(today.year - years, today.month, min(today.day, 28))
