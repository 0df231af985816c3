"""The life of a contact and of a case, as tables."""

from __future__ import annotations

import re

from heartline.common.states import StateMachine, moves
from heartline.common.text import fold

CONTACT = StateMachine(
    "contact",
    "waiting",
    moves(
        accept=("waiting", "active"),
        abandon=("waiting", "abandoned"),
        resume=("abandoned", "waiting"),
        give_back=("active", "waiting"),
        end=("active", "wrap_up"),
        finish=("wrap_up", "ended"),
    ),
)

CASE = StateMachine(
    "case",
    "open",
    moves(
        wait_for_customer=("open waiting_internal", "waiting_customer"),
        wait_for_us=("open waiting_customer", "waiting_internal"),
        solve=("open waiting_customer waiting_internal", "solved"),
        reopen=("waiting_customer waiting_internal solved closed", "open"),
        close=("solved", "closed"),
    ),
)

# Contacts that somebody waits for or works on.
LIVE = ("waiting", "active", "wrap_up")

# What people say when nothing is asked of us any more. Longer texts, questions and numbers always count as more.
_THANKS_EN = (
    "thank you|thanks|thankyou|thx|ty|cheers|ta|many|much appreciated|appreciate it|appreciated|ok|okay|okey|k|great|"
    "perfect|wonderful|excellent|brilliant|lovely|awesome|super|fine|good|cool|sure|yes|yep|alright|all right|got it|"
    "understood|noted|will do|no problem|no worries|you too|bye|goodbye|see you|have a|nice|day|evening|weekend|"
    "so much|very much|a lot|again|indeed|all|both|everyone|for|your|the|help|quick|reply|answer|update|everything|"
    "letting me know|that's|that is|sounds|and|then|really|i|we"
)
_THANKS_ZH = (
    "非常感谢|十分感谢|太感谢了|感谢|多谢|谢谢|谢了|谢|辛苦|麻烦了|麻烦你了|麻烦您了|费心了|好滴|好哒|好嘞|好吧|好|行|可以|嗯|哦|噢|喔|"
    "收到|知道了|知道啦|明白了|明白|了解了|了解|没问题|没事了|没事|不客气|不用谢|再见|拜拜|回见|您|你|们|了|啦|哈|呀|啊|哟|呢|的|先|那|就|"
    "太好了|太棒了|棒|客服|小姐姐|祝您生活愉快|祝你生活愉快|回复|帮助|对"
)


def _longest_first(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split("|")), key=len, reverse=True))


_THANKS = re.compile(rf"(?:\b(?:{_longest_first(_THANKS_EN)})\b|{_longest_first(_THANKS_ZH)})\s*")
_KINDNESS = re.compile(
    r"thank|thx|\bty\b|cheers|\bta\b|appreciat|\bok|got it|noted|understood|great|perfect|谢|辛苦|麻烦|好|收到|知道|明白|了解|"
    r"嗯|行|没问题"
)
_QUESTION = re.compile(r"[?\d]|吗|什么|怎么|几|多久|何时|哪")


def is_just_thanks(text: str) -> bool:
    """Return whether a customer's words only thank us or say yes: such words never lose a follow-up."""
    words = fold(text)
    if not words or len(words) > 120 or _QUESTION.search(words):
        return False
    said = re.sub(r"\s+", " ", re.sub(r"[^\w']|_", " ", words)).strip()
    if not said:  # a heart or a thumb
        return True
    place = 0
    while part := _THANKS.match(said, place):
        place = part.end()
    return place == len(said) and bool(_KINDNESS.search(said))
