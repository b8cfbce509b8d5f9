"""Whether every run of characters that stands in the corpus is found, and nothing else.

The corpus is imported by the real command. Asked for, each as a bare word and between quotation
marks, are runs of Han characters cut at random out of one paragraph or headline, and names.
Nobody has marked the names of this corpus by hand, so the list is made anew by rule. Persons are
the authors whom the byline reader finds, who begins with a surname behind an office (主席, 记者,
教授), and foreign names with a dot; organisations are the ends of runs at 公司, 大学, 委员会 and
the like. The rules take more than names: whatever they take stands in the text.
What must be found is said by `in`, over the folded text of every article; for a name with a dot
that is asked for as a bare word, by `in` for each of its parts. Beside them raw
substrings are asked for as phrases, with whatever characters they have (`raw`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import corpus, raw
from benchmarks.engines import engine
from benchmarks.figures import Figure, Skipped
from benchmarks.held import Held, held, texts
from benchmarks.importing import build_ours
from benchmarks.sizes import Size
from newscrawl.catalogue.connection import Catalogue
from newscrawl.extract.names import names_in
from newscrawl.home import Home
from newscrawl.index.finding import MOST_HITS
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.items import Article
from newscrawl.query.lexical import quote
from newscrawl.query.subject import folded
from newscrawl.text.runs import HAN

LENGTHS = range(2, 9)
SEED = 20231215
SHOWN = 3
"""Queries that are named where something is missed or wrong."""
_RUN = re.compile(f"[{HAN}]+")
_ORGANISATION = re.compile(
    f"(?:(?![在从由与和及的对向据了是为])[{HAN}]){{2,8}}?(?:有限公司|公司|集团|委员会|大学|学院|研究院|研究所|医院|银行|法院|检察院"
    "|总局|协会|基金会|出版社|电视台|日报社|管理局|办公厅)"
)

_PERSON = re.compile(
    f"(?:主席|书记|总理|总统|首相|部长|省长|市长|外长|大使|记者|院长|校长|教授|院士|研究员"
    f"|发言人|队长|工程师|同志|选手)([{HAN}]{{2,3}})"
)
_FOREIGN = re.compile(f"[{HAN}]{{2,6}}(?:·[{HAN}]{{2,6}})+")

Find = Callable[[str], frozenset[int]]
FORMS = {"words": "{}", "phrases": '"{}"'}


@dataclass(slots=True)
class Tally:
    """Articles over all queries."""

    expected: int = 0
    found: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    """Queries that do not find all."""
    wrong: list[str] = field(default_factory=list)
    """Queries that find too much."""

    def add(self, query: str, expected: frozenset[int], found: frozenset[int]) -> None:
        """Count what a query should find, and what it found."""
        self.expected += len(expected)
        self.found += len(found)
        self.right += len(expected & found)
        if expected - found:
            self.missed.append(query)
        if found - expected:
            self.wrong.append(query)


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Recall and precision, for words, for phrases and for raw substrings."""
    source = corpus.find()
    if source is None:
        return (Skipped("recall", corpus.MISSING),)
    file = work / "corpus.jsonl.gz"
    corpus.head(source, size.import_documents, file)
    home = Home(work / "recall")
    build_ours(file, home.root)
    catalogue = Catalogue.existing(home.catalogue)
    try:
        searcher = Searcher(home, catalogue)
        try:
            return tuple(_figures(size, held(catalogue), finder(searcher)))
        finally:
            searcher.close()
    finally:
        catalogue.close()


def finder(searcher: Searcher) -> Find:
    """Asks the index for everything that a query finds."""

    def find(query: str) -> frozenset[int]:
        found = searcher.finding(SearchRequest(query, sort="newest"))
        return frozenset(seq for seq, _score in found.window(0, MOST_HITS))

    return find


