"""The routing plan of the sample company: own people first, then the house, then a callback; evenings helped from Auckland."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heartline.config.sample.company import Company
from heartline.people.actions import actor_for
from heartline.routing.models import PlanVersion
from heartline.routing.plans import actions
from heartline.routing.plans.queries import forget

TELL = {
    "en": "Thank you for waiting. Would you rather we called you? Your place is kept",
    "zh": "让您久等了。需要我们回电吗？您的排队位置会保留",
}


def publish_plan(company: Company, now: datetime) -> None:
    """Publish the sample company's plan, unless the house has one of its own."""
    if PlanVersion.objects.exists():
        return
    by = actor_for(company.people["mia"])
    note = "安装类先找熟手，两分钟后全中心 · Installers first, the whole house after two minutes"
    actions.publish(actions.save_draft(_content(company), note=note, by=by, now=now), by=by, now=now)


def remove_plan() -> int:
    """Remove the versions that the sample company's people wrote; what real people wrote stays. Returns how many went."""
    gone: int = PlanVersion.objects.filter(made_by__is_sample=True).delete()[0]
    forget()
    return gone


def _content(company: Company) -> dict[str, Any]:
    chat_zh, chat_en, installation = (company.queues[key].key for key in ("chat-zh", "chat-en", "installation"))
    last = {"who": "house", "tell": TELL, "offer_callback": True}
    return {
        "order": {"tiers": {"top": 240, "big": 120, "medium": 60}, "complaint": 300, "broken_promise": 420},
        "people": {"interrupts": [{"in_hand": "webform", "incoming": "webchat"}]},
        "queues": {
            chat_zh: {
                "steps": [{"until": 120}, last],
                "borrow": [{"lender": chat_en, "start": 180, "stop": 30, "lender_wait": 30, "lender_free": 2}],
            },
            chat_en: {"steps": [{"until": 120}, last]},
            installation: {
                "choose": "most_proficient",
                "steps": [
                    {"until": 180, "keep_for": "last"},
                    {"until": 600, "asked": "prefer"},
                    {**last, "asked": "prefer"},
                ],
            },
        },
    }
