"""`newscrawl retention`: for how long each paper is kept, and taking down what is older."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.catalogue import retention, runs
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.papers import check_papers, named
from newscrawl.catalogue.retention import Retention
from newscrawl.catalogue.withdrawn import SCOPES, Scope
from newscrawl.cli.papers import known_papers
from newscrawl.errors import UsageError
from newscrawl.ops.retention import Retired, due, retire
from newscrawl.terminal import many, number
from newscrawl.text.segment import use_cache

MOST_DAYS = 36_525
Papers = Annotated[list[str] | None, typer.Option("--paper", help="Of this paper; repeatable.")]


def show(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print for how long every paper is kept."""
    with _catalogue() as catalogue, catalogue.read() as view:
        held = {each.paper: each for each in retention.stored(view)}
        titles = runs.titles(view)
    if as_json:
        print(json.dumps([asdict(each) for each in held.values()], indent=2))
        return
    for paper in sorted({*titles, *held}):
        print(f"{paper} {titles.get(paper, '')}: {said(held.get(paper))}")


def decide(
    days: Annotated[
        int,
        typer.Argument(
            parser=number("DAYS", 1, MOST_DAYS), metavar="DAYS", help="For which an edition stays."
        ),
    ],
    paper: Papers = None,
    scope: Annotated[
        str, typer.Option(help="What becomes of it then: hide, redact or erase.")
    ] = "erase",
) -> None:
    """Decide for how long papers are kept; nothing is taken down before `retention apply`."""
    chosen = _scope(scope)
    with _catalogue() as catalogue, catalogue.write() as tx:
        wanted = [Retention(each, days, chosen) for each in _named(tx, paper)]
        retention.decide(tx, wanted)
    for each in wanted:
        print(f"{each.paper}: {said(each)}")
    print("`newscrawl retention apply` does it, every night after `newscrawl schedule --install`")


def clear(paper: Papers = None) -> None:
    """Keep papers for good again. What was taken down stays so."""
    with _catalogue() as catalogue, catalogue.write() as tx:
        where = _named(tx, paper)
        retention.withdraw(tx, where)
    print(f"{', '.join(where)}: {said(None)}")


def apply(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be taken down, and do nothing.")
    ] = False,
) -> None:
    """Take down every edition that is older than its paper is kept, with the category retention.

    Exit status 0: done, or nothing to do; 1: something has to wait, and for what.
    """
    home, now = settings.home(), datetime.now(UTC)
    with _catalogue() as catalogue:
        if dry_run:
            found = due(catalogue, now)
        else:
            use_cache(home.cache)
            found = retire(home, catalogue, now, getpass.getuser())
    for each in found:
        print(_line(each, dry_run=dry_run))
    if not found:
        print("nothing is older than it is kept")


COMMANDS: dict[str, Callable[..., None]] = {
    "show": show,
    "set": decide,
    "clear": clear,
    "apply": apply,
}


def said(held: Retention | None) -> str:
    """What holds, for a person."""
    return f"{held.days} days, then {held.scope}" if held else "for good"


def _line(each: Retired, *, dry_run: bool) -> str:
    first, last = each.days[0], each.days[-1]
    days = first if first == last else f"{first} to {last}"
    count, articles = many(len(each.days), "edition"), many(each.articles, "article")
    done = f"would {each.retention.scope}" if dry_run else each.retention.scope
    gone = many(each.records, "record")
    records = f", {gone} taken out of the archive" if each.records else ""
    return f"{each.retention.paper}: {done}: {count}, {days}: {articles}{records}"


def _scope(given: str) -> Scope:
    for scope in SCOPES:
        if given == scope:
            return scope
    raise UsageError(f"--scope {given}: one of {', '.join(SCOPES)}")


def _named(view: Transaction, papers: list[str] | None) -> list[str]:
    """The spiders' names. Raises UsageError for none, or one of which nothing is known."""
    if not papers:
        raise UsageError("--paper: of which paper; repeatable")
    spiders = [each for each in papers if each in known_papers()]
    others = [each for each in papers if each not in spiders]
    check_papers(view, others, "--paper")
    return sorted({*spiders, *named(view, others)})


@contextmanager
def _catalogue() -> Iterator[Catalogue]:
    with closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        yield catalogue
