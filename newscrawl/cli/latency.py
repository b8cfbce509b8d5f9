"""`newscrawl latency`: how long it takes from a page to a message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl import settings
from newscrawl.alerts.latency import Latency, Stage, Summary
from newscrawl.alerts.latency import latency as summed
from newscrawl.catalogue import ledger, runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.query.subject import folded
from newscrawl.search import check_papers
from newscrawl.terminal import number, printing
from newscrawl.text.dates import iso

MOST_DAYS = 366
STAGES: Mapping[Stage, str] = {
    "seen_recorded": "seen → recorded",
    "recorded_indexed": "recorded → indexed",
    "recorded_matched": "recorded → matched",
    "matched_sent": "matched → sent",
    "retried_sent": "matched → sent, retried",
    "seen_sent": "seen → sent, all",
}


def latency(
    days: Annotated[
        int,
        typer.Option(
            parser=number("--days", 1, MOST_DAYS),
            metavar="N",
            help="What was sent in so many days.",
        ),
    ] = 7,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show how many seconds articles took to be recorded, indexed, matched and sent, by paper and
    by channel: half of them no more than p50, 95 of a hundred no more than p95.

    How long a digest or a message in quiet hours was to wait is not counted.
    """
    since = datetime.now(UTC) - timedelta(days=days)
    with closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        report = _Report.of(catalogue, since, paper or [])
    with printing():
        if as_json:
            data = {"days": days, "since": iso(since), **report.data()}
            print(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            report.print(days)


@dataclass(frozen=True, slots=True)
class _Report:
    """What the ledger comes to, and what the papers are called."""

    latency: Latency
    titles: Mapping[str, str]

    @classmethod
    def of(cls, catalogue: Catalogue, since: datetime, papers: Iterable[str]) -> _Report:
        """Raises UsageError for a paper of which nothing is known."""
        check_papers(catalogue, papers)
        wanted = {folded(paper) for paper in papers}
        with catalogue.read() as view:
            titles = runs.titles(view)
            names = [
                name
                for name, title in titles.items()
                if not wanted.isdisjoint((folded(name), folded(title)))
            ]
            return cls(summed(ledger.sent_since(view, iso(since), names)), titles)

    def data(self) -> dict[str, Any]:
        return {
            "papers": [
                {"paper": name, "title": self.titles[name], **asdict(each)}
                for name, each in self.latency.papers.items()
            ],
            "channels": [
                {"channel": kind, **asdict(each)} for kind, each in self.latency.channels.items()
            ],
        }

    def print(self, days: int) -> None:
        console = Console(highlight=False)
        period = "last day" if days == 1 else f"last {days} days"
        if not self.latency.papers:
            console.print(f"{period}: nothing was sent", style="dim")
            return
        papers = ((self.titles[name], each) for name, each in self.latency.papers.items())
        console.print(_table("paper", papers))
        console.print(_table("channel", self.latency.channels.items()))
        console.print(f"{period}: {_said(self.latency.papers.values())}", style="dim")


def _table(of: str, summaries: Iterable[tuple[str, Summary]]) -> Table:
    table = Table(of, "stage")
    for heading in ("p50 s", "p95 s", "articles"):
        table.add_column(heading, justify="right")
    for name, summary in summaries:
        called = Text(name)
        for stage, label in STAGES.items():
            if taken := summary.stages.get(stage):
                times = _seconds(taken.p50), _seconds(taken.p95), f"{taken.count:,}"
                table.add_row(called, label, *times)
                called = Text()
        table.add_section()
    return table


def _said(summaries: Iterable[Summary]) -> str:
    """`articles sent 37, in digests or after quiet hours 4, retried 2`."""
    every = list(summaries)
    counts = {
        "articles sent": sum(each.sent for each in every),
        "in digests or after quiet hours": sum(each.digests for each in every),
        "retried": sum(each.retried for each in every),
        "confirmed by the receiver": sum(each.confirmed for each in every),
    }
    return ", ".join(f"{what} {count:,}" for what, count in counts.items() if count)


def _seconds(taken: float) -> str:
    """No more than the three digits that are known."""
    size = abs(taken)
    return f"{taken:,.{2 if size < 10 else 1 if size < 100 else 0}f}"
