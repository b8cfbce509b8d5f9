"""As many articles as a benchmark asks for, from the sentences of the sample newspaper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random

from newscrawl.demo.edition import (
    Block,
    Edition,
    Page,
    Paragraph,
    Picture,
    Piece,
    load_edition,
)

LAST_DAY = date(2023, 12, 15)
_PER_DAY = 90
_LENGTH_MU, _LENGTH_SIGMA = 5.72, 0.62
"""Of the natural logarithm of an article's characters; they come to 430 on average."""
_SHORTEST, _LONGEST = 60, 2400
_CREDITED, _ILLUSTRATED = 0.6, 0.2
_CREDIT = re.compile(r"（?(本报)?(记者|通讯员)[^，。“]{2,30}")
_NOT_BODY = re.compile(r"[（(](下转|上接)|^(本文转自|编辑同志|本报讯|新华社|据|问：|答：)")
_SENTENCE = re.compile(r"[^。！？]+[。！？][”’）]*")


@dataclass(frozen=True, slots=True)
class _Material:
    """What the sample newspaper is made of."""

    pages: tuple[Page, ...]
    """The first edition's, for codes, names and areas."""
    headlines: tuple[str, ...]
    kickers: tuple[str, ...]
    credits: tuple[str, ...]
    sentences: tuple[str, ...]
    captions: tuple[str, ...]


def bulk_editions(articles: int, seed: int, last: date = LAST_DAY) -> dict[date, Edition]:
    """Editions of consecutive days up to `last` with `articles` different articles in all.

    90 a day on 12 pages; the earliest day holds the rest. The same arguments give the same
    editions.
    """
    material = _material()
    made = _pieces(material, Random(seed))  # noqa: S311 - repeatable, not secret
    days, rest = divmod(articles, _PER_DAY)
    sizes = [_PER_DAY] * days + [rest] * bool(rest)
    return {
        last - timedelta(days=age): _edition(material.pages, list(islice(made, size)))
        for age, size in enumerate(sizes)
    }


def _edition(pages: tuple[Page, ...], made: list[Piece]) -> Edition:
    """The articles in the places that the first edition has for them; no page stays empty."""
    stream = iter(made)
    filled = (
        replace(
            page,
            pieces=tuple(
                replace(piece, number=place.number, area=place.area)
                for place, piece in zip(page.pieces, stream, strict=False)
            ),
        )
        for page in pages
    )
    return Edition(tuple(page for page in filled if page.pieces))


def _pieces(material: _Material, random: Random) -> Iterator[Piece]:
    """Endless articles, no two with the same text; numbers and areas are for others to give."""
    seen: set[tuple[Block, ...]] = set()
    while True:
        text = tuple(_text(material, random))
        if text in seen:
            continue
        seen.add(text)
        caption = random.choice(material.captions)
        picture = (Picture("1", caption),) if random.random() < _ILLUSTRATED else ()
        yield Piece(
            number=0,
            headline=tuple(random.sample(material.headlines, random.choice((1, 1, 1, 2)))),
            area=(),
            blocks=text + picture,
            kicker=random.choice(material.kickers) if random.random() < 0.2 else "",
        )


def _text(material: _Material, random: Random) -> Iterator[Paragraph]:
    if random.random() < _CREDITED:
        yield Paragraph(random.choice(material.credits))
    drawn = random.lognormvariate(_LENGTH_MU, _LENGTH_SIGMA)
    wanted = min(max(drawn, _SHORTEST), _LONGEST)
    while wanted > 0:
        text = "".join(random.sample(material.sentences, random.randint(1, 4)))
        wanted -= len(text)
        yield Paragraph(text)


def _material() -> _Material:
    editions = load_edition("first"), load_edition("second")
    pieces = [piece for edition in editions for page in edition.pages for piece in page.pieces]
    blocks = [block for piece in pieces for block in piece.blocks]
    paragraphs = [block.text for block in blocks if isinstance(block, Paragraph)]
    body = (text for text in paragraphs if not _NOT_BODY.search(text))
    sentences = (sentence for text in body for sentence in _SENTENCE.findall(text))
    return _Material(
        pages=editions[0].pages,
        headlines=_different(line for piece in pieces for line in piece.headline),
        kickers=_different(piece.kicker for piece in pieces if piece.kicker),
        credits=_different(text for text in paragraphs if _CREDIT.fullmatch(text)),
        sentences=_different(
            sentence for sentence in sentences if sentence.count("“") == sentence.count("”")
        ),
        captions=_different(block.caption for block in blocks if isinstance(block, Picture)),
    )


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in the order of the newspaper."""
    return tuple(dict.fromkeys(texts))
