"""Quick replies of the sample company: what its people write again and again."""

from __future__ import annotations

from datetime import datetime

from heartline.common.actors import Actor
from heartline.conversations.models import QuickReply
from heartline.conversations.quick_replies.actions import save_quick_reply
from heartline.people.models import Person
from heartline.people.queries import scope_of

# short code, name, English, Chinese
EVERYBODYS = (
    (
        "hello",
        "Greeting · 问候",
        "Hello {{customer.name}}, this is {{agent.name}} at {{brand.name}}. How can I help?",
        "{{customer.name}}您好，我是{{brand.name}}的{{agent.name}}，请问有什么可以帮您？",
    ),
    (
        "refund",
        "Refund is on its way · 退款在途",
        (
            "Your refund is on its way. It reaches the account you paid from within 3 working days, and you will get a "
            "message when it leaves us."
        ),
        "退款已经提交，3 个工作日内退回您付款时用的账户，退出后会给您发消息。",
    ),
    (
        "photo",
        "Ask for a photo · 请客户拍照",
        "Could you send a photo of the label on the back? The model and serial number are on it.",
        "麻烦您拍一张机身背面标签的照片发过来，上面有型号和序列号。",
    ),
    (
        "visit",
        "Visit is booked · 上门已预约",
        (
            "The visit is booked. The technician calls half an hour before arriving. If the time no longer suits you, reply "
            "here or call {{brand.phone}}; your case number is {{case.number}}."
        ),
        "上门时间已经约好，师傅到达前半小时会给您打电话。需要改时间的话，在这里回复或拨打 {{brand.phone}}，工单号 {{case.number}}。",
    ),
    (
        "thanks",
        "Goodbye · 道别",
        (
            "Thank you for telling us, {{customer.name}}. If anything is left open, write here and you will not have to "
            "tell it again."
        ),
        "感谢您告诉我们，{{customer.name}}。之后有任何问题在这里留言就行，不用从头再说一遍。",
    ),
)


def prepare(admin: Person, *, by: Actor, now: datetime) -> None:
    """Write the sample company's quick replies."""
    scope = scope_of(admin)
    for shortcut, name, english, chinese in EVERYBODYS:
        texts = {"name": name, "shortcut": shortcut, "text_en": english, "text_zh": chinese}
        save_quick_reply(scope, QuickReply(is_sample=True), texts, by=by, now=now)
