"""What loyalty is worth: own spending, customers won and lost by word of mouth, growth that was earned. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Worth:
    """What a customer of a group is worth: `own` spending, and apart from it what word of mouth brings or takes."""

    own: float
    net_new: float
    word_of_mouth: float

    @property
    def total(self) -> float:
        """Return own spending and word of mouth together."""
        return self.own + self.word_of_mouth


def worth(own: float, net_new: float, average: float) -> Worth:
    """Return a customer's worth: each customer won or lost by word of mouth counts as an average one (Satmetrix)."""
    return Worth(own, net_new, net_new * average)


@dataclass(frozen=True)
class Referrals:
    """What referrals are worth, and each good word that led to them."""

    customers: float
    money: float
    each: float

    def of(self, comments: float) -> float:
        """Return what somebody who says so many good words brings."""
        return self.each * comments


def referrals(new_customers: float, referred: float, value: float, comments: float) -> Referrals:
    """Return what good words brought: new customers × share who came by referral × value, over all good words (Bain)."""
    came = new_customers * referred
    return Referrals(came, came * value, came * value / comments)


@dataclass(frozen=True)
class Growth:
    """Where this period's money came from, each as a share of the period before."""

    retained: float
    earned: float
    bought: float

    @property
    def earned_growth(self) -> float:
        """Return earned growth: net revenue retention + earned new customers − 100 % (Reichheld)."""
        return self.retained + self.earned - 1

    @property
    def growth(self) -> float:
        """Return all growth, bought customers included."""
        return self.earned_growth + self.bought


def growth(before: Sequence[float], after: Sequence[float], is_earned: Sequence[bool | None]) -> Growth:
    """Return earned growth from the money of each customer in two periods; who is new came by word of mouth or not."""
    total = sum(before)
    retained = sum(now for was, now in zip(before, after, strict=True) if was > 0)
    new = [(now, earned) for was, now, earned in zip(before, after, is_earned, strict=True) if was <= 0]
    earned = sum(now for now, how in new if how)
    return Growth(retained / total, earned / total, sum(now for now, how in new if not how) / total)
