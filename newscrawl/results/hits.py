"""Hits as lines of a terminal: where each was printed at the left, what it says beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest

from rich.text import Text

from newscrawl.index.rows import Row
from newscrawl.index.search import Hit
from newscrawl.query.highlight import Passage
from newscrawl.results.wrapping import wrapped
from newscrawl.text.clean import on_one_line
from newscrawl.text.dates import shown

NARROW = 50
"""Columns of a terminal below which a hit's place stands above it."""
LEAST, MOST = 10, 20
"""Columns of the places; longer names are broken."""
GAP = 2
MOST_REPRINTS = 6
"""Papers of reprints that are named."""


def hits(rows: Iterable[Row], width: int) -> Iterator[Text]:
    """Each row as its lines, none with blanks at its end; a line without anything follows it."""
    made = [(_place(row.hit), row) for row in rows]
    widest = max((line.cell_len for place, _row in made for line in place), default=0)
    left = min(MOST, max(LEAST, widest))
    for place, row in made:
        if width < NARROW:
            lines = [*wrapped(Text(" ").join(place), width), *_text(row, width)]
        else:
            lines = list(_beside(place, left, list(_text(row, width - left - GAP))))
        yield Text("\n").join(lines).append("\n")


def _beside(place: list[Text], left: int, text: list[Text]) -> Iterator[Text]:
    """Two columns."""
    column = (line for each in place for line in wrapped(each, left))
    for one, other in zip_longest(column, text, fillvalue=Text()):
        gap = " " * (left + GAP - one.cell_len) if other else ""
        yield Text.assemble(one, gap, other)


def _place(hit: Hit) -> list[Text]:
    article = hit.version.article
    page = " ".join(filter(None, (article.page, article.page_name)))
    lines = filter(None, (hit.version.paper_title, article.edition, page))
    return [Text(line, style="cyan") for line in lines]


def _text(row: Row, width: int) -> Iterator[Text]:
    yield from wrapped(_marked(row.hit.headline, "bold"), width)
    for snippet in row.hit.snippets:
        yield from wrapped(_marked(snippet), width)
    if row.reprints:
        yield from wrapped(Text(_reprints(row), style="magenta"), width)
    yield from _record(row.hit, width)


def _record(hit: Hit, width: int) -> Iterator[Text]:
    """Id and time. An id that is broken cannot be copied: it runs over instead."""
    name = hit.version.article_id
    taken = shown(datetime.fromisoformat(hit.version.article.snapshot_time))
    both = Text(f"{name}  {taken}", style="dim")
    if both.cell_len <= width:
        yield both
    else:
        yield from (Text(each, style="dim") for each in (name, taken))


def _reprints(row: Row) -> str:
    """+3 转载：都市快报, 每日商报."""
    papers = list(dict.fromkeys(member.paper_title for member in row.reprints))
    named = papers[:MOST_REPRINTS] + ["…"] * (len(papers) > MOST_REPRINTS)
    return f"+{len(row.reprints)} 转载：{', '.join(named)}"


def _marked(passage: Passage, style: str = "") -> Text:
    text = Text(on_one_line(passage.text), style=style)
    for start, end in passage.spans:
        text.stylize("bold yellow", start, end)
    return text
