"""An answer as a person reads it at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rich.console import Console
from rich.text import Text

from newscrawl.index.answers import Answer, Offer
from newscrawl.index.engine import Facet
from newscrawl.index.rows import Row
from newscrawl.results.chart import chart
from newscrawl.results.hits import hits

FACET_NAMES: dict[Facet, str] = {"paper": "报", "page": "版", "month": "月", "source": "来源"}
TOGETHER = 100
"""Hits that are laid out together."""
MOST_VALUES = 10
"""Values of a facet that are printed; of months all."""


def print_answer(answer: Answer, rows: Iterable[Row], following: str | None) -> None:
    """Print hits, counts, what is offered instead, and the command for the next page."""
    console = Console(highlight=False)
    shown = _print_hits(console, rows)
    if answer.timeline is not None:
        for line in chart(answer.timeline, console.width):
            console.print(line, style="green", markup=False, no_wrap=True, crop=False)
        console.print()
    for facet, counts in answer.facets.items():
        if counts:
            console.print(_facet(facet, counts, answer.titles), soft_wrap=True)
    if answer.facets:
        console.print()
    for offered in _offers(answer):
        console.print(offered, soft_wrap=True)
    console.print(_tally(answer, shown), style="dim", markup=False, soft_wrap=True)
    if following:
        console.print(f"next: {following}", style="dim", markup=False, soft_wrap=True)


def _print_hits(console: Console, rows: Iterable[Row]) -> int:
    """Some at a time, whose places are as wide as these are."""
    shown, left = 0, iter(rows)
    while some := list(islice(left, TOGETHER)):
        shown += len(some)
        for hit in hits(some, console.width):
            console.print(hit, soft_wrap=True)
    return shown


def _facet(facet: Facet, counts: list[tuple[str, int]], titles: Mapping[str, str]) -> Text:
    """`titles`: what papers are called; pages, months and sources are called what they are."""
    names = titles if facet == "paper" else {}
    printed = counts if facet == "month" else counts[:MOST_VALUES]
    text = Text(f"{FACET_NAMES[facet]}  ", style="cyan")
    text.append(
        ", ".join(f"{names.get(value, value)} {count}" for value, count in printed), style="default"
    )
    return text.append(" …" if len(printed) < len(counts) else "")


def _offers(answer: Answer) -> Iterator[Text]:
    if answer.suggestions:
        yield _offered("did you mean: ", answer.suggestions)
    if answer.separated:
        yield _offered("with its words apart: ", [answer.separated])


def _offered(said: str, offers: list[Offer]) -> Text:
    text = Text(said)
    for number, offer in enumerate(offers):
        text.append(", " * (number > 0))
        text.append(offer.query, style="bold yellow").append(f" ({offer.total} 篇)")
    return text


def _tally(answer: Answer, shown: int) -> str:
    stories = ""
    if answer.stories is not None and answer.stories < answer.total:
        stories = f" in {answer.stories} {'story' if answer.stories == 1 else 'stories'}"
    behind = f"; {answer.behind} more are being indexed" if answer.behind else ""
    found = f"{'' if answer.counted else 'at least '}{answer.total} 篇{stories}"
    return f"{found}, {shown} shown, {answer.took_ms:.0f} ms{behind}"
