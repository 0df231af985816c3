"""What the sample company knows: an expert's answer that became an article, reviewed by another."""

from __future__ import annotations

from datetime import timedelta

from heartline.config.sample.stage import Stage, Story
from heartline.conversations.consultations.actions.answering import accept, answer
from heartline.conversations.consultations.actions.asking import Question, ask, see
from heartline.conversations.models import Contact
from heartline.knowledge.articles.actions import draft_from_answer, publish, write_article

QUESTION = "BCD-452 拆门后净深多少？60 厘米的门框能过吗？"
ANSWER = "能过。拆门后净深 58 厘米，师傅上门时会拆，大约二十分钟，拆装不另收费。"
ARTICLE = {
    "title_zh": "门框只有 60 厘米，BCD-452 能进门吗",
    "body_zh": "能进。拆门后净深 58 厘米，师傅上门时会拆门，大约二十分钟，拆装不另收费。",
    "title_en": "Does the BCD-452 pass a 60 cm door?",
    "body_en": "Yes. Without its doors it is 58 cm deep. Our fitter takes them off at your home; it takes about twenty "
    "minutes and costs nothing extra.",
}


def knowing(stage: Stage) -> Story:
    """Ask the fitter some hours ago; he answers, and his answer is written up, reviewed and published."""
    now = stage.end - timedelta(hours=3)
    yield now
    about = Contact.objects.filter(case__is_sample=True, case__language="zh-hans").order_by("-id")
    contact = about.filter(case__subject__contains="冰箱").first() or about.first()
    if contact is None:  # a short play may have begun nothing by then
        return
    grace, hu, ruth = stage.by("grace"), stage.by("hu"), stage.by("ruth")
    question = Question(text=QUESTION, skill=stage.company.skills["installation"], level=3, person=stage.person("hu"))
    asked = ask(contact, question, by=grace, now=now)
    yield (now := now + timedelta(minutes=6))
    accept(asked, stage.person("hu"), by=hu, now=now)
    yield (now := now + timedelta(minutes=11))
    answer(asked, stage.person("hu"), ANSWER, by=hu, now=now)
    yield (now := now + timedelta(minutes=2))
    see(asked, by=grace, now=now)
    article = draft_from_answer(asked, by=grace, now=now)
    write_article(article, ARTICLE, article.skill, by=grace, now=now)
    yield (now := now + timedelta(minutes=30))
    publish(article, stage.person("ruth"), by=ruth, now=now)
