"""A paper whose every article has words of its own, so that each can be told from all others."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from newscrawl.demo.edition import Edition, Page, Paragraph, Piece
from newscrawl.demo.paths import HANGZHOU_DAILY, Paths
from newscrawl.demo.site import Site

PAGES, PIECES, LETTERS = 4, 6, 90
FIRST_DAY = date(2023, 12, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of once."""

    id: str
    sentence: str
    """In nothing else."""
    url: str = ""
    """Below the site, where it has one."""


def day(number: int) -> date:
    """Of the paper's edition of that number."""
    return FIRST_DAY + timedelta(days=number)


def site(editions: int) -> Site:
    """The paper, with so many editions."""
    return Site({day(number): _edition(number) for number in range(editions)})


def printed(number: int) -> Iterator[Told]:
    """What stands in an edition."""
    for page, piece in _places():
        place = f"hangzhou_daily/{day(number)}/A{page:02}/{piece}"
        url = Paths(HANGZHOU_DAILY, day(number)).article_detail(f"A{page:02}", piece)
        yield Told(place, _sentence(_mark(number, page, piece)), url)


def letters(number: int) -> Iterator[Told]:
    """What readers wrote on that day."""
    for each in range(LETTERS):
        mark = f"{number}-{each}"
        yield Told(f"letters/{mark}", f"住在第{mark}号院的人家昨天收到了来信。")


def bag_of_letters(path: Path, number: int) -> str:
    """A file of them, to be imported."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for each in letters(number):
            made = {"id": each.id.removeprefix("letters/"), "date": f"{day(number)}"}
            texts = {"title": each.sentence[:-9], "text": f"{each.sentence}\n大家都很高兴。"}
            file.write(json.dumps(made | texts, ensure_ascii=False) + "\n")
    return str(path)


def _places() -> Iterator[tuple[int, int]]:
    return ((page, piece) for page in range(1, PAGES + 1) for piece in range(1, PIECES + 1))


def _mark(number: int, page: int, piece: int) -> str:
    return f"{number}-{page}-{piece}"


def _sentence(mark: str) -> str:
    return f"编号{mark}的渡口昨日恢复通航，首班船准点。"


def _edition(number: int) -> Edition:
    return Edition(
        tuple(
            Page(f"A{page:02}", f"要闻{page}", tuple(_piece(number, page, n) for n in _pieces()))
            for page in range(1, PAGES + 1)
        )
    )


def _pieces() -> range:
    return range(1, PIECES + 1)


def _piece(number: int, page: int, piece: int) -> Piece:
    mark = _mark(number, page, piece)
    top = 100 * piece
    return Piece(
        number=piece,
        headline=(f"编号{mark}的渡口通航",),
        area=(10, top, 600, top + 90),
        blocks=(Paragraph(_sentence(mark)), Paragraph("市民称赞出行方便。")),
    )