def substrings(articles: Sequence[Held], length: int, count: int) -> list[str]:
    """Different runs of Han characters, each place in the corpus as likely as any other.

    Fewer than `count` where the corpus has no more.
    """
    runs = [
        run
        for each in articles
        for text in texts(each.article)
        for run in _RUN.findall(text)
        if len(run) >= length
    ]
    if not runs:
        return []
    places = [len(run) - length + 1 for run in runs]
    dice = random.Random(SEED + length)  # noqa: S311 - to be drawn again, not to be secret
    drawn: dict[str, None] = {}
    for run in dice.choices(runs, places, k=20 * count):
        start = dice.randrange(len(run) - length + 1)
        drawn[run[start : start + length]] = None
        if len(drawn) == count:
            break
    return list(drawn)


def names(articles: Sequence[Held], count: int) -> list[str]:
    """The different names of persons and organisations; at most `count`, drawn at random."""
    found = sorted(
        {
            name
            for each in articles
            for name in (*_persons(each.article), *_organisations(each.article))
        }
    )
    dice = random.Random(SEED)  # noqa: S311
    return found if len(found) <= count else dice.sample(found, count)


def compared(articles: Sequence[Held], wanted: Iterable[str], find: Find) -> dict[str, Tally]:
    """Ask for each text in both forms: in quotes for all of it, bare for each of its runs."""
    tallies = {form: Tally() for form in FORMS}
    for text in wanted:
        plain = folded(text)
        for form, parts in (("words", re.findall(r"\w+", plain)), ("phrases", [plain])):
            expected = frozenset(
                each.seq for each in articles if all(part in each.text for part in parts)
            )
            tallies[form].add(text, expected, find(FORMS[form].format(text)))
    return tallies


def cut_raw(articles: Sequence[Held], count: int, find: Find) -> tuple[list[str], Tally]:
    """Raw substrings, so many of each length, and what came of them."""
    cut = [text for length in LENGTHS for text in raw.cuttings(articles, length, count)]
    standing, tally = raw.Standing(articles), Tally()
    for text in cut:
        tally.add(text, standing.having(text), find(quote(text)))
    return cut, tally


def _figures(size: Size, articles: Sequence[Held], find: Find) -> Iterator[Figure]:
    asked = [
        text for length in LENGTHS for text in substrings(articles, length, size.recall_substrings)
    ]
    called = names(articles, size.recall_names)
    what = f"{len(asked):,} substrings, {len(called):,} names in {len(articles):,} articles"
    for form, tally in compared(articles, [*asked, *called], find).items():
        yield from _both(form, what, tally)
    cut, tally = cut_raw(articles, size.recall_substrings, find)
    mixed = sum(not _RUN.fullmatch(text) for text in cut)
    yield from _both("raw", f"{len(cut):,} substrings, {mixed:,} not of Han characters only", tally)


def _both(form: str, what: str, tally: Tally) -> Iterator[Figure]:
    name = f"recall of {form} on {engine()}, {what}"
    yield _figure(name, tally.right, tally.expected, tally.missed)
    yield _figure(f"precision of {form} on {engine()}", tally.right, tally.found, tally.wrong)


def _figure(name: str, right: int, of: int, failed: list[str]) -> Figure:
    note = f"{len(failed):,} queries fail, among them {', '.join(failed[:SHOWN])}"
    return Figure(
        name=name,
        ours=f"{right:,} of {of:,}",
        baseline="",
        result=percent(right, of),
        target="100 %",
        met=right == of > 0,
        notes=(note,) if failed else (),
    )


def percent(right: int, of: int) -> str:
    """Cut and not rounded: only everything is 100 %."""
    if right == of:
        return "100 %" if of else "nothing asked"
    return f"{right * 1_000_000 // of / 10_000:.4f} %"


def _persons(article: Article) -> Iterator[str]:
    yield from article.reporters
    yield from article.correspondents
    for text in texts(article):
        yield from _FOREIGN.findall(text)
        for word in _PERSON.findall(text):
            yield from names_in(word, alone=False)


def _organisations(article: Article) -> Iterator[str]:
    for text in texts(article):
        yield from _ORGANISATION.findall(text)
