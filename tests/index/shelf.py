"""Versions of articles with what is known about them, to be written to any engine."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks import corpus
from newscrawl.catalogue.versions import Version
from newscrawl.extract.normalise import normalise
from newscrawl.index.documents import UNDATED, Document, Given, documents_of
from newscrawl.index.engine import Writer
from newscrawl.index.reach import Reach
from newscrawl.items import Article
from newscrawl.query.subject import Subject, subject_of
from tests.query.pairs import PAGES, PIECES, TITLES

SOURCES = ("", "新华社", "临空经济报", "杭州日报")
NAMES = ("王伟", "陈𠮷", "欧阳建国", "李 丽")
FIRST = date(2022, 1, 1)


@dataclass
class Shelf:
    """Versions by sequence number, those that were replaced included."""

    articles: dict[int, Article] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    """An old version, and the one that replaced it."""

    def add(self, article: Article, *, of: int | None = None) -> Document:
        """Give a version the next number; `of`: the version that it replaces."""
        seq = len(self.articles) + 1
        self.articles[seq] = article
        if of is not None:
            self.replaced[of] = seq
        return document(seq, article, () if of is None else (of,))

    def live(self, upto: int | None = None) -> set[int]:
        """The versions that could be found when there were so many."""
        last = len(self.articles) if upto is None else upto
        dead = {old for old, newer in self.replaced.items() if newer <= last}
        return {seq for seq in self.articles if seq <= last} - dead

    def subject(self, seq: int) -> Subject:
        article = self.articles[seq]
        return subject_of(article, TITLES.get(article.paper, ""))

    def day(self, seq: int) -> int:
        return int(self.articles[seq].edition.replace("-", "") or UNDATED)


def document(seq: int, article: Article, replaces: Iterable[int] = ()) -> Document:
    """The document of a version of an article."""
    version = Version(seq, f"article/{seq}", 1, "ok", True, "", "", "", article)
    return next(documents_of([Given(version, replaces=tuple(replaces))]))


def written(writer: Writer, documents: Iterable[Document], batch: int = 100) -> None:
    """Write documents, so many at a time."""
    every = list(documents)
    for start in range(0, len(every), batch):
        part = every[start : start + batch]
        writer.write(iter(part), len(part), Reach(part[-1].seq))


def generated(count: int, chance: random.Random) -> Iterator[Article]:
    """Articles of a small vocabulary, so that most queries find some."""
    for _number in range(count):
        page, page_name = chance.choice(PAGES)
        day = FIRST + timedelta(days=chance.randrange(900))
        yield normalise(
            Article(
                paper=chance.choice(list(TITLES)),
                edition="" if chance.random() < 0.03 else day.isoformat(),
                url="http://paper.example/1",
                headline=_text(chance, 4),
                kicker=_text(chance, 2),
                subhead=_text(chance, 2),
                paragraphs=[_text(chance, 9) for _paragraph in range(chance.randint(1, 5))],
                source=chance.choice(SOURCES),
                reporters=chance.sample(NAMES, chance.randint(0, 2)),
                page=page,
                page_name=page_name,
            )
        )


def real(count: int, chance: random.Random) -> Iterator[Article]:
    """Some articles of the corpus; none where it is not there."""
    source = corpus.find()
    if source is None:
        return
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in chance.sample(records, count):
        yield normalise(
            Article(
                paper="hangzhou_daily",
                edition=record["date"],
                url="http://paper.example/2",
                headline=record["title"],
                paragraphs=record["text"].split("\n"),
            )
        )


def _text(chance: random.Random, pieces: int) -> str:
    return "".join(chance.choices(PIECES, k=chance.randint(1, pieces))).strip()
