"""What the fidelity report and the action plan say, worked out from one frozen snapshot before any template runs.

Pure: a snapshot (and a plan) in, one frozen dataclass out. Nothing here draws, renders or reads the database; see
`fidelity.printing` for the bytes.
"""

from fidelity.paper.plan import PlanPaper, plan_paper
from fidelity.paper.report import ReportPaper, report_paper

__all__ = ["PlanPaper", "ReportPaper", "plan_paper", "report_paper"]
