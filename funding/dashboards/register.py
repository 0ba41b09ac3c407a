"""The register of funding sources as its pages and files show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from agencies.models import State
from agencies.permissions import Actor
from agencies.tenancy import TenantQuerySet
from fidelity.lifecycle.months import written
from funding.models import FundingPlan, FundingSource, PlanColumn
from ips_portal.spreadsheets import Table

A_YEAR = timedelta(days=365)
SOON = timedelta(days=90)
WHEN = {
    "": "Running or to come",
    "year": "Ends within a year",
    "ended": "Ended",
    "off": "Taken off the register",
    "all": "All",
}
TEAM = "The state's IPS team"


@dataclass(frozen=True)
class Line:
    """A source in the list; `chip` is how its standing is shown, `word` says it."""

    source: FundingSource
    chip: str
    word: str
    plans: Sequence[str]  # names of the open ones that name it

    @property
    def kept_by(self) -> str:
        return self.source.kept_by or TEAM

    @property
    def amount(self) -> str:
        return "" if self.source.amount is None else dollars(self.source.amount)

    @property
    def lasts(self) -> str:
        return period(self.source.starts_on, self.source.ends_on)


@dataclass(frozen=True)
class Known:
    """What is known of the amounts of several sources: their sum, of how many of them."""

    payer: str
    sum: Decimal | None
    known: int
    count: int

    @property
    def amount(self) -> str:
        return "" if self.sum is None else dollars(self.sum)

    @property
    def share(self) -> str:
        return f"{self.known} of {self.count} {'amount' if self.count == 1 else 'amounts'} known"


def listed(actor: Actor) -> TenantQuerySet:
    """What was taken off stands last, and before it what has no end."""
    rows: TenantQuerySet = FundingSource.objects.visible_to(actor).select_related("body")
    return rows.order_by(F("removed_at").asc(nulls_first=True), "ends_on", "name", "pk")


def narrowed(
    rows: TenantQuerySet, today: date, *, q: str = "", kind: str = "", payer: str = "", when: str = ""
) -> TenantQuerySet:
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(given_by__icontains=q) | Q(citation__icontains=q))
    if kind:
        rows = rows.filter(kind=kind)
    if payer:
        rows = rows.filter(payer=payer)
    match when:
        case "all":
            return rows
        case "off":
            return rows.exclude(removed_at=None)
        case "ended":
            return rows.filter(removed_at=None, ends_on__lt=today)
        case "year":
            return rows.filter(removed_at=None, ends_on__range=(today, today + A_YEAR))
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=today), removed_at=None)


def lines(rows: Iterable[FundingSource], actor: Actor, today: date) -> list[Line]:
    """One query, and that of the rows."""
    plans = plans_of(actor)
    return [Line(row, *standing(row, today), plans.get(row.pk, ())) for row in rows]


def standing(row: FundingSource, today: date) -> tuple[str, str]:
    """How it is marked, and in which words."""
    if row.removed_at:
        return "plain", "Taken off the register"
    if row.ends_on and row.ends_on < today:
        return "plain", "Ended"
    if row.ends_on and row.ends_on <= today + SOON:
        return "action", "Ends within 90 days"
    if row.ends_on and row.ends_on <= today + A_YEAR:
        return "watch", "Ends within a year"
    if row.starts_on and row.starts_on > today:
        return "info", "To come"
    return "ok", "Running" if row.ends_on else "No end is known"


def known(rows: "QuerySet[FundingSource]") -> list[Known]:
    """The amounts of each payer and, where there are several payers, of all. One query."""
    found = {
        row["payer"]: row
        for row in rows.order_by()
        .values("payer")
        .annotate(sum=Sum("amount"), known=Count("amount"), count=Count("pk"))
    }
    told = [
        Known(group.label, found[group]["sum"], found[group]["known"], found[group]["count"])
        for group in PlanColumn.Group
        if group in found
    ]
    if len(told) < 2:
        return told
    sums = [each.sum for each in told if each.sum is not None]
    whole = sum(sums, Decimal(0)) if sums else None
    return [*told, Known("All", whole, sum(each.known for each in told), sum(each.count for each in told))]


def named_by(source: FundingSource, actor: Actor) -> list[PlanColumn]:
    """Columns in use of plans the actor sees, open ones first."""
    rows = PlanColumn.objects.visible_to(actor).filter(comes_from=source, removed_at=None)
    open_first = F("plan__closed_at").asc(nulls_first=True)
    return list(rows.select_related("plan__agency", "plan__state").order_by(open_first, "plan_id", "pk"))


def plans_naming(source: FundingSource, actor: Actor) -> list[FundingPlan]:
    """The open ones, each once."""
    return list({row.plan_id: row.plan for row in named_by(source, actor) if not row.plan.closed_at}.values())


def facts(source: FundingSource) -> list[tuple[str, str]]:
    return [
        ("kind of money", source.get_kind_display()),
        ("payer", source.get_payer_display()),
        ("who gives it", source.given_by),
        ("first day", written(source.starts_on) if source.starts_on else "Not known"),
        ("last day", written(source.ends_on) if source.ends_on else "No end is known"),
        ("amount in all", "Not known" if source.amount is None else dollars(source.amount)),
        ("what it may pay for", source.purpose),
        ("award number or citation", source.citation),
        ("kept by", source.kept_by or TEAM),
    ]


def contact(source: FundingSource) -> list[tuple[str, str]]:
    return [
        ("person or office to ask", source.contact_name),
        ("e-mail", source.contact_email),
        ("phone", source.contact_phone),
        ("where it is written", source.evidence_url),
    ]


def register_table(
    rows: Iterable[FundingSource], shown: str, tenant: State, actor: Actor, now: datetime
) -> Table:
    """The amounts are numbers; one that is not known is an empty cell, and no zero."""
    return Table(
        about=(
            ("State", tenant.name),
            (
                "Register",
                "Funding sources. An empty amount is not known; an empty last day: no end is known.",
            ),
            ("Shown", shown),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            *("Name", "Kind", "Payer", "Who gives it", "First day", "Last day", "Amount in all", "Standing"),
            *("What it may pay for", "Person to ask", "E-mail", "Phone", "Award number or citation"),
            *("Where it is written", "Kept by", "Named by plans"),
        ),
        rows=tuple(
            (
                line.source.name,
                line.source.get_kind_display(),
                line.source.get_payer_display(),
                line.source.given_by or None,
                line.source.starts_on.isoformat() if line.source.starts_on else None,
                line.source.ends_on.isoformat() if line.source.ends_on else None,
                line.source.amount,
                line.word,
                line.source.purpose or None,
                line.source.contact_name or None,
                line.source.contact_email or None,
                line.source.contact_phone or None,
                line.source.citation or None,
                line.source.evidence_url or None,
                line.kept_by,
                "; ".join(line.plans) or None,
            )
            for line in lines(rows, actor, now.date())
        ),
        made=now,
    )


def plans_of(actor: Actor) -> dict[int, list[str]]:
    """By source the names of the open plans that name it. One query."""
    rows = PlanColumn.objects.visible_to(actor).filter(removed_at=None, plan__closed_at=None)
    found: dict[int, list[str]] = {}
    for row in rows.exclude(comes_from=None).select_related("plan__agency", "plan__state"):
        names = found.setdefault(row.comes_from_id, [])
        if str(row.plan) not in names:
            names.append(str(row.plan))
    return found


def dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}".removesuffix(".00")


def period(starts: date | None, ends: date | None) -> str:
    if starts and ends:
        return f"{written(starts)} to {written(ends)}"
    return f"From {written(starts)}" if starts else f"Until {written(ends)}" if ends else ""
