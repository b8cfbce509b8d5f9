"""`newscrawl status`: how every paper stands, and what asks for attention."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import runs
from newscrawl.catalogue.runs import Run
from newscrawl.cli import usage
from newscrawl.ops.health import EditionHealth, Health, PaperHealth, examine, first_reason
from newscrawl.terminal import printing
from newscrawl.text.dates import shown

FINE = {"complete", "none", "running", "open", runs.IMPORTED}
"""States of a run or an edition that ask nothing of anybody."""


def status(
    papers: Annotated[
        list[str] | None, typer.Argument(metavar="PAPER...", help="Papers; none means all.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs; every reason of the last runs.")
    ] = False,
) -> None:
    """Show each paper's last edition, counts, last error, the age of its last success, and sizes.

    The exit status is 0 whatever it shows; what asks for attention is the list of that name
    in the output of --json, and stands below the table.
    """
    now = datetime.now(UTC)
    health = examine(settings.home(), now, papers or [], settings.FREE_SPACE_MB)
    with printing():
        if as_json:
            print(json.dumps(_data(health), ensure_ascii=False, indent=2))
        else:
            _print(health)


def _data(health: Health) -> dict[str, Any]:
    data = asdict(health)
    for paper in data["papers"]:
        for run in filter(None, (paper["last_run"], paper["last_failure"])):
            run["reasons"] = [{"url": url, "reason": reason} for url, reason in run["reasons"]]
    return data


def _print(health: Health) -> None:
    console = Console(highlight=False)
    for paper in health.papers:
        console.print(_paper(paper), soft_wrap=True)
        console.print()
    if health.usage:
        titles = {paper.paper: paper.title for paper in health.papers}
        for line in usage.lines(health.usage, titles, console.width):
            console.print(line, markup=False, soft_wrap=True)
        console.print()
    for line in health.attention:
        console.print(f"! {line}", style="bold yellow", markup=False, soft_wrap=True)
    behind = health.index.behind
    state = "no usable index" if behind is None else f"index {behind} behind"
    sealed = f", sealed up to {health.seals.newest}" if health.seals.newest else ""
    console.print(
        f"{health.home}: {state}{sealed}, {health.free_megabytes} MB free",
        style="dim",
        markup=False,
        soft_wrap=True,
    )


def _paper(paper: PaperHealth) -> Text:
    """Not laid out in columns: addresses that are broken cannot be copied."""
    name = Text(paper.title, style="cyan")
    if paper.paper != paper.title:
        name = Text.assemble(name, (f"  {paper.paper}", "dim"))
    return Text("\n  ").join((name, *_lines(paper)))


def _lines(paper: PaperHealth) -> Iterator[Text]:
    if paper.edition:
        yield from _edition(paper.edition)
    held = f"{paper.articles} 篇 held in all"
    yield Text(f"{held}, {paper.flagged} flagged, {paper.quarantined} quarantined")
    if paper.kept:
        yield Text(f"kept for {paper.kept.days} days, then {paper.kept.scope}")
    if paper.last_run:
        yield _run("last run", paper.last_run)
    if paper.last_failure:
        yield _run("last error", paper.last_failure).append(first_reason(paper.last_failure))
    hours = paper.hours_since_success
    age = "never" if hours is None else f"{hours:.1f} h ago"
    mark = ("  ! overdue", "bold yellow") if paper.overdue else ""
    yield Text.assemble(f"last success: {age}", mark)


def _edition(edition: EditionHealth) -> Iterator[Text]:
    tally = edition.tally
    yield Text.assemble((f"{edition.day}  {edition.state}", _style(edition.state)))
    yield Text(
        f"{tally.pages_held}/{tally.pages} 版  {tally.articles_held}/{tally.articles} 篇  "
        f"{tally.images_held}/{tally.images} 图"
    )
    yield Text(
        f"{tally.late} late, {tally.picture_only} picture only, {tally.failed} failed, "
        f"{tally.gone} gone"
    )


def _run(name: str, run: Run) -> Text:
    moment = shown(datetime.fromisoformat(run.ended or run.started))
    return Text.assemble(f"{name}: {moment} ", (run.state, _style(run.state)))


def _style(state: str) -> str:
    return "green" if state in FINE else "bold red"
