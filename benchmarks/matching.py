"""All standing queries against one article after another, beside a naive loop and Perq.

The queries are those of `standing_queries`; each size takes the first of them. They are matched in
a process of their own, which reads them with their sieves as the matcher does. The naive loop
asks the tree of every query, of a few articles; it must find the same. Perq is asked what it can
express, queries of whole words, drawn by frequency. It takes articles that are cut into words:
that is part of its time, and a note says how long it takes without. Ours must find what it finds.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks import corpus
from benchmarks.figures import Figure, Round, Skipped
from benchmarks.held import Held
from benchmarks.latency import machine
from benchmarks.matcher import KEPT, WARMING, Report, report, subject
from benchmarks.programs import BenchmarkFailed
from benchmarks.sizes import Size
from benchmarks.standing_queries import Drawn, Terms
from newscrawl.items import Article
from newscrawl.query.evaluate import matches
from newscrawl.query.show import show
from newscrawl.query.sieve import sieve
from newscrawl.query.subject import folded

MEDIAN, P95, MEGABYTES, TIMES_PERQ, ADDITION = 2.0, 5.0, 1500, 5.0, 1000
NAIVE_TREES = 1_000_000
"""That the naive loop asks at least, over some articles; and at most NAIVE_ARTICLES."""
NAIVE_ARTICLES = KEPT


@dataclass(frozen=True, slots=True)
class Stock:
    """What is matched, in files."""

    terms: Terms
    articles: Path
    folder: Path
    size: Size

    @property
    def largest(self) -> int:
        return max(self.size.matching_queries)

    def queries(self, weights: str) -> Path:
        """Queries of every form, with their sieves."""
        file = self.folder / f"{weights}.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            for number, node in enumerate(Drawn(self.terms, weights).nodes(self.largest)):
                print(json.dumps([number, show(node), sieve(node).text()]), file=lines)
        return file

    def tokens(self, weights: str) -> tuple[Path, Path]:
        """Queries of whole words, for ours and for Perq."""
        ours, theirs = (self.folder / f"{weights}-{whose}.jsonl" for whose in ("ours", "perq"))
        with ours.open("w", encoding="utf-8") as mine, theirs.open("w", encoding="utf-8") as other:
            for number, each in enumerate(Drawn(self.terms, weights).tokens(self.largest)):
                node = each.node
                print(json.dumps([number, show(node), sieve(node).text()]), file=mine)
                print(json.dumps([number, each.groups]), file=other)
        return ours, theirs


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Times an article, memory, and how much faster than Perq."""
    source = corpus.find()
    if source is None:
        return (Skipped("matching", corpus.MISSING),)
    stock = _stock(source, size, work)
    rare, (words, perq) = stock.queries("rare"), stock.tokens("frequent")
    figures = [_figure(stock, rare, count) for count in size.matching_queries]
    figures.append(_frequent(stock))
    figures += [_against_perq(stock, words, perq, count) for count in size.matching_queries]
    return tuple(figures)


