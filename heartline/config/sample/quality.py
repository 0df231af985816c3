"""Quality in the sample company: a scorecard, a sample of the last days, reviews that were shared, answered and coached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.config.sample.company import BY, Company
from heartline.config.sample.stage import Stage, Story
from heartline.conversations.models import Message
from heartline.improvement.quality.actions.cards import publish, save_card, write_version
from heartline.improvement.quality.actions.draws import draw_sample
from heartline.improvement.quality.actions.reviews import save_answer, share_review, submit_review
from heartline.improvement.quality.actions.talk import agree, say, write_note
from heartline.improvement.quality.models import CardVersion, CoachingNote, Draw, Review, Scorecard
from heartline.improvement.quality.rules.card import Card, Question, Section
from heartline.improvement.quality.rules.scoring import Given
from heartline.ledger.actions import one_change
from heartline.people.queries import scope_of

ZONE = "Asia/Shanghai"
CARD = Card(
    (
        Section(
            key="s1",
            name_en="Understanding",
            name_zh="听明白",
            questions=(
                Question(
                    key="q2",
                    text_en="Was nothing asked that we already knew?",
                    text_zh="已经知道的，有没有再问客户？（没问为是）",
                    guide_en="Look at the story beside the conversation: address, order, photos, what was tried.",
                    guide_zh="对照会话旁的客户全貌：地址、订单、照片、试过什么。",
                    weight=2,
                ),
                Question(
                    key="q3",
                    text_en="Did they take up how the customer feels, in words of their own?",
                    text_zh="有没有用自己的话回应客户的心情？",
                ),
            ),
        ),
        Section(
            key="s4",
            name_en="Putting right",
            name_zh="办成事",
            questions=(
                Question(
                    key="q5",
                    text_en="Did they say what comes next, when, and who does it?",
                    text_zh="有没有说清下一步做什么、什么时候、由谁做？",
                    kind="scale",
                    top=3,
                    steps_en=("Nothing", "What", "What and when", "What, when and who"),
                    steps_zh=("都没说", "做什么", "做什么、什么时候", "做什么、什么时候、由谁做"),
                    weight=3,
                ),
                Question(
                    key="q6",
                    text_en="Did they use what they may decide themselves?",
                    text_zh="自己权限内能定的，有没有当场定下来？",
                    weight=2,
                ),
            ),
        ),
        Section(
            key="s7",
            name_en="Must not be missed",
            name_zh="不能错",
            questions=(
                Question(
                    key="q8",
                    text_en="Was nothing promised that we cannot keep?",
                    text_zh="有没有许下做不到的承诺？（没有为是）",
                    critical=True,
                    na=False,
                ),
            ),
        ),
    ),
    8,
)
# Answers in turn, so that every result is seen; what is said of them, in English and in Chinese.
ANSWERS = ({"q3": 1, "q5": 3}, {"q3": 1, "q5": 2}, {"q3": 0, "q5": 3}, {"q3": 1, "q5": 3}, {"q3": 1, "q5": 1})
SAID = {
    3: ("Step, time and name in one sentence: keep doing this", "做什么、几点、谁来做，一句话说清了，保持住"),
    2: ("The day is there. Say who, too: then nobody asks twice", "时间说了，再加上由谁做，客户就不用再问"),
    1: ("“We will look into it” has no day. Offer one", "“我们会处理”没有时间，主动给一个"),
}
FEELING = ("An apology came, but not for what hurt: the day they lost", "道歉了，但没提到客户白等的这一天")
SCORED, SHARED = 10, 7


def publish_card(company: Company, now: datetime) -> None:
    """Write and publish the scorecard."""
    names = {"name_en": "Chat and messages", "name_zh": "会话与留言", "channels": ["webchat", "webform"]}
    card = save_card(Scorecard(is_sample=True), names, (), by=BY, now=now)
    publish(write_version(card.versions.get(), CARD, base=0, by=BY, now=now), by=BY, now=now)


def quality(stage: Stage) -> Story:
    """Draw a sample some hours ago, score most of it, share, answer and coach; some is left to be scored."""
    now = stage.end - timedelta(hours=2)
    yield now
    if not _draw(stage, now):
        return
    waiting = Review.objects.filter(is_check=False, version__card__is_sample=True)
    waiting = waiting.select_related("contact__case", "about", "version", "evaluator").order_by("id")
    grace = stage.person("grace")  # whom most look round with
    scored = sorted(waiting, key=lambda review: review.about_id != grace.pk)[:SCORED]
    for turn, review in enumerate(scored):
        now = now + timedelta(minutes=4)
        yield now
        _score(stage, review, turn, now)
    for review in scored[:SHARED]:
        now = now + timedelta(seconds=20)
        yield now
        share_review(review, by=_by_evaluator(stage, review), now=now)
    yield from _talk(stage, scored[:SHARED], now)


def _draw(stage: Stage, now: datetime) -> bool:
    """Draw two of each person and week, by lot; returns whether anything had ended that could be drawn."""
    version = CardVersion.objects.get(card__is_sample=True)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    wish = Draw(version=version, kind="random", count=2, first_day=today - timedelta(days=7), last_day=today)
    wish.seed, wish.double_percent = "qinghe", 20
    ruth, expert = stage.person("ruth"), stage.person("hu")
    try:
        with one_change(may_fail=True):
            draw_sample(scope_of(ruth), wish, [ruth, expert], ZONE, by=stage.by("ruth"), now=now)
    except Invalid:  # a short play may have ended nothing by then
        return False
    return True


def _score(stage: Stage, review: Review, turn: int, now: datetime) -> None:
    by, chinese = _by_evaluator(stage, review), review.about.language != "en"
    values = {"q2": 1, "q6": 1, "q8": 1, **ANSWERS[turn % len(ANSWERS)]}
    said = {"q5": SAID[values["q5"]][chinese], "q3": "" if values["q3"] else FEELING[chinese]}
    spoken = _words_of(review)
    for key in ("q2", "q3", "q5", "q6", "q8"):
        given = Given(na=True) if key == "q6" and turn % 3 == 2 else Given(values[key])
        save_answer(review, key, given, said.get(key, ""), spoken if key == "q5" else (), base=0, by=by, now=now)
    submit_review(review, by=by, now=now)


def _words_of(review: Review) -> list[int]:
    """Return the last thing that was said to the customer: what the answers point to."""
    said = Message.objects.filter(contact=review.contact_id, author=review.about_id, kind="reply")
    return list(said.order_by("-id").values_list("id", flat=True)[:1])


def _talk(stage: Stage, shared: list[Review], now: datetime) -> Story:
    """What two of them say to it: one thanks, one is coached and agrees."""
    for review, (english, chinese) in zip(shared, _replies(), strict=False):
        now = now + timedelta(seconds=40)
        yield now
        words = english if review.about.language == "en" else chinese
        say(review, "acknowledged", words, by=stage.by(_key_of(stage, review.about_id)), now=now)
    coached = next((one for one in shared if one.answers.filter(question="q5", value__lt=3).exists()), None)
    if coached is None:
        return
    is_english = coached.about.language == "en"
    note = CoachingNote(
        about=coached.about,
        review=coached,
        text="We read two of your chats together. Customers ask again when no day is named." if is_english
        else "一起看了你的两段会话：没说时间的，客户都会再问一遍。",
        next_step="Name a day and a person in every answer" if is_english else "每次回复都说清哪天、由谁办",
        due_on=(now + timedelta(days=14)).date(),
    )  # fmt: skip
    yield now + timedelta(seconds=60)
    write_note(note, coached.contact, _words_of(coached), by=stage.by("ruth"), now=now + timedelta(seconds=60))
    yield now + timedelta(seconds=120)
    words = "Agreed. I will keep the three words beside my screen" if is_english else "好，我把这三样贴在屏幕边上"
    agree(note, words, by=stage.by(_key_of(stage, coached.about_id)), now=now + timedelta(seconds=120))


def _replies() -> Iterator[tuple[str, str]]:
    yield "Thank you. I had not noticed that she asked twice", "谢谢，我没注意到客户问了两遍"
    yield "Read, thank you", "看过了，谢谢"


def _by_evaluator(stage: Stage, review: Review) -> Actor:
    return stage.by(_key_of(stage, review.evaluator_id))


def _key_of(stage: Stage, person_id: int | None) -> str:
    return next(key for key, person in stage.company.people.items() if person.pk == person_id)
