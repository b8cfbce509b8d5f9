"""Messages for tests, with text of our own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from newscrawl.alerts.message import Item, Message
from newscrawl.query.highlight import Passage

ITEM = Item(
    headline=Passage("临空经济示范区添一条货运航线", ((0, 4),)),
    paper="杭州日报",
    page="A05 要闻",
    time="2023-12-15 08:12",
    passage=Passage("记者从临空经济示范区获悉，货运航线下月开通。", ((3, 7),)),
    snapshot="https://news.example.org/s/1",
    original="https://paper.example.cn/2023-12/15/content_1.htm",
)
MESSAGE = Message(
    key="0123456789abcdef0123456789abcdef",
    subscription="临空",
    query="临空经济 -广告",
    items=(ITEM,),
    unsubscribe="https://news.example.org/u/CANARY-UNSUBSCRIBE",
    feed="https://news.example.org/f/CANARY-FEED",
)


def item(headline: str = "", passage: str = "", **more: Any) -> Item:
    """The item with other text, unmarked."""
    changed = replace(ITEM, **more)
    if headline:
        changed = replace(changed, headline=Passage(headline))
    return replace(changed, passage=Passage(passage)) if passage else changed


def message(*items: Item, **more: Any) -> Message:
    return replace(MESSAGE, items=items or MESSAGE.items, **more)