def _stock(source: Path, size: Size, work: Path) -> Stock:
    held = list(_held(source, size.import_documents))
    terms = Terms(held)
    chosen = range(0, len(held), max(1, len(held) // (size.matching_articles + WARMING)))
    file = work / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for place in chosen:
            article = held[place].article
            made = {
                "date": article.edition,
                "headline": article.headline,
                "paragraphs": article.paragraphs,
            }
            print(json.dumps(made), file=lines)
    return Stock(terms, file, work, size)


def _held(source: Path, documents: int) -> Iterable[Held]:
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for seq, line in enumerate(islice(lines, documents)):
            read = json.loads(line)
            texts = read["text"].split("\n")
            article = Article("corpus", read["date"], "", headline=read["title"], paragraphs=texts)
            yield Held(seq, article, "\n".join(map(folded, (article.headline, *texts))))


def _figure(stock: Stock, queries: Path, count: int) -> Figure:
    made = report("ours", queries, count, stock.articles)
    naive = _naive(stock, count, made)
    judged = stock.size.judged and count == stock.largest
    return Figure(
        name=f"matching {count:,} queries of rare terms",
        ours=f"{made.median:.3f} ms, p95 {made.p95:.3f}",
        baseline=f"{naive:,.1f} ms (naive)",
        result=f"{naive / made.median:,.0f} ×",
        target=f"≤ {MEDIAN:g} ms, p95 ≤ {P95:g}, < {MEGABYTES} MB, added in < {ADDITION} ms",
        met=_fits(made) if judged else None,
        notes=(*_notes(made), machine()),
    )


def _frequent(stock: Stock) -> Figure:
    made = report("ours", stock.queries("frequent"), stock.largest, stock.articles)
    each = 1000 * made.median / max(1.0, made.usual)
    return Figure(
        name=f"matching {stock.largest:,} queries of frequent terms",
        ours=f"{made.median:.3f} ms, p95 {made.p95:.3f}",
        baseline="",
        result=f"{each:.2f} µs a match",
        target="time grows with the matches",
        met=None,
        notes=_notes(made),
    )


def _against_perq(stock: Stock, words: Path, perq: Path, count: int) -> Figure:
    ours = report("ours", words, count, stock.articles)
    theirs = report("perq", perq, count, stock.articles)
    for found, expected in zip(ours.matched, theirs.matched, strict=True):
        if missed := set(expected) - set(found):
            raise BenchmarkFailed(f"Perq finds {len(missed)} that we do not")
    ratio, given = theirs.with_cutting / ours.median, theirs.median / ours.median
    return Figure(
        name=f"matching {count:,} queries of frequent words, beside Perq",
        ours=f"{ours.median:.3f} ms, p95 {ours.p95:.3f}",
        baseline=f"{theirs.with_cutting:.3f} ms",
        result=f"{ratio:.1f} ×",
        target=f"≥ {TIMES_PERQ:g} ×",
        met=ratio >= TIMES_PERQ if stock.size.judged else None,
        notes=(
            f"given the words, Perq takes {theirs.median:.3f} ms: {given:.1f} ×",
            f"{ours.usual:,.0f} matches an article, of Perq's words {theirs.usual:,.0f}",
            f"ours built in {ours.build_seconds:.1f} s, {ours.megabytes:.0f} MB",
            f"Perq built in {theirs.build_seconds:.1f} s, {theirs.megabytes:.0f} MB",
        ),
        rounds=(Round(ours.median, theirs.with_cutting),),
    )


def _naive(stock: Stock, count: int, made: Report) -> float:
    """Milliseconds an article of asking every tree. Raises BenchmarkFailed for other matches."""
    articles = min(NAIVE_ARTICLES, max(1, NAIVE_TREES // count), len(made.matched))
    with stock.articles.open(encoding="utf-8") as lines:
        subjects = [
            subject(json.loads(line)) for line in islice(lines, WARMING, WARMING + articles)
        ]
    taken = [0.0] * articles
    found: Sequence[list[int]] = [[] for _article in subjects]
    for number, node in enumerate(Drawn(stock.terms, "rare").nodes(stock.largest)):
        if number == count:
            break
        for place, each in enumerate(subjects):
            began = time.perf_counter()
            if matches(node, each):
                found[place].append(number)
            taken[place] += time.perf_counter() - began
    if list(found) != made.matched[:articles]:
        raise BenchmarkFailed("the naive loop finds others than the standing queries")
    return 1000 * median(taken)


def _fits(made: Report) -> bool:
    quick = made.median <= MEDIAN and made.p95 <= P95
    return quick and made.megabytes < MEGABYTES and max(made.addition_milliseconds) < ADDITION


def _notes(made: Report) -> tuple[str, ...]:
    most, added = max(made.matches), made.addition_milliseconds
    return (
        f"{made.usual:,.0f} matches an article, at most {most:,}",
        f"the slowest article took {max(made.milliseconds):.2f} ms",
        f"built in {made.build_seconds:.1f} s, {made.megabytes:.0f} MB at most",
        f"one more has matched after {median(added):.1f} ms, at most {max(added):.1f}",
    )
