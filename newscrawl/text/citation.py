"""How an article is cited: GB/T 7714—2015, an article of a newspaper, online where it is."""

from __future__ import annotations

import re
from datetime import datetime

from newscrawl.items import Article
from newscrawl.text.address import web_address
from newscrawl.text.clean import on_one_line
from newscrawl.text.dates import SHANGHAI

MOST_AUTHORS = 3
"""More are 等."""


def citation(article: Article, paper_title: str, taken: datetime, url: str) -> str:
    """An article's citation.

    `方亮, 郑丽华. 从“营商”到“赢商”[N/OL]. 杭州日报, 2023-12-15(A05)[2023-12-15]. https://….`

    `taken`: when the snapshot was, aware: what is cited was read then. `url`: where. What was not
    read on the web is `[N]`, without either. Who wrote it stands only where the paper says so.
    """
    authors = _authors(article)
    title = on_one_line(article.headline) or "无标题"
    number = _PAGE.fullmatch(article.page)
    page = f"({number[1] if number else article.page})" if article.page else ""
    online = web_address(url)
    mark = "N/OL" if online else "N"
    read = f"[{taken.astimezone(SHANGHAI):%Y-%m-%d}]" if online else ""
    printed = f"{title.rstrip('.。')}[{mark}]. {paper_title}, {article.edition}{page}{read}."
    return f"{authors}{printed}{f' {online}.' if online else ''}"


_PAGE = re.compile(r"第?\s*(\w+?)\s*版")
"""`第5版` is cited as `(5)`."""


def _authors(article: Article) -> str:
    """Reporters, then correspondents, each once."""
    every = list(dict.fromkeys((*article.reporters, *article.correspondents)))
    if not every:
        return ""
    more = ["等"] if len(every) > MOST_AUTHORS else []
    return f"{', '.join(every[:MOST_AUTHORS] + more)}. "
