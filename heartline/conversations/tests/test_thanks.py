"""What is just thanks, and what is more: the first wakes nothing, the second always does."""

from __future__ import annotations

import pytest

from heartline.conversations.rules import is_just_thanks

THANKS = (
    "谢谢", "好的，谢谢！", "收到，辛苦了", "嗯嗯 好的", "谢谢您的回复", "好的好的", "Thanks!", "Thank you so much 🙏", "OK, thanks a lot",
    "Great, thank you for your help", "👍", "ok", "Perfect. Thanks again", "That's great, thanks", "ＯＫ 谢谢",
)  # fmt: skip
MORE = (
    "谢谢，但是还没收到货", "好的，那什么时候发货", "谢谢 13800138000", "不好", "还没有人来", "好了吗", "不行", "", "Thanks, when will it come?",
    "no thanks to you, still broken", "Thanks but it is still broken", "Fine, I want a refund", "I am not ok", "谢" * 130,
)  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks(text: str) -> None:
    assert is_just_thanks(text)


@pytest.mark.parametrize("text", MORE)
def test_more_than_thanks(text: str) -> None:
    assert not is_just_thanks(text)
