"""`newscrawl watch PAPER…`: poll papers on their own rhythm, for whom cron is too slow."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate
from newscrawl.catalogue.arrivals import Arrival
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.papers import known_papers
from newscrawl.cli.schedule import recheck_days
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops.bulletin import Bulletin, bulletin, crawled
from newscrawl.ops.contact import ask_for_contact
from newscrawl.ops.health import first_reason
from newscrawl.ops.place import prepare, watch_lock
from newscrawl.ops.rhythms import MOST_MINUTES, WITHOUT_HISTORY
from newscrawl.ops.watched import News
from newscrawl.ops.watching import Watch, planned
from newscrawl.platforms.arguments import Arguments
from newscrawl.terminal import number, printing
from newscrawl.text.clean import on_one_line
from newscrawl.text.dates import shown, today

LEAST_SECONDS, MOST_SECONDS = 60, int(60 * MOST_MINUTES)
SHOWN_HEADLINES = 3


def watch(
    papers: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAPER...", help="Papers; none means all that were ever crawled."),
    ] = None,
    every: Annotated[
        str,
        typer.Option(
            metavar="SECONDS",
            help=f"Between two polls of a paper, at least; {LEAST_SECONDS} to {MOST_SECONDS}.",
        ),
    ] = f"{LEAST_SECONDS}",
    given: Annotated[
        list[str] | None,
        typer.Option("-a", metavar="site=URL", help="Another host, as for scrapy crawl."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Poll each paper once, and end.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Show usual hours and next polls, and poll nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs, a line each.")] = False,
) -> None:
    """Poll papers until told to end, often around the hours at which they usually appear.

    Every poll is a `scrapy crawl` of today's edition; once a day, in a long pause, past editions
    are read again, and what is older than its paper is kept is taken down. Away from the usual
    hours, at night, after the edition is complete, and after failures the pauses grow to 15 or 30
    minutes. A line is written for what comes, and once for what goes wrong.
    """
    home = settings.home()
    chosen, arguments = _chosen(home, papers or []), _given(given or [])
    seconds = number("--every", _least(arguments.get("site", "")), MOST_SECONDS)(every)
    if show:
        _show(home, chosen, as_json=as_json)
        return
    prepare(home, settings.FREE_SPACE_MB)
    with watch_lock(home):
        Catalogue.open(home.catalogue).close()
        ask_for_contact(settings.CONTACT, settings.ALLOW_PRIVATE)
        tell = partial(_tell, as_json=as_json)
        watching = Watch(home, chosen, tell, every=seconds, given=arguments, recheck=recheck_days())
        good = asyncio.run(_run(watching, once=once))
    if not good:
        raise typer.Exit(1)


async def _run(watching: Watch, *, once: bool) -> bool:
    if once:
        return await watching.once()
    await watching.run()
    return True


def _least(site: str) -> int:
    """Politeness asks for a minute; not at a private site that is allowed, which is one's own."""
    asked = urlsplit(site)
    port = asked.port or {"http": 80, "https": 443}.get(asked.scheme, 0)
    own = AllowedPrivate.parse(settings.ALLOW_PRIVATE).allows(asked.hostname or "", port)
    return 1 if own else LEAST_SECONDS


def _chosen(home: Home, papers: list[str]) -> list[str]:
    known = known_papers()
    for paper in papers:
        if paper not in known:
            raise UsageError(f"{paper}: no such paper; there are {', '.join(known)}")
    chosen = list(dict.fromkeys(papers)) or [each for each in crawled(home) if each in known]
    if not chosen:
        raise UsageError(f"{home.root}: no paper was crawled yet: name those to be watched")
    return chosen


def _given(words: list[str]) -> dict[str, str]:
    """What is handed on to every crawl: the site only, for which editions is up to the rhythm."""
    parted = {name: value for name, _, value in (word.partition("=") for word in words)}
    for name in parted:
        if name != "site":
            raise UsageError(f"-a {name}: newscrawl watch takes -a site=http://host[:port] only")
    Arguments.parse(parted, today(datetime.now(UTC)))
    return parted


def _tell(news: News, *, as_json: bool) -> None:
    try:
        if as_json:
            print(json.dumps(_data(news), ensure_ascii=False), flush=True)
            return
        head = f"{shown(news.time)}  {news.title}  "
        if news.came or news.recovered:
            print(head + (_came(news.came) or "all is well again"), flush=True)
        if news.failure:
            print(head + news.failure, file=sys.stderr, flush=True)
    except BrokenPipeError:  # nobody reads on: end as if told to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        os.kill(os.getpid(), signal.SIGTERM)


def _came(arrivals: tuple[Arrival, ...]) -> str:
    """`2 new: 渡口恢复通航 · 社区食堂开张`, with the first headlines."""
    new = [on_one_line(each.headline) for each in arrivals if each.n == 1]
    edited = [on_one_line(each.headline) for each in arrivals if each.n > 1]
    return "; ".join(
        f"{len(headlines)} {kind}: {' · '.join(headlines[:SHOWN_HEADLINES])}"
        + (" …" if len(headlines) > SHOWN_HEADLINES else "")
        for kind, headlines in (("new", new), ("edited", edited))
        if headlines
    )


def _data(news: News) -> dict[str, Any]:
    return {
        "time": news.time.isoformat(),
        "paper": news.paper,
        "title": news.title,
        "came": [
            {"id": each.article_id, "version": each.n, "headline": each.headline}
            for each in news.came
        ],
        "failure": news.failure or None,
        "recovered": news.recovered,
    }


def _show(home: Home, papers: list[str], *, as_json: bool) -> None:
    now, plan = datetime.now(UTC), planned(home)
    found = {paper: bulletin(home, paper, now) for paper in papers}
    with printing():
        if as_json:
            for paper, each in found.items():
                print(json.dumps(_row(paper, each, plan), ensure_ascii=False))
        else:
            console = Console(highlight=False)
            for paper, each in found.items():
                head = Text.assemble((each.title, "cyan"), (f"  {paper}", "dim"))
                lines = (head, *_lines(each, plan.get(paper)))
                console.print(Text("\n  ").join(lines), soft_wrap=True)


def _row(paper: str, found: Bulletin, plan: Mapping[str, datetime]) -> dict[str, Any]:
    run, next_poll = found.run, plan.get(paper)
    return {
        "paper": paper,
        "title": found.title,
        "hours": [f"{span}" for span in found.hours],
        "next": next_poll and next_poll.isoformat(),
        "last": run and (run.ended or run.started),
        "result": run and run.state,
        "reason": first_reason(run).removeprefix(": ") if run else "",
    }


def _lines(found: Bulletin, next_poll: datetime | None) -> Iterator[Text]:
    """Not laid out in columns, like those of `status`: an address that is broken is of no use."""
    hours = " ".join(map(str, found.hours))
    usual = " (no history yet)" if found.hours == WITHOUT_HISTORY else ""
    yield Text(f"usual hours: {hours}{usual}")
    yield Text(f"next poll: {shown(next_poll) if next_poll else 'not watched'}")
    if found.run is None:
        yield Text("last result: never crawled")
        return
    moment = datetime.fromisoformat(found.run.ended or found.run.started)
    yield Text(f"last result: {shown(moment)} {found.run.state}{first_reason(found.run)}")
