"""The source that a text declares itself: 本文转自, 新华社…电, …消息, 据…, 综合…报道, …提供."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newscrawl.text.runs import HAN

FIRST, LAST = 3, 3
"""Paragraphs at the beginning and at the end in which a text declares its source."""

NEAR = 60
"""Characters from a paragraph's end in which a source may stand."""


def read_source(paragraphs: Sequence[str]) -> str:
    """The declared source, its name as printed; empty where there is none.

    A heading (本文转自：X) counts before an agency's dateline, a dateline before what stands at
    the end. “据悉” and “据了解” name nobody.
    """
    texts = [paragraph.strip() for paragraph in paragraphs]
    return next(filter(None, _declared(texts)), "")


def _declared(texts: Sequence[str]) -> Iterator[str]:
    for text in (*texts[:FIRST], *texts[-LAST:]):
        yield _name(_HEADING.fullmatch(text))
    for text in texts[:FIRST]:
        yield _name(_DATELINE.match(text) or _MESSAGE.match(text) or _WIRED.match(text))
    for text in reversed(texts[-LAST:]):
        yield from (_name(shape.search(text[-NEAR:])) for shape in _AT_END)


def _name(match: re.Match[str] | None) -> str:
    """What a pattern found, without quotation marks; empty for 据悉 and its like."""
    name = match[1].strip(' \u3000“”"《》') if match else ""
    return "" if _NOBODY.match(name) else name


_NAME = rf"[{HAN}A-Za-z0-9·“”《》]"
_AGENCY = "新华社|新华网|中新社|中新网|人民日报|光明日报|经济日报"
_MEDIUM = "(?:社|报|网|新闻|央视|电视台|发布|客户端)"
_ENDED = r"(?:^|[。！？”…）)\s])"
_HEADING = re.compile(
    r"[（(【]?(?:本文|文章)?(?:转自|转载自|来源)\s*[:：]\s*([^。，！？\s）)】]{2,20})(?:[\s）)】].*)?"
)
_DAY = r"(?:\d{1,2}月)?\d{1,2}日(?:综合|体育|专)?"
_DATELINE = re.compile(
    rf"[（(]?(?:综合|据)?({_AGENCY})"
    rf"(?:[^（(，。！？：]{{0,20}}?\d{{1,2}}日(?:综合|体育|专)?[电讯]|[{HAN}]{{0,8}}?[电讯](?=[\s（(：，]|$))"
)
_OPENING = r"[（(]?据?+(?![本该这那某一])"
_CLOSING = r"(?=[\s（(：:，]|$)"
_MESSAGE = re.compile(
    rf"{_OPENING}([{HAN}]{{1,6}}?(?:网|社|报|新闻|客户端))(?:[{HAN}]{{0,8}}?{_DAY})?消息{_CLOSING}"
)
_WIRED = re.compile(rf"{_OPENING}([{HAN}]{{1,6}}?[网社])[{HAN}]{{0,8}}?{_DAY}[电讯]{_CLOSING}")
_PRESS = f"{_NAME}{{1,8}}?(?:社|网|报|新闻|客户端)"
_AT_END = tuple(
    re.compile(shape + "$")
    for shape in (
        rf"(?:{_ENDED}|[（(])据\s?({_PRESS})[{HAN}]{{0,10}}?(?:{_DAY})?[电讯][)）]?",
        rf"{_ENDED}据\s?({_NAME}{{2,14}}?)(?:报道|消息|电)?",
        rf"[（(]据\s?({_NAME}{{2,14}}?)(?:报道|消息|电)?[)）]",
        rf"[（(]({_NAME}{{2,20}})提供[)）]",
        rf"(?:{_ENDED}|[（(])综合({_NAME}{{2,12}}(?:、{_NAME}{{2,12}}?){{1,4}})等?(?:报道|消息)?[)）]?",
        rf"(?:{_ENDED}|[（(])综合({_NAME}{{0,8}}?{_MEDIUM})等?(?:报道|消息)[)）]?",
    )
)
_NOBODY = re.compile(
    "(?:悉|本[报网台刊]|了解|介绍|统计|报道|透露|说|称|此|他|她|其|该|图|照片|资料|视频|受访者|家属|记者|作者)"
    "|.*(?:悉|了解|介绍|统计|透露|预报|预测|分析|显示|表示|说|称|规定|要求)$"
)
