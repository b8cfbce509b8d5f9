"""How long a reader waits for an answer: a mix of 500 queries among very many articles."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles

from benchmarks import corpus, queries
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
WARM = 100
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


def measure(size: Size, work: Path) -> Figure | Skipped:
    """The mix, among as many articles as are asked of this engine."""
    source = corpus.find()
    if source is None:
        return Skipped("latency", corpus.MISSING)
    enlarged = Enlarged.of(source, size.enlarged[engine()])
    made = stocked(enlarged)
    sample = enlarged.sampled(SAMPLE)
    mix = queries.drawn(sample)
    answers = ask(made, mix, warming(sample, mix), work)
    times = Times.of(took for took, _total in answers)
    target = TARGETS[engine()]
    return Figure(
        name=f"latency on {engine()}, 500 queries, {len(enlarged):,} articles",
        ours=str(times),
        baseline="",
        result="",
        target=f"p50 ≤ {target.p50:.0f}, p95 ≤ {target.p95:.0f} ms" if size.judged else "",
        met=times.p50 <= target.p50 and times.p95 <= target.p95 if size.judged else None,
        notes=tuple(_notes(made, mix, answers)),
    )


def warming(sample: Sequence[Article], mix: Sequence[Query]) -> list[Query]:
    """Other queries of the same kinds, for caches to have seen some, and none of the mix."""
    others = queries.drawn(sample, queries.SEED + 1)
    known = {query.text for query in mix}
    return [query for query in others if query.text not in known][:WARM]


def ask(
    made: Stocked, mix: Sequence[Query], warm: Sequence[Query], work: Path
) -> list[tuple[float, int]]:
    """Milliseconds and articles found, for every query in its order."""
    file = work / "queries.json"
    asked = {"warm": list(map(asdict, warm)), "asked": list(map(asdict, mix))}
    file.write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    done = run(python("benchmarks.asking", made.root, str(file)), {"HOME": made.root})
    return [(took, total) for took, total in json.loads(done.output)["asked"]]


def _notes(
    made: Stocked, mix: Sequence[Query], answers: Sequence[tuple[float, int]]
) -> Iterator[str]:
    yield made.line
    yield machine()
    for kind in queries.MIX:
        of_kind = [
            (took, total)
            for query, (took, total) in zip(mix, answers, strict=True)
            if query.kind == kind
        ]
        empty = sum(not total for _took, total in of_kind)
        spread = Times.of(took for took, _total in of_kind)
        yield f"{len(of_kind)} × {kind}: {spread}; {empty} find nothing"
    slowest = sorted(zip(answers, mix, strict=True), key=lambda each: -each[0][0])[:SLOWEST]
    yield "slowest: " + ", ".join(
        f"{query.text} ({query.sort}, {total:,} found) {took:.0f} ms"
        for (took, total), query in slowest
    )


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
