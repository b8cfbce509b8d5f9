"""What the sample newspaper prints: editions of pages of articles, read from TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

from newscrawl.errors import NewscrawlError

PAGE_WIDTH = 644
PAGE_HEIGHT = 1024


class EditionError(NewscrawlError):
    """A page's TOML file does not say what it should."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """小标题."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    """Unique within its article."""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    """The first row holds the column titles."""


Block = Paragraph | Heading | Picture | Table


@dataclass(frozen=True, slots=True)
class Piece:
    """One 篇 of a page, with the awkwardness it is to show."""

    number: int
    """The paper's own number on the page: increasing, with gaps."""
    headline: tuple[str, ...]
    """主题, a string per printed line."""
    area: tuple[int, ...]
    """x, y, x, y, … in pixels of the page image: two corners of a rectangle, or a polygon."""
    blocks: tuple[Block, ...]
    kicker: str = ""
    subhead: str = ""
    edited: tuple[Block, ...] = ()
    """What is printed instead of `blocks` once the paper has changed its mind."""
    late: bool = False
    """Printed only after the edition's first publication."""
    fails_once: bool = False
    """The first request is answered 500."""
    missing: bool = False
    """Listed, and answered 404."""
    meta_charset: str = ""
    """A charset that the page declares although its bytes are UTF-8."""

    @property
    def polygon(self) -> tuple[tuple[int, int], ...]:
        """The area's corners; a rectangle's from the top left, clockwise."""
        if len(self.area) == 4:
            left, top, right, bottom = self.area
            return (left, top), (right, top), (right, bottom), (left, bottom)
        return tuple(zip(self.area[::2], self.area[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Page:
    """One 版."""

    code: str
    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One 期."""

    pages: tuple[Page, ...]


def demo_editions(first: date, second: date) -> dict[date, Edition]:
    """The two editions of the sample newspaper, dated as asked."""
    return {first: load_edition("first"), second: load_edition("second")}


def load_edition(name: str) -> Edition:
    """The edition `first` or `second`.

    Raises EditionError where a file is not TOML or not a page.
    """
    folder = resources.files("newscrawl.demo") / "editions" / name
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return Edition(tuple(_load_page(file) for file in files))


def _load_page(file: Traversable) -> Page:
    try:
        page = read_page(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, EditionError) as error:
        raise EditionError(f"{file}: {error}; correct the file") from error
    if file.name != f"{page.code}.toml":
        raise EditionError(f"{file}: holds page {page.code}; rename the file")
    return page


def read_page(data: Mapping[str, Any]) -> Page:
    """A page from a parsed file.

    Raises EditionError where a key is unknown or missing, numbers do not increase, or an area
    leaves the page.
    """
    _expect_keys(data, "page", required={"code", "name", "articles"})
    pieces = tuple(_piece(article) for article in data["articles"])
    for before, after in pairwise(pieces):
        if after.number <= before.number:
            raise EditionError(f"article {after.number} stands after article {before.number}")
    return Page(data["code"], data["name"], pieces)


_FLAGS = ("late", "fails_once", "missing", "meta_charset")


def _piece(data: Mapping[str, Any]) -> Piece:
    name = f"article {data.get('number')}"
    _expect_keys(
        data,
        name,
        required={"number", "headline", "area", "blocks"},
        optional={"kicker", "subhead", "edited", *_FLAGS},
    )
    piece = Piece(
        number=data["number"],
        headline=tuple(data["headline"]),
        area=tuple(data["area"]),
        blocks=_blocks(data["blocks"], name),
        kicker=data.get("kicker", ""),
        subhead=data.get("subhead", ""),
        edited=_blocks(data.get("edited", []), name),
        **{flag: data[flag] for flag in _FLAGS if flag in data},
    )
    if not all(piece.headline) or not piece.headline:
        raise EditionError(f"{name} has an empty headline")
    if not piece.blocks:
        raise EditionError(f"{name} has no blocks")
    _check_area(piece.area, name)
    return piece


def _check_area(area: tuple[int, ...], name: str) -> None:
    if len(area) < 4 or len(area) % 2:
        raise EditionError(f"{name} has an area of {len(area)} numbers, not 4, 6, 8, …")
    columns, rows = area[::2], area[1::2]
    if min(area) < 0 or max(columns) > PAGE_WIDTH or max(rows) > PAGE_HEIGHT:
        raise EditionError(f"{name} has an area outside the page of {PAGE_WIDTH}×{PAGE_HEIGHT}")
    if len(area) == 4 and not (columns[0] < columns[1] and rows[0] < rows[1]):
        raise EditionError(f"{name} has an area without extent")


def _blocks(data: list[Mapping[str, Any]], name: str) -> tuple[Block, ...]:
    blocks = tuple(_block(entry, name) for entry in data)
    pictures = [block.name for block in blocks if isinstance(block, Picture)]
    if len(set(pictures)) < len(pictures):
        raise EditionError(f"{name} has two pictures of one name")
    return blocks


def _block(data: Mapping[str, Any], name: str) -> Block:
    match data:
        case {"p": str(text), **rest} if not rest:
            return Paragraph(text)
        case {"h": str(text), **rest} if not rest:
            return Heading(text)
        case {"img": str(number), **rest} if rest.keys() <= {"caption"}:
            return Picture(number, rest.get("caption", ""))
        case {"table": list(rows), **rest} if rows and not rest:
            return Table(tuple(tuple(row) for row in rows))
    raise EditionError(f"{name} has an unknown block: {dict(data)}")


def _expect_keys(
    data: Mapping[str, Any],
    name: str,
    *,
    required: AbstractSet[str],
    optional: AbstractSet[str] = frozenset(),
) -> None:
    if lacking := required - data.keys():
        raise EditionError(f"{name} lacks {', '.join(sorted(lacking))}")
    if unknown := data.keys() - required - optional:
        raise EditionError(f"{name} has unknown keys: {', '.join(sorted(unknown))}")
