"""What a careful reader sees in the demo's articles: written by hand, never by a reader of ours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.demo.edition import Heading, Page, Paragraph, Piece, Table, load_edition

FOLDER = Path(__file__).parent / "demo" / "expected"


@dataclass(frozen=True)
class Expected:
    """One article of the demo."""

    edition: str
    page: Page
    piece: Piece
    values: dict[str, Any]

    @property
    def key(self) -> tuple[str, int]:
        return self.page.code, self.piece.number

    @property
    def paragraphs(self) -> list[str]:
        """The text as its author wrote it, block by block; a table's rows are lines."""
        return [line for block in self.piece.blocks for line in _lines(block)]


def expected(edition: str) -> Iterator[Expected]:
    """The articles of `first` or `second`."""
    for page in load_edition(edition).pages:
        told = tomllib.loads((FOLDER / edition / f"{page.code}.toml").read_text(encoding="utf-8"))
        articles = told.get("articles", [])
        assert [values["number"] for values in articles] == [p.number for p in page.pieces]
        for piece, values in zip(page.pieces, articles, strict=True):
            yield Expected(edition, page, piece, values)


def _lines(block: object) -> Iterator[str]:
    match block:
        case Paragraph(text) | Heading(text):
            yield text
        case Table(rows):
            yield from (" ".join(row) for row in rows)
