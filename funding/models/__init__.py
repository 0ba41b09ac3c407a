"""Who pays: funding plans with their services, payers, cells, notes, versions and signatures."""

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

__all__ = [
    "CellLink",
    "CellNote",
    "FundingPlan",
    "PlanCell",
    "PlanColumn",
    "PlanElement",
    "PlanSignature",
    "PlanVersion",
]
