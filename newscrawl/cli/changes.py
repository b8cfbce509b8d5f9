"""`newscrawl changes`: what papers edited, moved, took away and brought back after printing it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import rereadings, runs, sightings, versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.illegible import Damaged
from newscrawl.catalogue.papers import check_papers
from newscrawl.catalogue.sightings import STATES, Found, State
from newscrawl.catalogue.versions import Version
from newscrawl.errors import UsageError
from newscrawl.query.subject import folded
from newscrawl.results.sightings import KINDS, why
from newscrawl.results.wrapping import say
from newscrawl.terminal import number, printing
from newscrawl.text.clean import on_one_line
from newscrawl.text.dates import SHANGHAI, iso, parse_day, shown, today
from newscrawl.text.edits import edits

DAYS = 7
UNREADABLE = "（目录中读不出，见 newscrawl doctor）"
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A change, with what a reader knows the article by."""

    found: Found
    headline: str
    characters: int | None
    """How many an edit left out and added, or were taken away; None where none were."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which editions of a paper were read again since a time: of the others nothing is known."""

    paper: str
    title: str
    read: tuple[str, ...]
    """Days."""
    unread: tuple[str, ...]


def changes(
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help=f"Seen from this day on; {DAYS} days ago."),
    ] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(STATES)}; repeatable.")
    ] = None,
    limit: Annotated[
        int, typer.Option(parser=number("--limit", 1, MOST), metavar="N", help="At most so many.")
    ] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List what was edited, moved to another page, withdrawn and is back, newest first.

    That is known of editions that were read again only: which were is said below.
    """
    states = [_state(each) for each in kind or STATES]
    day = _day(since)
    start = iso(datetime.combine(day, time(), SHANGHAI))
    opened = closing(Catalogue.existing(settings.home().catalogue))
    with opened as catalogue, catalogue.read() as view:
        papers = _named(view, paper or [])
        found = sightings.since(view, start, papers_named=papers, states=states, limit=limit)
        listed = list(_listed(view, found))
        once = sightings.since(
            view, start, papers_named=papers, states=states, limit=limit, certain=False
        )
        doubtful = list(_listed(view, once))
        covered = list(_covered(view, start, papers))
    with printing():
        if as_json:
            data = _data(day, listed, doubtful, covered)
            print(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            _print(day, listed, doubtful, covered, whole=len(found) < limit)


def _state(text: str) -> State:
    for each in STATES:
        if each == text:
            return each
    raise UsageError(f"--kind {text}: must be one of {', '.join(STATES)}")


def _day(text: str | None) -> date:
    if text is None:
        return today(datetime.now(UTC)) - timedelta(days=DAYS)
    try:
        return parse_day(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: {error}") from None


def _named(view: Transaction, papers: Collection[str]) -> set[str]:
    """The papers' names, where they may be given by their titles."""
    check_papers(view, papers, "--paper")
    wanted = {folded(each) for each in papers}
    titles = runs.titles(view)
    return {name for name, title in titles.items() if wanted & {folded(name), folded(title)}}


def _listed(view: Transaction, found: Iterable[Found]) -> Iterator[Listed]:
    for each in found:
        try:
            every = versions.of_article(view, each.sighting.article_id)
        except Damaged:
            yield Listed(each, UNREADABLE, None)
            continue
        known = [one for one in every if one.state != "quarantined"] or every
        at_time = next((one for one in known if one.seq == each.sighting.seq), known[-1])
        yield Listed(each, on_one_line(at_time.article.headline), _size(each, at_time, known))


def _size(found: Found, version: Version, known: list[Version]) -> int | None:
    if found.sighting.state == "gone":
        return len(version.article.body)
    before = [one for one in known if one.n < version.n]
    if found.sighting.state != "edited" or not before:
        return None
    return edits(before[-1].article, version.article).characters


def _covered(view: Transaction, start: str, papers: Collection[str]) -> Iterator[Coverage]:
    titles = runs.titles(view)
    every = rereadings.of_papers(view, papers)
    for paper, rows in groupby(every, key=lambda row: row[0]):
        days = [(day, bool(when and when >= start)) for _paper, day, when in rows]
        read = tuple(day for day, again in days if again)
        unread = tuple(day for day, again in days if not again)
        yield Coverage(paper, titles.get(paper, paper), read, unread)


def _data(
    day: date,
    listed: Iterable[Listed],
    doubtful: Iterable[Listed],
    covered: Iterable[Coverage],
) -> dict[str, Any]:
    return {
        "since": f"{day}",
        "changes": [_change(each) for each in listed],
        "perhaps_gone": [_change(each) for each in doubtful],
        "coverage": [asdict(each) for each in covered],
    }


def _change(each: Listed) -> dict[str, Any]:
    return {
        "kind": each.found.sighting.state,
        "seen": each.found.sighting.seen_at,
        "confirmed": each.found.sighting.confirmed,
        "last_seen": each.found.sighting.last_at,
        "id": each.found.sighting.article_id,
        "paper": each.found.paper,
        "paper_title": each.found.paper_title,
        "day": each.found.day,
        "headline": each.headline,
        "characters": each.characters,
        "reason": each.found.sighting.reason,
        "record_id": each.found.sighting.record_id,
        "url": each.found.sighting.url,
    }


def _print(
    day: date,
    listed: list[Listed],
    doubtful: list[Listed],
    covered: list[Coverage],
    *,
    whole: bool,
) -> None:
    console = Console(highlight=False)
    for each in listed:
        console.print(_line(each), soft_wrap=True)
    if not listed:
        say(console, f"{day} 以来没有见到改动、移版、撤下或恢复", "dim")
    if not whole:
        say(console, f"只列出最新的 {len(listed)} 条，--limit 可以更多", "dim")
    for each in doubtful:
        once = f"{_time(each.found.sighting.seen_at)} 没有找到，再有一次才算撤下"
        line = f"{once}  {each.headline}  {each.found.sighting.article_id}"
        say(console, line, "dim")
    for one in covered:
        say(console, _told(one, day), "dim")
    if not covered:
        say(console, "没有已收全的期", "dim")


def _line(each: Listed) -> Text:
    sighting = each.found.sighting
    size = "" if each.characters is None else f"  {each.characters}字"
    certain = sighting.confirmed or sighting.seen_at
    first = f"，首次没有找到是 {_time(sighting.seen_at)}" if sighting.state == "gone" else ""
    more = f"\n  {why(sighting)}{first}" if sighting.reason else ""
    return Text.assemble(
        (_time(certain), "cyan"),
        f"  {KINDS[sighting.state]}{size}  ",
        (each.headline, "bold"),
        (f"  {sighting.article_id}{more}", "dim"),
    )


def _time(utc: str) -> str:
    return shown(datetime.fromisoformat(utc))


def _told(one: Coverage, day: date) -> str:
    read = "、".join(_spans(one.read)) or "无"
    line = f"{one.title}  {day} 以来复查过的期：{read}"
    if one.unread:
        spans = "、".join(_spans(one.unread))
        line += f"；未复查，有无改动不得而知：{len(one.unread)} 期（{spans}）"
    return line


def _spans(days: Iterable[str]) -> Iterator[str]:
    """Days that follow one another as one: `2023-12-01至2023-12-04`."""
    ordered = sorted(date.fromisoformat(day) for day in days)
    numbered = ((day, day.toordinal() - at) for at, day in enumerate(ordered))
    for _gap, group in groupby(numbered, key=lambda pair: pair[1]):
        run = [day for day, _number in group]
        yield f"{run[0]}" if len(run) == 1 else f"{run[0]}至{run[-1]}"
