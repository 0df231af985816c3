"""Many customers, cases and messages, poured into the tables at once, in words that are as unequal as people's."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2025, 1, 1, tzinfo=UTC)
SYLLABLES = "ba co di fu ge ha ki lo mu ne po qua ri so tu va we xy zo fre gri klo pra sta tri bro".split()
ENGLISH = """the order has not arrived please refund my fridge it does not cool thanks for your help invoice is wrong
when will the fitter come delivery late again door broken screen return exchange warranty""".split()
CHINESE = """我的订单 还没有到账 请帮我查一下 退款 冰箱不制冷 师傅没有来 什么时候发货 谢谢 发票开错了 想换货 洗衣机漏水 客服电话打不通
预约安装 门关不上 已经三天了 麻烦尽快处理 可以退吗 质量有问题 快递显示签收 配件缺少""".split()
RARE = "龘黻麒麟饕餮魑魅貔貅耄耋旮旯氤氲"


def pour(model: Any, rows: Iterable[dict[str, Any]], size: int = 5000) -> None:
    """Write rows of a table as fast as the database takes them; what a row leaves out is the column's default."""
    from django.db import transaction

    part: list[Any] = []
    with transaction.atomic():
        for row in rows:
            part.append(model(**row))
            if len(part) == size:
                model.objects.bulk_create(part)
                part = []
        model.objects.bulk_create(part)


def count_on_from_here(models: list[Any]) -> None:
    """Let the database number the next rows after ours, whose numbers we gave ourselves (PostgreSQL would begin at 1)."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


class Corpus:
    """The same for the same seed."""

    def __init__(self, cases: int, each: int, queue_ids: list[int], brand_id: int, seed: int = 26) -> None:
        self.rng = random.Random(seed)
        self.cases, self.each, self.queue_ids, self.brand_id = cases, each, queue_ids, brand_id
        self.customers = max(cases // 10, 1)
        self.vocabulary = sorted({self._word() for _ in range(30_000)})
        # the n-th word is said 1/n as often as the first
        self.weights = [1 / (place + 3) for place in range(len(self.vocabulary))]
        self.common = self.rng.choices(self.vocabulary, self.weights, k=200_000)

    def write(self) -> None:
        """Write everything."""
        from heartline.conversations.models import Case, Contact, Message
        from heartline.customers.models import Customer

        pour(Customer, self._customers())
        pour(Case, self.case_rows())
        pour(Contact, self._contacts())
        pour(Message, self.message_rows())
        count_on_from_here([Customer, Case, Contact])

    def rare_words(self, count: int, queue: int) -> list[str]:
        """Return words that stand in one message each, of cases of the n-th queue."""
        numbers = range(len(self.queue_ids) + queue, self.cases, len(self.queue_ids))
        return [f"zz{number:x}kx" for number in self.rng.choices(numbers, k=count)]

    def _customers(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.customers + 1):
            yield {"id": number, "name": self._name(number), "language": "en", "created_at": START}

    def case_rows(self) -> Iterator[dict[str, Any]]:
        """Yield cases as rows."""
        for number in range(1, self.cases + 1):
            moment = START + timedelta(minutes=number * 5)
            yield {
                "id": number,
                "customer_id": number % self.customers + 1,
                "brand_id": self.brand_id,
                "queue_id": self.queue_ids[number % len(self.queue_ids)],
                "subject": self._text(6),
                "language": "en",
                "contacts_count": 1,
                "opened_at": moment,
                "changed_at": moment,
                "state": "closed" if number % 10 else "open",
            }

    def _contacts(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.cases + 1):
            moment = START + timedelta(minutes=number * 5)
            yield {
                "id": number,
                "case_id": number,
                "customer_id": number % self.customers + 1,
                "queue_id": self.queue_ids[number % len(self.queue_ids)],
                "channel": "webchat",
                "language": "en",
                "state": "abandoned",
                "asked_at": moment,
                "turn_since": moment,
            }

    def message_rows(self) -> Iterator[dict[str, Any]]:
        """Yield messages as rows."""
        for number in range(self.cases * self.each):
            case = number // self.each + 1
            text = self._text(self.rng.randint(4, 24))
            if number % self.each == 0:
                text += f" zz{case:x}kx {self.rng.choice(RARE)}"
            yield {
                "contact_id": case,
                "case_id": case,
                "kind": "reply",
                "author_kind": "customer",
                "author_name": "A customer",
                "body": text,
                "client_key": str(number),
                "at": START + timedelta(minutes=case * 5, seconds=number % self.each * 20),
            }

    def _text(self, words: int) -> str:
        choose = self.rng.random
        if choose() < 0.5:
            return "，".join(self.rng.choices(CHINESE, k=max(words // 4, 1)))
        return " ".join(
            self.rng.choice(ENGLISH) if choose() < 0.4 else self.rng.choice(self.common) for _ in range(words)
        )

    def _name(self, number: int) -> str:
        if number % 2:
            return "".join(
                self.rng.choices("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗明华建国丽静敏强磊军洋勇艳杰娜", k=3)
            )
        return f"{self._word().title()} {self._word().title()}"

    def _word(self) -> str:
        return "".join(self.rng.choices(SYLLABLES, k=self.rng.randint(2, 4)))
