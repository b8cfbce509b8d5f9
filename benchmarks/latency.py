"""How long a reader waits for an answer: a mix of 500 queries among very many articles."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from benchmarks import asides, corpus, queries
from benchmarks.engines import engine
from benchmarks.enlarged import Enlarged
from benchmarks.figures import Figure, Skipped
from benchmarks.programs import python, run
from benchmarks.queries import Query
from benchmarks.sizes import Size
from benchmarks.stocked import Stocked, stocked
from newscrawl.items import Article

SAMPLE = 5_000
"""Articles that the queries are drawn from."""
WARM, WARM_BESIDE = 100, 25
SLOWEST = 10
LOOP = 3_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """Milliseconds, aimed at with the full number of articles."""

    p50: float
    p95: float


TARGETS: Mapping[str, Target] = {"whoosh": Target(15, 60), "tantivy": Target(5, 20)}


@dataclass(frozen=True, slots=True)
class Times:
    """The spread of some searches, in milliseconds."""

    p50: float
    p95: float
    most: float

    @classmethod
    def of(cls, times: Iterable[float]) -> Times:
        """Of one time or more."""
        every = list(times)
        cuts = quantiles(every, n=20, method="inclusive") if len(every) > 1 else every * 19
        return cls(cuts[9], cuts[18], max(every))

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f}, max {self.most:.0f} ms"


class Asked(NamedTuple):
    """A query that was answered."""

    query: Query
    took: float
    """Milliseconds."""
    total: int
    """Articles found."""
    found: float
    """Milliseconds, in a second round, until they were found and in order."""

    def __str__(self) -> str:
        query = self.query
        return f"{query.text} ({query.sort}, {self.total:,} found) {self.took:.0f} ms"


def measure(size: Size, work: Path) -> Figure | Skipped:
    """The mix, among as many articles as are asked of this engine."""
    source = corpus.find()
    if source is None:
        return Skipped("latency", corpus.MISSING)
    enlarged = Enlarged.of(source, size.enlarged[engine()])
    made = stocked(enlarged)
    sample = enlarged.sampled(SAMPLE)
    mix = queries.drawn(sample)
    answers, beside = answered(made, sample, mix, work)
    times = Times.of(each.took for each in answers)
    target = TARGETS[engine()]
    return Figure(
        name=f"latency on {engine()}, 500 queries, {len(enlarged):,} articles",
        ours=str(times),
        baseline="",
        result="",
        target=f"p50 ≤ {target.p50:.0f}, p95 ≤ {target.p95:.0f} ms" if size.judged else "",
        met=times.p50 <= target.p50 and times.p95 <= target.p95 if size.judged else None,
        notes=(made.line, machine(), *_notes(answers), *_beside(beside)),
    )


def warming(sample: Sequence[Article], mix: Sequence[Query]) -> list[Query]:
    """Other queries of the same kinds, for caches to have seen some, and none of the mix."""
    others = queries.drawn(sample, queries.SEED + 1)
    known = {query.text for query in mix}
    return [query for query in others if query.text not in known][:WARM]


def answered(
    made: Stocked, sample: Sequence[Article], mix: Sequence[Query], work: Path
) -> tuple[list[Asked], list[Asked]]:
    """What became of the mix, and of the kinds beside it; one process asks all, the mix first."""
    beside, others = asides.drawn(sample), asides.drawn(sample, asides.SEED + 1)
    warm = [query for query in others if query not in beside][:WARM_BESIDE]
    every = [*mix, *warm, *beside]
    answers = ask(made, every, warming(sample, mix), work)
    told = [Asked(query, *answer) for query, answer in zip(every, answers, strict=True)]
    return told[: len(mix)], told[len(mix) + len(warm) :]


def ask(
    made: Stocked, wanted: Sequence[Query], warm: Sequence[Query], work: Path
) -> list[tuple[float, int, float]]:
    """What an `Asked` tells beside its query, for every query in its order."""
    file = work / "queries.json"
    both = {"warm": list(map(asdict, warm)), "asked": list(map(asdict, wanted))}
    file.write_text(json.dumps(both, ensure_ascii=False), encoding="utf-8")
    done = run(python("benchmarks.asking", made.root, str(file)), {"HOME": made.root})
    told = json.loads(done.output)
    return [(*each, found) for each, found in zip(told["asked"], told["found"], strict=True)]


def _notes(answers: Sequence[Asked]) -> Iterator[str]:
    yield f"found, counted and ordered, no article read: {Times.of(each.found for each in answers)}"
    yield from by_kind(answers, queries.MIX)
    slowest = sorted(answers, key=lambda each: -each.took)[:SLOWEST]
    yield "slowest: " + ", ".join(map(str, slowest))


def _beside(answers: Sequence[Asked]) -> Iterator[str]:
    for note in by_kind(answers, asides.KINDS):
        yield f"beside the mix, not judged: {note}"


def by_kind(answers: Sequence[Asked], kinds: Iterable[str]) -> Iterator[str]:
    """A line for each kind of query that was asked."""
    for kind in kinds:
        if of_kind := [each for each in answers if each.query.kind == kind]:
            spread = Times.of(each.took for each in of_kind)
            empty = sum(not each.total for each in of_kind)
            yield f"{len(of_kind)} × {kind}: {spread}; {empty} find nothing"


def machine() -> str:
    """How fast this machine is, by a loop that never changes, and how busy others keep it."""
    loops = sorted(_loop() for _ in range(5))
    return (
        f"this machine: {LOOP:,} rounds of a plain loop in {loops[0]:.0f} to {loops[-1]:.0f} ms; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def _loop() -> float:
    began = time.perf_counter()
    total = 0
    for number in range(LOOP):
        total += number & 7
    return (time.perf_counter() - began) * 1000
