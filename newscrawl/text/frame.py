"""What stands in an article's own place and is part of the frame around it: counters, today's date,
the part of a picture's address that only keeps caches fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def without_frame(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs that are the article's, without those that a site counts or dates by."""
    return [text for text in paragraphs if not _is_frame(text)]


def picture_name(url: str) -> str:
    """By which a picture is known wherever it lies: the last part of its address, and its query
    only where that names it.
    """
    path, _mark, query = url.partition("?")
    name = path.rpartition("/")[2]
    return name if _PICTURE.search(name) or not query else f"{name}?{query}"


def _is_frame(text: str) -> bool:
    return len(text) <= LONGEST and bool(_DIGIT.search(text) and _FRAME.fullmatch(text))


LONGEST = 60
"""Characters of a line that a site writes anew at each reading."""
_DIGIT = re.compile(r"\d")
_NUMBER = r"\d[\d,.]*\s*[万亿]?\+?\s*(?:人次|次|人|条)?"
_COUNTED = (
    r"(?:浏览|阅读|点击|访问|点赞|收藏|评论|转发|分享|在线|人气|热度)(?:次数|人数|人次|数|量)?"
)
_COUNTER = (
    rf"(?:本文|本页|已|被|共|有|累计|当前)*(?:{_NUMBER})?\s*{_COUNTED}\s*[：:]?\s*(?:{_NUMBER})?"
)
_FRAME = re.compile(
    # Nothing is tried again: a number may belong to the counter before it or behind it, which
    # would double the ways with every one.
    rf"[\[【(（]?\s*(?>{_COUNTER})(?>[\s|｜/／·,，;；]*{_COUNTER})*+\s*[\]】)）]?"
    r"|(?:今天是|现在是|当前时间|打印时间|访问时间)[：:]?\s*\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?"
    r"\s*(?:(?:星期|周).)?\s*(?:农历[^，。]{0,12})?\s*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg|avif)$", re.IGNORECASE)
