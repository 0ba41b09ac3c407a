"""Who pays: funding plans with their services, payers, cells, notes, versions and signatures; funding sources."""

from funding.models.links import CellLink
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
    "PlanCell",
    "PlanColumn",
    "PlanElement",
    "PlanSignature",
    "PlanVersion",
]
