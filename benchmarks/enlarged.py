"""The corpus re-dated and recombined to as many articles as asked, the same every time.

An article has the shape of a real one, the number of sentences in each of its paragraphs. Each
paragraph takes its sentences from one of four real articles, so that words come together about as
they do in a newspaper, and no run of characters spans what never stood together: a run ends where
a sentence does. Numbers are drawn anew, figure by figure, and reporters are called by drawn names,
so that the vocabulary grows with the articles as it does in an archive. The days go from the
first to the last in the order of the articles, and a share of every day falls to every paper.

About one article in eight is a reprint: another paper's, at most 72 hours later, under another
headline, whole or the first half. Only every fourth article is reprinted, so that some are by
several papers.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from benchmarks import reprints
from newscrawl.catalogue.prospects import WINDOW_DAYS
from newscrawl.extract.surnames import COMMON
from newscrawl.items import Article
from newscrawl.ops.importer import article_from

SEED = 20231215
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
DAYS = (LAST - FIRST).days + 1
SOURCES = 4
"""Real articles that one of ours is made of."""
LEAST_SENTENCES = 3
LONGEST_HEADLINE = 40
REPRINTED = 4
"""Every so many-th article may be reprinted, and is no reprint itself."""
REPRINTS = 1 / 8
"""The share of reprints, where the articles are so many that there is something to reprint."""
HALVED = 1 / 3
"""Of the reprints."""
_OVERLINES = ("聚焦｜", "记者观察：", "转载：")
PAPERS = {
    "yanjiang_daily": "沿江日报",
    "yanjiang_evening": "沿江晚报",
    "haigang_daily": "海港日报",
    "haigang_commerce": "海港商报",
    "donghu_daily": "东湖日报",
    "donghu_morning": "东湖早报",
    "beishan_daily": "北山日报",
    "rural_news": "乡村新报",
}
"""Name and title, none of a real paper; the first prints the most."""
_SHARES = tuple(accumulate(1 / place for place in range(1, len(PAPERS) + 1)))
PAGES = {
    "A01": "要闻", "A02": "时政", "A03": "综合", "A04": "经济", "A05": "民生", "A06": "城事",
    "A07": "国内", "A08": "国际", "B01": "财经", "B02": "科技", "B03": "教育", "B04": "体育",
    "C01": "文化", "C02": "副刊", "C03": "健康", "C04": "汽车",
}  # fmt: skip
DECLARED = ("新华社", "人民日报", "央视新闻", "中新社", "")
"""What an article may declare as its source; most declare nothing."""
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏辉宇浩晨曦思雨佳欣子涵梓轩"
_SURNAMES = sorted(COMMON)
_SENTENCE = re.compile(r"[^。！？]+(?:[。！？]+[”’」』）]*)?")
_FIGURE = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Source:
    """A real article, taken apart."""

    headline: tuple[str, ...]
    """What stands between its blanks."""
    paragraphs: tuple[tuple[str, ...], ...]
    """The sentences of each."""

    @property
    def sentences(self) -> list[str]:
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]


class Enlarged:
    """A given number of articles, each made from its number alone."""

    def __init__(self, sources: Sequence[Source], articles: int) -> None:
        self._sources = sources
        self._articles = articles

    @classmethod
    def of(cls, corpus: Path, articles: int) -> Enlarged:
        """`articles` of them made of the records of a `.jsonl.gz` file."""
        with gzip.open(corpus, "rb") as lines:
            real = [article_from(json.loads(line), "corpus") for line in lines]
        return cls([taken_apart(each) for each in real if each.paragraphs], articles)

    def __len__(self) -> int:
        return self._articles

    def __iter__(self) -> Iterator[Article]:
        return map(self.article, range(self._articles))

    def sampled(self, count: int) -> list[Article]:
        """At most `count` of them, at equal distances."""
        step = max(1, self._articles // count)
        return [self.article(number) for number in range(0, self._articles, step)][:count]

    def article(self, number: int) -> Article:
        """The article of a number from 0; the papers' days go with the numbers."""
        made, reprinted = self._original(number), self.reprinted(number)
        return made if reprinted is None else _reprint(made, self._original(reprinted))

    def reprinted(self, number: int) -> int | None:
        """The number of the article that this one is a reprint of; None of an original."""
        dice = Random(f"{SEED}/{number}/reprinted")  # noqa: S311
        if not number % REPRINTED or dice.random() > REPRINTS * REPRINTED / (REPRINTED - 1):
            return None
        first = max(0, self._first_of(self._day(number) - WINDOW_DAYS))
        near = range(first + -first % REPRINTED, number, REPRINTED)
        return dice.choice(near) if near else None

    def _day(self, number: int) -> int:
        """Days from the first to that of an article."""
        return number * DAYS // self._articles

    def _first_of(self, day: int) -> int:
        """The number of the first article that is not before a day."""
        return -(-day * self._articles // DAYS)

    def _original(self, number: int) -> Article:
        dice = Random(f"{SEED}/{number}")  # noqa: S311 - to be drawn again, not to be secret
        drawn = dice.sample(self._sources, SOURCES)
        paper = dice.choices(list(PAPERS), cum_weights=_SHARES)[0]
        page = dice.choice(list(PAGES))
        day = FIRST + timedelta(days=self._day(number))
        return Article(
            paper=paper,
            edition=day.isoformat(),
            edition_raw=day.isoformat(),
            url=f"import:{paper}/{number}",
            own_id=str(number),
            headline=_renumbered(dice, _headline(dice, drawn)),
            paragraphs=[_renumbered(dice, each) for each in _paragraphs(dice, drawn)],
            page=page,
            page_name=PAGES[page],
            source=dice.choices(DECLARED, (3, 1, 2, 1, 7))[0],
            reporters=[_name(dice) for _ in range(dice.choice((0, 1, 1, 2)))],
            snapshot_time=f"{day.isoformat()}T00:45:10.000000+00:00",
            record_id=f"<urn:uuid:{number:08d}-0000-4000-8000-000000000000>",
        )


def taken_apart(article: Article) -> Source:
    """The parts of an article that others are made of."""
    return Source(
        tuple(article.headline.split()),
        tuple(tuple(_SENTENCE.findall(each)) for each in article.paragraphs),
    )


def _reprint(made: Article, original: Article) -> Article:
    """The original where and when `made` would have been, in another paper."""
    dice = Random(f"{SEED}/{made.own_id}/reprint")  # noqa: S311
    others = [paper for paper in PAPERS if paper != original.paper]
    paper = made.paper if made.paper in others else dice.choice(others)
    whole = original.paragraphs
    return replace(
        made,
        paper=paper,
        url=f"import:{paper}/{made.own_id}",
        headline=dice.choice(_OVERLINES) + original.headline[: dice.randint(6, 20)],
        paragraphs=reprints.half(whole, dice) if dice.random() < HALVED else whole,
        source=PAPERS[original.paper],
        reporters=[],
    )


def _headline(dice: Random, drawn: Sequence[Source]) -> str:
    """A part of the headline of one article, and one of another's where there is room."""
    parts = [dice.choice(each.headline) for each in drawn[:2] if each.headline]
    while len(parts) > 1 and sum(map(len, parts)) > LONGEST_HEADLINE:
        parts.pop()
    return " ".join(parts)


def _paragraphs(dice: Random, drawn: Sequence[Source]) -> list[str]:
    left = [each.sentences for each in drawn]
    for sentences in left:
        dice.shuffle(sentences)
    made = []
    for length in _shape(drawn[0]):
        some = dice.choice([each for each in left if each] or [[]])
        made.append("".join(some[:length]))
        del some[:length]
    return [each for each in made if each]


def _shape(source: Source) -> list[int]:
    """Sentences of each paragraph; of a very short article more than it has."""
    shape = [len(each) for each in source.paragraphs]
    return shape + [1] * (LEAST_SENTENCES - sum(shape))


def _renumbered(dice: Random, text: str) -> str:
    """Every figure another, a first 0 as it was."""
    return _FIGURE.sub(lambda found: "0" if found[0] == "0" else str(dice.randint(1, 9)), text)


def _name(dice: Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2))))
