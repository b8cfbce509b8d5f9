"""What newscrawl itself says in a message. No text of a person or a page is ever a pattern."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.alerts.message import Kind, Language


@dataclass(frozen=True, slots=True)
class Phrases:
    snapshot: str
    original: str
    story: str
    feed: str
    unsubscribe: str
    query: str
    number: str
    """Before the key of a message."""
    one: str
    many: str
    """With `{}` for a number, like the next."""
    also: str
    also_one: str
    kinds: dict[Kind, str]
    colon: str
    comma: str
    left_out: str
    """With `{}` for a number."""
    left_out_one: str
    part: str
    """With `{}` for which, and for of how many."""
    rest: str
    """With `{}` for a number; how it goes on depends on where the rest can be read."""
    rest_in_feed: str
    rest_by_search: str

    def articles(self, count: int) -> str:
        return self.one if count == 1 else self.many.format(count)

    def older(self, count: int) -> str:
        return self.left_out_one if count == 1 else self.left_out.format(count)

    def papers(self, count: int) -> str:
        return self.also_one if count == 1 else self.also.format(count)


PHRASES: dict[Language, Phrases] = {
    "zh": Phrases(
        snapshot="快照",
        original="原文",
        story="各报异同",
        feed="订阅源",
        unsubscribe="退订",
        query="检索",
        number="编号",
        one="1 篇",
        many="{} 篇",
        also="另有 {} 家报纸刊登",
        also_one="另有 1 家报纸刊登",
        kinds={"new": "", "edited": "修改后命中", "reprint": "转载"},
        colon="：",
        comma="、",
        left_out="另有 {} 篇较早的文章等待过久，不再发送",
        left_out_one="另有 1 篇较早的文章等待过久，不再发送",
        part="（{}/{}）",
        rest="另有 {} 篇没有列出",
        rest_in_feed="，最新的见",
        rest_by_search="，可用 newscrawl search 检索",
    ),
    "en": Phrases(
        snapshot="Snapshot",
        original="Original",
        story="Differences",
        feed="Feed",
        unsubscribe="Unsubscribe",
        query="Query",
        number="No.",
        one="1 article",
        many="{} articles",
        also="also in {} papers",
        also_one="also in 1 paper",
        kinds={"new": "", "edited": "edited, matches now", "reprint": "reprint"},
        colon=": ",
        comma=", ",
        left_out="{} older articles waited too long and are left out",
        left_out_one="1 older article waited too long and is left out",
        part=" ({}/{})",
        rest="{} more not listed",
        rest_in_feed="; the newest are here: ",
        rest_by_search="; newscrawl search finds them",
    ),
}
