"""How long it takes from a page to a message, stage by stage. All in seconds.

Who asks for a digest, or for quiet hours, wants to wait: the time from the match until the
delivery is due counts nowhere. What needed more than one attempt, was sent again by hand, or went
to a second address because the first had failed, has a stage of its own; of the latter two it is
not known any more how long they were to wait.

From the publication on it is counted only where its time of day is known. Of what has only the day
of its edition, which is all that the papers say, that is counted. Whoever confirms a message does
so in the answer to it: that takes no time of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Literal, TypeVar, get_args

from newscrawl.catalogue.ledger import Times

Of = TypeVar("Of", str, tuple[str, str])
Stage = Literal[
    "published_seen",
    "seen_recorded",
    "recorded_indexed",
    "recorded_matched",
    "matched_sent",
    "retried_sent",
    "seen_sent",
]
"""From one moment to another; `matched_sent` at the first attempt, `retried_sent` what was not."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of the articles in messages of which both moments are known; to three digits."""

    p50: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How long the articles in messages took; one counts once in each message."""

    sent: int
    digests: int
    """Of them, in messages that were to wait."""
    retried: int
    """Of them, those of `retried_sent`."""
    confirmed: int
    """Of them, those of which the receiver said that it has them."""
    day_only: int
    """Of them, those of whose publication only the day is known."""
    stages: Mapping[Stage, Percentiles]
    """Those left out of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Latency:
    """By a paper's name, by the kind of an address, and by both; in order."""

    papers: Mapping[str, Summary]
    channels: Mapping[str, Summary]
    pairs: Mapping[tuple[str, str], Summary]


def latency(sent: Iterable[Times]) -> Latency:
    """What the ledger comes to. Its rows are read once and not kept."""
    papers: dict[str, _Tally] = {}
    channels: dict[str, _Tally] = {}
    pairs: dict[tuple[str, str], _Tally] = {}
    for times in sent:
        way = _Way.of(times)
        papers.setdefault(times.paper, _Tally()).add(way)
        channels.setdefault(times.channel, _Tally()).add(way)
        pairs.setdefault((times.paper, times.channel), _Tally()).add(way)
    return Latency(_summaries(papers), _summaries(channels), _summaries(pairs))


@dataclass(frozen=True, slots=True)
class _Way:
    """How long one article in one message took."""

    stages: Mapping[Stage, float]
    waited: bool
    retried: bool
    confirmed: bool
    day_only: bool

    @classmethod
    def of(cls, times: Times) -> _Way:
        begun, due = _moment(times.begun), _moment(times.due)
        matched = _moment(times.matched) if times.matched else begun
        wish = max(0.0, due - max(begun, matched))
        retried = times.attempts > 1 or begun > matched
        stages = {stage: _rounded(seconds) for stage, seconds in _stages(times, wish, retried)}
        day_only = times.published is not None and not _has_time(times.published)
        return cls(stages, wish > 0, retried, times.confirmed is not None, day_only)


@dataclass(slots=True)
class _Tally:
    """Counts how often something took so long: as large as there are different times."""

    sent: int = 0
    digests: int = 0
    retried: int = 0
    confirmed: int = 0
    day_only: int = 0
    stages: dict[Stage, Counter[float]] = field(
        default_factory=lambda: {stage: Counter() for stage in get_args(Stage)}
    )

    def add(self, way: _Way) -> None:
        self.sent += 1
        self.digests += way.waited
        self.retried += way.retried
        self.confirmed += way.confirmed
        self.day_only += way.day_only
        for stage, seconds in way.stages.items():
            self.stages[stage][seconds] += 1

    def summary(self) -> Summary:
        stages = {stage: percentiles(taken) for stage, taken in self.stages.items() if taken}
        return Summary(self.sent, self.digests, self.retried, self.confirmed, self.day_only, stages)


def percentiles(taken: Mapping[float, int]) -> Percentiles:
    """Of how often each number of seconds was taken; of one at least, by the nearest rank."""
    seconds = sorted(taken)
    upto = list(accumulate(taken[each] for each in seconds))

    def at(percent: int) -> float:
        return seconds[bisect_left(upto, percent * upto[-1] / 100)]

    return Percentiles(at(50), at(95), upto[-1])


def _summaries(tallies: Mapping[Of, _Tally]) -> dict[Of, Summary]:
    return {name: tallies[name].summary() for name in sorted(tallies)}


def _stages(times: Times, wish: float, retried: bool) -> Iterator[tuple[Stage, float]]:
    last: Stage = "retried_sent" if retried else "matched_sent"
    published = times.published if times.published and _has_time(times.published) else None
    ways: tuple[tuple[Stage, str | None, str | None, float], ...] = (
        ("published_seen", published, times.first_seen, 0.0),
        ("seen_recorded", times.first_seen, times.recorded, 0.0),
        ("recorded_indexed", times.recorded, times.indexed, 0.0),
        ("recorded_matched", times.recorded, times.matched, 0.0),
        (last, times.matched, times.sent, wish),
        ("seen_sent", times.first_seen, times.sent, wish),
    )
    for stage, since, until, waited in ways:
        if since and until:
            yield stage, _moment(until) - _moment(since) - waited


def _has_time(published: str) -> bool:
    """Whether it is a moment, and not a day only."""
    return "T" in published


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _rounded(seconds: float) -> float:
    """To three digits: so that there are few different ones, however many there are."""
    return float(f"{seconds:.3g}")
