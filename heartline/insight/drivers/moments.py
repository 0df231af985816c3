"""Correlations of answers, weighted, and the same of many samples drawn anew from them.

Rows are gone through once. Above `BLOCKS` rows they are put by lot into so many blocks, and blocks are drawn instead of rows:
sums of blocks are as independent as rows are, and a million rows cost no more than five thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
BLOCKS = 5000
AT_ONCE = 50_000
TINY = 1e-12


@dataclass(frozen=True)
class Moments:
    """Sums of products of the columns (target last, standardised) in each block; `pairs` when each pair has rows of its own."""

    sums: Matrix
    counts: Matrix | None = None

    def correlations(self) -> Matrix:
        """Return the correlations of the sample."""
        counts = None if self.counts is None else self.counts.sum(axis=0)[None]
        return np.asarray(self._of(self.sums.sum(axis=0)[None], counts)[0])

    def resampled(self, times: int, rng: np.random.Generator) -> Matrix:
        """Return the correlations of so many samples drawn anew, with replacement."""
        blocks = len(self.sums)
        drawn = np.stack([np.bincount(rng.integers(0, blocks, blocks), minlength=blocks) for _ in range(times)])
        sums = self._drawn(drawn, self.sums)
        return self._of(sums, None if self.counts is None else self._drawn(drawn, self.counts))

    @staticmethod
    def _drawn(drawn: NDArray[np.int64], blocks: Matrix) -> Matrix:
        flat = drawn.astype(np.float64) @ blocks.reshape(len(blocks), -1)
        return flat.reshape(len(drawn), *blocks.shape[1:])

    @staticmethod
    def _of(sums: Matrix, counts: Matrix | None) -> Matrix:
        if counts is None:
            total = sums[:, 0, 0][:, None, None]
            means = sums[:, 0, 1:][:, :, None] / total
            covariances = sums[:, 1:, 1:] / total - means * means.transpose(0, 2, 1)
        else:
            covariances = _possible(np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0))
        return _scaled(covariances)


def moments_of(columns: Matrix, weights: Matrix, rng: np.random.Generator) -> Moments:
    """Return the moments of rows without gaps; the columns are the drivers' and then the target."""
    ones = np.ones((len(columns), 1))
    return Moments(_block_sums(np.hstack((ones, standardised(columns, weights))), weights, rng))


def moments_of_pairs(columns: Matrix, weights: Matrix, rng: np.random.Generator) -> Moments:
    """Return the moments of rows with gaps (NaN): each pair of columns from the rows that have both."""
    there = np.isfinite(columns)
    filled = np.where(there, standardised(columns, weights), 0)
    seed = int(rng.integers(1 << 32))
    counts = _block_sums(there.astype(np.float64), weights, np.random.default_rng(seed))
    return Moments(_block_sums(filled, weights, np.random.default_rng(seed)), counts)


def standardised(columns: Matrix, weights: Matrix) -> Matrix:
    """Return columns with mean 0 and variance 1, or all 0 where everybody answered the same; gaps stay gaps."""
    made = np.empty(columns.shape)
    for at in range(columns.shape[1]):
        made[:, at] = _standardised(columns[:, at], weights)
    return made


def _standardised(column: Matrix, weights: Matrix) -> Matrix:
    gaps = np.isnan(column)
    heavy = np.where(gaps, 0, weights) if gaps.any() else weights
    values = np.where(gaps, 0, column) if gaps.any() else column
    total = max(float(heavy.sum()), TINY)
    mean = float(heavy @ values) / total
    apart = values - mean
    spread = float(np.sqrt(heavy @ apart**2 / total))
    apart *= 0 if spread <= 1e-10 * max(abs(mean), spread) else 1 / spread
    apart[gaps] = np.nan
    return apart


def _block_sums(rows: Matrix, weights: Matrix, rng: np.random.Generator) -> Matrix:
    n, width = rows.shape
    if n <= BLOCKS:
        return np.asarray((rows * weights[:, None])[:, :, None] * rows[:, None, :])
    order = rng.permutation(n)
    sums = np.zeros((BLOCKS, width, width))
    per_turn = BLOCKS * max(1, AT_ONCE // BLOCKS)
    for start in range(0, n, per_turn):
        chosen = order[start : start + per_turn]
        height = -(-len(chosen) // BLOCKS)
        padded = np.zeros((BLOCKS * height, width))
        padded[: len(chosen)] = rows[chosen]
        heavy = np.zeros(BLOCKS * height)
        heavy[: len(chosen)] = weights[chosen]
        part = padded.reshape(height, BLOCKS, width).transpose(1, 0, 2)
        sums += (part * heavy.reshape(height, BLOCKS).T[:, :, None]).transpose(0, 2, 1) @ part
    return sums


def _possible(covariances: Matrix) -> Matrix:
    """Return the nearest matrices that data without gaps could have: pairs of different rows may contradict each other."""
    values, vectors = np.linalg.eigh(covariances)
    if values.min() >= 0:
        return covariances
    return np.asarray((vectors * np.clip(values, 0, None)[:, None, :]) @ vectors.transpose(0, 2, 1))


def _scaled(covariances: Matrix) -> Matrix:
    spread = np.sqrt(np.clip(np.diagonal(covariances, axis1=1, axis2=2), 0, None))
    inverse = np.where(spread > 1e-9, 1 / np.where(spread > 1e-9, spread, 1), 0)
    found = covariances * inverse[:, :, None] * inverse[:, None, :]
    np.clip(found, -1, 1, out=found)
    diagonal = np.arange(found.shape[1])
    found[:, diagonal, diagonal] = np.where(spread > 1e-9, 1, 0)
    return found
