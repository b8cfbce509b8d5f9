"""The back-test: what a subscription would have told of in the last days, before it is saved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from newscrawl.alerts.evidence import Evidence, Proposal
from newscrawl.alerts.lint import Caps, Other, Remark, lint
from newscrawl.alerts.noise import Noise, noise
from newscrawl.index.rows import Row, folded, rows
from newscrawl.index.search import Searcher
from newscrawl.index.timeline import Timeline, timeline

NEWEST = 5
"""Stories that are shown."""
CAPS = Caps()


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a subscription would have done."""

    proposal: Proposal
    since: date
    until: date
    total: int
    """Articles that the same search finds of these days; at least so many, where not all were
    counted."""
    counted: bool
    stories: int | None
    """How many stories they are; None where not all of them are known."""
    articles: int
    """All articles of these days in these papers."""
    ever: int | None
    """How many articles the search finds in the whole archive, where there are none of these
    days; else None."""
    timeline: Timeline
    """By the day up to two months, with the days on which nothing was."""
    busiest: tuple[str, int] | None
    """The day with the most, the last of several, and its count."""
    newest: list[Row]
    """The newest stories, NEWEST at most, as a search shows them."""
    noise: list[Noise]
    """What takes away much, of the hits that were read."""
    read: int
    """How many were read, spread over all; all, unless there are very many."""
    remarks: list[Remark]
    """The lint's, the gravest first."""
    took_ms: float
    behind: int = 0
    """Versions that are recorded and not yet in the index."""

    @property
    def a_day(self) -> float:
        """Articles a day, on average."""
        return self.total / self.proposal.days

    @property
    def sentence(self) -> str:
        """What it comes to, for a person."""
        days = _counted(self.proposal.days, "day")
        within = f"in the {days} to {self.until}" if self.proposal.until else f"in the last {days}"
        if not self.total:
            said = f"would not have fired {within}"
            return f"{said}; {self.ever} 篇 of other days" if self.ever else said
        often = f"{'' if self.counted else 'at least '}{_counted(self.total, 'time')}"
        stories = "" if self.stories is None else f", {_counted(self.stories, 'story', 'stories')}"
        return f"would have fired {often} {within}{stories}"

    @property
    def nothing(self) -> bool:
        """Whether nothing that is held would have fired it, or nothing ever can."""
        return any(remark.kind in ("never", "nothing") for remark in self.remarks)


def backtest(
    searcher: Searcher, proposal: Proposal, others: Sequence[Other] = (), caps: Caps = CAPS
) -> Backtest:
    """Try a subscription on what is there. To be bounded as a search is.

    `others`: what the same person has subscribed to already. Raises QueryError for a query that
    cannot be read.
    """
    with searcher.catalogue.view():
        return _backtest(Evidence(searcher, proposal), others, caps)


def _backtest(evidence: Evidence, others: Sequence[Other], caps: Caps) -> Backtest:
    began = time.perf_counter()
    found = evidence.found
    counts = found.facets(["day"])["day"]
    return Backtest(
        proposal=evidence.proposal,
        since=evidence.since,
        until=evidence.until,
        total=found.total,
        counted=found.counted,
        stories=evidence.stories,
        articles=evidence.articles,
        ever=None if found.total else evidence.ever.total,
        timeline=timeline(counts, of=(evidence.since, evidence.until)),
        busiest=max(counts, key=lambda each: (each[1], each[0]), default=None),
        newest=_newest(evidence),
        noise=noise(evidence),
        read=len(evidence.read),
        remarks=lint(evidence, others, caps),
        behind=evidence.searcher.behind(),
        took_ms=round((time.perf_counter() - began) * 1000, 1),
    )


def _newest(evidence: Evidence) -> list[Row]:
    page = folded(evidence.searcher, evidence.found, 0, NEWEST)
    return list(rows(evidence.searcher, evidence.found, page))


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
