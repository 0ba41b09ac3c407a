"""What payers pay a program, and what that may come to: rules on values, in dollars, with no claim of anybody."""

from funding.money.expecting import Expected, Left, Line, expected
from funding.money.faults import Fault, amount_fault, faults
from funding.money.values import (
    TRIGGERS,
    Figures,
    Grant,
    Payment,
    Schedule,
    Span,
    Trigger,
    said,
)

__all__ = [
    "TRIGGERS",
    "Expected",
    "Fault",
    "Figures",
    "Grant",
    "Left",
    "Line",
    "Payment",
    "Schedule",
    "Span",
    "Trigger",
    "amount_fault",
    "expected",
    "faults",
    "said",
]
