"""Key drivers: how much of the differences in an outcome goes with which experience, and how sure that is. No Django here."""

from heartline.insight.drivers.analysis import Driver, Drivers, explain
from heartline.insight.drivers.asking import Question, Sample, sample_of
from heartline.insight.drivers.johnson import relative_weights
from heartline.insight.drivers.kano import Asymmetry, penalty_reward
from heartline.insight.drivers.shapley import lmg, subset_r2

__all__ = [
    "Asymmetry",
    "Driver",
    "Drivers",
    "Question",
    "Sample",
    "explain",
    "lmg",
    "penalty_reward",
    "relative_weights",
    "sample_of",
    "subset_r2",
]
