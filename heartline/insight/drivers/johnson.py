"""Johnson's relative weights: near LMG at the price of one eigenvalue problem, for more drivers than LMG can look at.

Johnson, Multivariate Behavioral Research 35 (2000). Thomas et al. (same journal 49, 2014) show that it is no exact
decomposition; therefore it is used only where LMG takes too long.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
NOTHING_NEW = 1e-9


def relative_weights(correlations: Matrix, groups: Sequence[Sequence[int]] | None = None) -> Matrix:
    """Return each driver's part of R² for each matrix of a stack (b, k+1, k+1), whose last row is the target."""
    stack = correlations if correlations.ndim == 3 else correlations[None]
    among, towards = stack[:, :-1, :-1], stack[:, :-1, -1]
    values, vectors = np.linalg.eigh(among)
    roots = np.sqrt(np.clip(values, 0, None))
    inverse = np.where(roots > NOTHING_NEW, 1 / np.where(roots > NOTHING_NEW, roots, 1), 0)
    bridge = (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
    slopes = ((vectors * inverse[:, None, :]) @ (vectors.transpose(0, 2, 1) @ towards[..., None]))[..., 0]
    columns = np.einsum("bjk,bk->bj", bridge**2, slopes**2)
    found = columns if groups is None else np.stack([columns[:, list(group)].sum(axis=1) for group in groups], axis=1)
    return found if correlations.ndim == 3 else found[0]
