"""The demo paper with one article that nobody else has: an invented name of rare characters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.demo.edition import Edition, Paragraph, Picture, Piece, load_edition
from newscrawl.demo.server import DemoServer, serve
from newscrawl.demo.site import Site
from tests.crawls import FIRST, Newsroom

NAME = "𠮷䶮㛃"
SENTENCE = "修伞匠把第三百零七根竹骨削成了月牙的弧度"
ID = "hangzhou_daily/2023-12-15/A01/90"
PIECE = Piece(
    number=90,
    headline=(f"{NAME}：巷尾一盏修伞灯",),
    kicker="弄堂手艺人",
    area=(20, 870, 300, 1000),
    blocks=(
        Paragraph(f"入夜，{SENTENCE}，{NAME}才肯放下手里的篾刀。"),
        Paragraph("邻居说，这盏灯亮了四十一年，雨天修伞，晴天也修伞。"),
        Picture("1", caption=f"{NAME}在灯下修伞。"),
    ),
)


def edition(*pieces: Piece) -> Edition:
    """The first edition, with more on its front page."""
    held = load_edition("first")
    front, *rest = held.pages
    return Edition((replace(front, pieces=(*front.pieces, *pieces)), *rest))


@contextmanager
def paper(home: Path, *pieces: Piece) -> Iterator[tuple[Newsroom, DemoServer]]:
    """The paper on loopback, and a newsroom that may fetch it."""
    site = Site({FIRST: edition(*pieces)})
    site.publish_late()
    with serve(site) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc}
        yield Newsroom(home, allowed), server
