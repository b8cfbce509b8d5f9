"""Queries cut out of an article's own text, and articles that miss them by a character."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from newscrawl.items import Article
from tests.query.oracle import han, latin, parts, squeeze
from tests.query.pairs import DAYS, PAGES, PIECES, TITLES

LONGEST = 8
"""Characters of a cut."""
TAKEN = re.compile(r"(?i:headline|body|source|author|paper|page|date)[:：]|(?:AND|OR|NOT)$")
SIGNS = dict.fromkeys(map(ord, ' 　\n“”"()（）!！-'))
"""Without these a text can be written without quotation marks."""


def told(text: str) -> int:
    """How many characters of `text` can be looked for."""
    return sum(han(character) or latin(character) for character in text)


def places(article: Article) -> list[tuple[str | None, str]]:
    """The texts of an article that have something to look for, each with a field that has it."""
    body = [("body", text) for text in article.paragraphs]
    head = [("headline", article.headline)]
    names = [("author", name) for name in article.reporters]
    anywhere = [(None, text) for text in (article.kicker, article.subhead, article.headline)] + [
        (None, text) for text in article.paragraphs
    ]
    every = [*anywhere, *head, *body, *names, ("source", article.source)]
    return [(field, text) for field, text in every if told(text) > 1]


@st.composite
def stretches(draw: st.DrawFn, text: str) -> tuple[int, int]:
    """Start and end of a short piece of `text`."""
    start = draw(st.integers(0, len(text) - 1))
    return start, draw(st.integers(start + 1, min(len(text), start + LONGEST)))


def cuts(text: str, least: int = 1) -> st.SearchStrategy[str]:
    """Pieces of `text` with at least so many characters to look for."""
    pieces = stretches(text).map(lambda place: text[slice(*place)].strip())
    return pieces.filter(lambda piece: told(piece) >= least)


def unquoted(text: str) -> st.SearchStrategy[str]:
    """Pieces without SIGNS, other punctuation included."""
    bare = cuts(text).map(lambda piece: piece.translate(SIGNS))
    return bare.filter(lambda piece: parts(piece) and not TAKEN.match(piece))


@st.composite
def guards(draw: st.DrawFn, field: str | None, text: str) -> tuple:
    """A piece, where it is not part of a longer one that stands in the text."""
    start, end = draw(stretches(text))
    before, after = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return (
        "guard",
        field,
        text[start:end].strip(),
        [text[max(0, start - before) : end + after].strip()],
    )


def excludes(guard: tuple) -> bool:
    wanted, longer = squeeze(guard[2]), squeeze(guard[3][0])
    return told(wanted) > 0 and wanted != longer and wanted in longer


def unspaced(text: str) -> st.SearchStrategy[str]:
    """A word for a `"a b"~n`, whose words are parted by blanks."""
    return cuts(text).map(lambda piece: max(piece.split(), key=told)[:4]).filter(told)


def cut_leaves(article: Article) -> st.SearchStrategy[tuple]:
    """Leaves that find the article, or would but for the edge of a word."""
    place = st.sampled_from(places(article))

    def of(make: Callable[[str | None, str], st.SearchStrategy[tuple]]) -> st.SearchStrategy[tuple]:
        return place.flatmap(lambda where: make(*where))

    names = [("paper", article.paper), ("paper", TITLES[article.paper])]
    names += [("page", name) for name in (article.page, article.page_name) if name]
    return st.one_of(
        of(lambda field, text: st.tuples(st.just("text"), st.just(field), cuts(text))),
        of(lambda field, text: st.tuples(st.just("word"), st.just(field), unquoted(text))),
        of(lambda field, text: st.tuples(st.just("prefix"), st.just(field), cuts(text, 2))),
        of(
            lambda field, text: st.tuples(
                st.just("near"),
                st.just(field),
                st.lists(unspaced(text), min_size=2, max_size=3),
                st.integers(0, 6),
            )
        ),
        of(lambda field, text: guards(field, text).filter(excludes)),
        st.sampled_from(names).map(lambda name: ("name", *name)),
        st.sampled_from(DAYS).map(
            lambda day: ("date", min(day, article.edition), max(day, article.edition))
        ),
    )


def twins(article: Article) -> st.SearchStrategy[Article]:
    """The article with one small change in every text, and often elsewhere."""
    return st.builds(
        lambda headline, paragraphs, page, day, source: replace(
            article,
            headline=headline,
            paragraphs=paragraphs,
            page=page[0],
            page_name=page[1],
            edition=day,
            source=source,
        ),
        altered(article.headline),
        st.tuples(*map(altered, article.paragraphs)).map(list),
        st.sampled_from(PAGES),
        st.sampled_from((article.edition, *DAYS)),
        altered(article.source) if article.source else st.just(""),
    )


@st.composite
def altered(draw: st.DrawFn, text: str) -> str:
    """`text` with a character lost, two changed over, or something between two."""
    at = draw(st.integers(0, len(text) - 1))
    between = draw(st.sampled_from(("的", "Ｘ", "，", " ", " 丁 ", *PIECES[:2])))
    ways = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        text[:at] + between + text[at:],
    )
    return draw(st.sampled_from(ways)) or text
