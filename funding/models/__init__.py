"""Who pays: funding plans with their services, payers, cells, notes, versions and signatures."""

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
    "CellNote",
    "FundingPlan",
    "PlanCell",
    "PlanColumn",
    "PlanElement",
    "PlanSignature",
    "PlanVersion",
]
