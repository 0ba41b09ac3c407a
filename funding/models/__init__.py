"""Who pays: funding plans with their services, payers, cells, notes, versions and signatures; sources; rates."""

from funding.models.links import CellLink
from funding.models.money import PaymentSchedule, SchedulePayment
from funding.models.plans import (
    CellNote,
    FundingPlan,
    PlanCell,
    PlanColumn,
    PlanElement,
    PlanSignature,
    PlanVersion,
)
from funding.models.register import FundingSource

__all__ = [
    "CellLink",
    "CellNote",
    "FundingPlan",
    "FundingSource",
    "PaymentSchedule",
    "PlanCell",
    "PlanColumn",
    "PlanElement",
    "PlanSignature",
    "PlanVersion",
    "SchedulePayment",
]
