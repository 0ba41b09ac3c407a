"""Versions of a funding plan: who signed which, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass

from agencies.permissions import Actor, Resource, Role, may
from funding.comparing import Difference, compared
from funding.dashboards.plan import Sheet, Table, table
from funding.grid import Grid
from funding.models import FundingPlan, PlanSignature, PlanVersion
from funding.stored import from_data


@dataclass(frozen=True)
class Agreement:
    """`waiting` are the departments that have not signed, by desk."""

    version: PlanVersion
    signatures: tuple[PlanSignature, ...]
    is_newest: bool

    @property
    def waiting(self) -> Mapping[str, str]:
        signed = {row.desk for row in self.signatures}
        return {desk: name for desk, name in self.version.parties.items() if desk not in signed}

    @property
    def is_agreed(self) -> bool:
        return not self.waiting

    @property
    def signed(self) -> list[tuple[str, PlanSignature]]:
        return [(self.version.parties[row.desk], row) for row in self.signatures]


def listed(plan: FundingPlan) -> list[Agreement]:
    """Newest first, in two queries."""
    rows = PlanVersion.objects.filter(plan=plan).select_related("made_by").defer("data")
    signatures = list(PlanSignature.objects.filter(plan=plan).select_related("signed_by"))
    return [
        Agreement(row, tuple(each for each in signatures if each.version_id == row.pk), place == 0)
        for place, row in enumerate(rows)
    ]


def agreement(version: PlanVersion) -> Agreement:
    newer = PlanVersion.objects.filter(plan=version.plan, number__gt=version.number).exists()
    signatures = PlanSignature.objects.filter(version=version).select_related("signed_by")
    return Agreement(version, tuple(signatures), not newer)


def may_sign(told: Agreement, actor: Actor) -> bool:
    """For the newest version of an open plan, where the own department has not signed."""
    plan = told.version.plan
    is_asked = plan.closed_at is None and told.is_newest and actor.desk in told.waiting
    return is_asked and bool(may(actor, "approve", Resource.FUNDING_PLAN, plan.place))


def parties_of(sheet: Sheet) -> dict[str, str]:
    """Each department that keeps a column. A payer's people fill in theirs and sign nothing."""
    found = {column.desk: column.kept_by for column in sheet.columns if column.keeper}
    return {desk: name for desk, name in found.items() if not desk.startswith(Role.PAYER)}


def table_of(version: PlanVersion) -> Table:
    return table(from_data(version.data))


def against(version: PlanVersion, now: Grid) -> Difference:
    """What is different now from what was put forward."""
    return compared(from_data(version.data), now)
