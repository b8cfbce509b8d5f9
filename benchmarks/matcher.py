"""`python -m benchmarks.matcher KIND QUERIES COUNT ARTICLES`: the first queries of a file, matched.

A process of its own, so that its memory is what matching takes. A line of QUERIES is a JSON list, a
number and what the kind `ours` or `perq` asks for; a line of ARTICLES an object. It prints one
JSON object, a `Report`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

import perq

from benchmarks.programs import python, run
from newscrawl.alerts.standing import Entry, Standing
from newscrawl.items import Article
from newscrawl.query.subject import Subject, subject_of
from newscrawl.text.segment import segment

WARMING = 20
"""Articles that are matched before it counts."""
KEPT = 30
"""Articles whose matches are told, and not only counted."""
ADDITIONS = 20
NEW = 1 << 40
"""Ids from here on are added while matching."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it."""

    build_seconds: float
    milliseconds: list[float]
    """Of each article, WARMING left out."""
    matches: list[int]
    """Of the same articles the number of queries."""
    matched: list[list[int]]
    """The queries of the first of them, ascending."""
    megabytes: float
    """The peak of the process."""
    addition_milliseconds: list[float]
    """Until a query that was added has matched."""
    cutting_milliseconds: list[float]
    """Of cutting each article into words, which Perq asks for."""

    @property
    def median(self) -> float:
        return median(self.milliseconds)

    @property
    def p95(self) -> float:
        return quantiles(self.milliseconds, n=20)[-1]

    @property
    def with_cutting(self) -> float:
        """The median of both together."""
        return median(map(sum, zip(self.milliseconds, self.cutting_milliseconds, strict=True)))

    @property
    def usual(self) -> float:
        """An article's matches, median."""
        return median(self.matches)


def report(kind: str, queries: Path, count: int, articles: Path) -> Report:
    """Run such a process."""
    ran = run(python("benchmarks.matcher", kind, str(queries), str(count), str(articles)))
    return Report(**json.loads(ran.output))


def subject(article: Mapping[str, Any]) -> Subject:
    """An article of the file as a query sees it."""
    made = Article(
        paper="corpus",
        edition=article["date"],
        url="",
        headline=article["headline"],
        paragraphs=article["paragraphs"],
    )
    return subject_of(made, "corpus")


def _ours(lines: Iterator[list[Any]], subjects: Sequence[Subject]) -> Report:
    began = time.perf_counter()
    standing = Standing(Entry(*line) for line in lines)
    built = time.perf_counter() - began
    taken, counts, kept = _matched(standing.matching, subjects)
    peak, added = _peak(), list(_additions(standing, subjects))
    return Report(built, taken, counts, kept, peak, added, [])


def _additions(standing: Standing, subjects: Sequence[Subject]) -> Iterator[float]:
    for number, each in enumerate(subjects[:ADDITIONS], NEW):
        began = time.perf_counter()
        standing.put([Entry(number, f'"{each.headline}"')])
        found = standing.matching(each)
        yield 1000 * (time.perf_counter() - began)
        if number not in found:
            raise AssertionError(f"what was added does not match: {each.headline}")


def _perq(lines: Iterator[list[Any]], subjects: Sequence[Subject]) -> Report:
    began = time.perf_counter()
    store = perq.MemoryStore()
    perq.index((perq.Query(number, groups) for number, groups in lines), store)
    built = time.perf_counter() - began
    matcher = perq.QueryMatcher(store)

    def match(words: list[str]) -> list[int]:
        return list(matcher.matches(perq.Document(words)))

    cutting, words = _timed(lambda each: segment("\n".join(each.texts(None))), subjects)
    taken, counts, kept = _matched(match, words)
    return Report(built, taken, counts, kept, _peak(), [], cutting[WARMING:])


def _matched(
    match: Callable[[Any], list[int]], asked: Sequence[Any]
) -> tuple[list[float], list[int], list[list[int]]]:
    """Milliseconds, matches, and the first of them by name; WARMING left out."""
    kept: list[list[int]] = []

    def counted(each: Any) -> int:
        found = match(each)
        if len(kept) < WARMING + KEPT:
            kept.append(found)
        return len(found)

    taken, counts = _timed(counted, asked)
    return taken[WARMING:], counts[WARMING:], kept[WARMING:]


def _timed(do: Callable[[Any], T], asked: Sequence[Any]) -> tuple[list[float], list[T]]:
    taken, done = [], []
    for each in asked:
        began = time.perf_counter()
        made = do(each)
        taken.append(1000 * (time.perf_counter() - began))
        done.append(made)
    return taken, done


def _peak() -> float:
    """Of this program: `getrusage` would tell of the one that has started it as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1000


KINDS = {"ours": _ours, "perq": _perq}


def main() -> None:
    """Match, and report."""
    kind, queries, count, articles = sys.argv[1:]
    with Path(articles).open(encoding="utf-8") as lines:
        asked = [subject(json.loads(line)) for line in lines]
    with Path(queries).open(encoding="utf-8") as lines:
        made = KINDS[kind](map(json.loads, islice(lines, int(count))), asked)
    print(json.dumps(asdict(made)))


if __name__ == "__main__":
    main()
