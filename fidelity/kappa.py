"""Agreement beyond chance, by a library. For workers only."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from statsmodels.stats.inter_rater import cohens_kappa

from fidelity.scales import HIGHEST, LOWEST


def weighted_kappa(pairs: Iterable[tuple[int, int]]) -> Decimal | None:
    """Cohen's kappa of two raters, quadratic weights, to two places; None where it is not defined.

    That is where everybody always gave the same rating: nothing is left for chance to be measured against.
    Which of two reviewers is called first is arbitrary here, so both orders are counted.
    """
    table = np.zeros((HIGHEST - LOWEST + 1, HIGHEST - LOWEST + 1))
    for one, other in pairs:
        table[one - LOWEST, other - LOWEST] += 1
        table[other - LOWEST, one - LOWEST] += 1
    if np.count_nonzero(table.sum(axis=0)) < 2:
        return None
    found = cohens_kappa(table, wt="quadratic", return_results=False)
    return Decimal(f"{found:.2f}")
