"""The touchpoint curve: the journey in order, what each place weighs and how it is felt, and where effort should go. No Django here."""

from heartline.insight.touchpoints.analysis import Advice, Stop, Touchpoints, curve
from heartline.insight.touchpoints.bands import Band, read_bands
from heartline.insight.touchpoints.changes import Change, changes

__all__ = ["Advice", "Band", "Change", "Stop", "Touchpoints", "changes", "curve", "read_bands"]
