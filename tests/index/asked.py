"""Queries and expressions to ask an engine, and what they must find."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from newscrawl.index.plan import All, Column, Days, Expression, Key, Listed, Run, Some, Without
from newscrawl.items import Article
from newscrawl.query.subject import folded
from newscrawl.text.grams import GAP, gram_line
from tests.index.shelf import NAMES, SOURCES, Shelf
from tests.query.oracle import texts_of
from tests.query.pairs import GUARDS, PHRASES, TEXT_FIELDS, UNQUOTED, WORDS

KINDS = ("text", "text", "word", "phrase", "prefix", "near", "guard", "name", "date")
COLUMNS: tuple[Column, ...] = ("headline", "around", "body", "source", "author")


def query(chance: random.Random, depth: int = 2) -> tuple:
    """A query as the oracle reads it."""
    if depth and chance.random() < 0.6:
        kind = chance.choice(("and", "or", "not"))
        return (kind, *(query(chance, depth - 1) for _part in range(1 if kind == "not" else 2)))
    field = chance.choice(TEXT_FIELDS)
    match chance.choice(KINDS):
        case "text":
            return ("text", field, chance.choice((*WORDS, *NAMES, *filter(None, SOURCES))))
        case "word":
            return ("word", field, chance.choice(UNQUOTED))
        case "phrase":
            return ("text", field, chance.choice(PHRASES))
        case "prefix":
            return ("prefix", field, chance.choice(("MA", "临空", "20", "COVID", "yor", "12")))
        case "near":
            return ("near", field, chance.sample(WORDS, 2), chance.randrange(5))
        case "guard":
            return ("guard", field, *chance.choice(GUARDS))
        case "name":
            names = (("paper", "杭州日报"), ("paper", "metro_express"), ("page", "a05"))
            return ("name", *chance.choice((*names, ("page", "要闻"), ("page", "没有"))))
        case _:
            return (
                "date",
                *sorted(chance.choices(("2022-03-01", "2023-01-01", "2024-02-01"), k=2)),
            )


def cut(chance: random.Random, articles: list[Article], length: int) -> str:
    """So many characters in a row out of a text of one of the articles."""
    while True:
        texts = texts_of(chance.choice(articles), None)
        text = chance.choice([text for text in texts if text])
        start = chance.randrange(len(text))
        piece = text[start : start + length].strip()
        if any(character.isalnum() for character in piece):
            return piece


def expression(chance: random.Random, shelf: Shelf, depth: int = 3) -> Expression:
    """Anything that an engine must understand."""
    if depth and chance.random() < 0.6:
        parts = tuple(expression(chance, shelf, depth - 1) for _part in range(chance.randrange(4)))
        return chance.choice((All(parts), Some(parts), Without(Some(parts))))
    days = sorted(shelf.day(seq) for seq in chance.sample(sorted(shelf.articles), 2))
    seqs = chance.sample(range(1, len(shelf.articles) + 9), chance.randrange(40))
    return chance.choice(
        (
            _run(chance, shelf),
            _run(chance, shelf),
            Key("paper", ("hangzhou_daily", "nowhere")[: chance.randrange(3)]),
            Key("page", chance.choice((("a01",), ("城市", "a01"), ("没有",), ()))),
            Days(*days),
            Days(until=days[0]),
            Days(days[1], days[0]),
            Days(),
            Listed(np.array(sorted(seqs), dtype=np.int64)),
        )
    )


def _run(chance: random.Random, shelf: Shelf) -> Run:
    article = chance.choice(list(shelf.articles.values()))
    line = [gram for text in _texts(article, "body") for gram in gram_line(folded(text))]
    start = chance.randrange(len(line) + 1)
    grams = " ".join(line[start : start + chance.randint(1, 4)]).strip(f"{GAP} ").split()
    prefix = chance.random() < 0.3
    if prefix and grams:
        grams[-1] = grams[-1][0]
    columns = chance.sample(COLUMNS, chance.randint(1, 3))
    return Run(tuple(grams or ["没"]), prefix, tuple(columns))


def found(wanted: Expression, shelf: Shelf, seqs: set[int]) -> set[int]:
    """What an expression finds, by looking at each version."""
    match wanted:
        case Run():
            return {seq for seq in seqs if _stands(wanted, shelf.articles[seq])}
        case Key("paper", values):
            return {seq for seq in seqs if shelf.articles[seq].paper in values}
        case Key(_, values):
            named = {seq: shelf.subject(seq).names("page") for seq in seqs}
            return {seq for seq, names in named.items() if {*names} & {*values} - {""}}
        case Days(since, until):
            return {seq for seq in seqs if max(since, 1) <= shelf.day(seq) <= until}
        case Listed(listed):
            return seqs & set(listed.tolist())
        case All(children):
            return seqs.intersection(*(found(child, shelf, seqs) for child in children))
        case Some(children):
            return set().union(*(found(child, shelf, seqs) for child in children))
        case Without(child):
            return seqs - found(child, shelf, seqs)


def _stands(run: Run, article: Article) -> bool:
    for text in (text for column in run.columns for text in _texts(article, column)):
        line = gram_line(folded(text))
        for start in range(len(line)):
            if _begins(run, line[start : start + len(run.grams)]):
                return True
    return False


def _begins(run: Run, grams: list[str]) -> bool:
    *before, last = run.grams
    *standing, end = grams
    return standing == before and (end.startswith(last) if run.prefix else end == last)


def _texts(article: Article, column: Column) -> Iterator[str]:
    match column:
        case "around":
            yield from (article.kicker, article.subhead)
        case "source" | "headline":
            yield getattr(article, column)
        case "body":
            yield from article.paragraphs
        case "author":
            yield from (*article.reporters, *article.correspondents)
