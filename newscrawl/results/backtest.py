"""A back-test for a terminal and as programs read it."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from newscrawl.alerts.backtest import Backtest
from newscrawl.alerts.lint import Remark
from newscrawl.alerts.noise import Noise
from newscrawl.results.chart import chart, chinese
from newscrawl.results.data import row_data, timeline_data
from newscrawl.results.hits import hits
from newscrawl.results.wrapping import say

_KINDS = {"word": "without", "longer name": "not as part of"}
"""How a word, or a longer name, is taken out."""


def print_backtest(tried: Backtest) -> None:
    """Print the newest hits, the days, what could be left out, what to mind, and what it comes to.

    The sentence is the last line but for remarks, where a person looks first.
    """
    console = Console(highlight=False)
    for row in hits(tried.newest, console.width):
        console.print(row, soft_wrap=True)
    for line in chart(tried.timeline, console.width):
        console.print(line, style="green", markup=False, no_wrap=True, crop=False)
    if tried.total:
        console.print()
    if tried.noise:
        _print_noise(console, tried)
    print_verdict(tried)


def print_verdict(tried: Backtest) -> None:
    """Print what it comes to, and what to mind."""
    console = Console(highlight=False)
    say(console, tried.sentence, "bold")
    console.print(_rhythm(tried), style="dim", markup=False, soft_wrap=True)
    for remark in tried.remarks:
        say(console, f"! {remark.says}", "yellow")


def as_data(tried: Backtest) -> dict[str, Any]:
    """As JSON has it; hits as in those of a search. Times are ISO 8601, UTC."""
    proposal = tried.proposal
    return {
        "query": proposal.query,
        "papers": list(proposal.papers),
        "since": tried.since.isoformat(),
        "until": tried.until.isoformat(),
        "days": proposal.days,
        "says": tried.sentence,
        "total": tried.total,
        "total_exact": tried.counted,
        "stories": tried.stories,
        "articles": tried.articles,
        "ever": tried.ever,
        "a_day": round(tried.a_day, 2),
        "busiest": _busiest(tried),
        "timeline": timeline_data(tried.timeline),
        "newest": [row_data(row) for row in tried.newest],
        "noise": [_noise(each) for each in tried.noise],
        "read": tried.read,
        "remarks": [_remark(each) for each in tried.remarks],
        "behind": tried.behind,
        "took_ms": tried.took_ms,
    }


def _print_noise(console: Console, tried: Backtest) -> None:
    sampled = f", of {tried.read} that were looked at" if tried.read < tried.total else ""
    console.print(f"what could be left out{sampled}:", markup=False)
    for each in tried.noise:
        line = f"  {_KINDS[each.kind]} {each.text}: {each.takes} 篇 less  {each.query}"
        console.print(line, markup=False, soft_wrap=True)
    console.print()


def _rhythm(tried: Backtest) -> str:
    """`1.2 篇 a day, 9 on 2023年12月5日; 58 ms`."""
    parts = [f"{tried.took_ms:.0f} ms"]
    if tried.busiest:
        day, most = tried.busiest
        often = f"{tried.a_day:.{1 if tried.a_day >= 1 else 2}f} 篇 a day"
        parts.insert(0, f"{often}, {most} on {chinese(day)}")
    if tried.behind:
        parts.append(f"{tried.behind} more are being indexed")
    return "; ".join(parts)


def _busiest(tried: Backtest) -> dict[str, Any] | None:
    if tried.busiest is None:
        return None
    day, count = tried.busiest
    return {"day": day, "count": count}


def _noise(each: Noise) -> dict[str, Any]:
    return {"kind": each.kind, "text": each.text, "takes": each.takes, "query": each.query}


def _remark(each: Remark) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "says": each.says,
        "place": None if each.place is None else list(each.place),
    }
