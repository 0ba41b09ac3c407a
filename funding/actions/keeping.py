"""Who keeps a column or a funding source, as it is stored."""

from typing import Any

from agencies.models import Payer
from agencies.permissions import Role
from agencies.refusals import Unacceptable


def kept(keeper: str, department: str, body: Payer | None, noun: str) -> dict[str, Any]:
    """Names a department or a payer only where such a one keeps it. Raises Unacceptable."""
    if keeper == Role.DEPARTMENT_LIAISON and not department.strip():
        raise Unacceptable(f"Write which department keeps this {noun}.", field="department")
    if keeper == Role.PAYER and body is None:
        raise Unacceptable(f"Choose which payer keeps this {noun}.", field="body")
    return {
        "keeper": keeper,
        "department": department.strip() if keeper == Role.DEPARTMENT_LIAISON else "",
        "body": body if keeper == Role.PAYER else None,
    }
