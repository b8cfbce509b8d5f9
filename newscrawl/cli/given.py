"""What a person gives of a subscription on the command line, and how that is tried first."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, cast, get_args

import typer

from newscrawl import settings
from newscrawl.alerts.addresses import EMAIL, kind
from newscrawl.alerts.admission import check_at_once, doubts, require_pages
from newscrawl.alerts.backtest import Backtest
from newscrawl.alerts.directory import Hours
from newscrawl.alerts.evidence import Proposal
from newscrawl.alerts.links import Links
from newscrawl.alerts.lint import Other
from newscrawl.alerts.rhythm import Quiet
from newscrawl.catalogue import papers, subscribers, subscriptions, versions
from newscrawl.catalogue.names import check_name
from newscrawl.catalogue.subscribers import Language
from newscrawl.cli.backtest import tried
from newscrawl.cli.desk import catalogue
from newscrawl.cli.papers import declared_titles
from newscrawl.errors import UsageError
from newscrawl.index.bounds import SearchEnded
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.opened import Unsearchable

Urls = list[str] | None
HoursGiven = Annotated[
    str | None,
    typer.Option("--quiet", help="22:00-07:00: tell this person nothing then; `none` ends that."),
]
LanguageGiven = Annotated[str | None, typer.Option("--language", help="zh or en, for this person.")]


def urls(given: Urls) -> tuple[str, ...]:
    """The addresses; one that is `-` stands in no list of processes and no shell's history."""
    return tuple(sys.stdin.readline().strip() if each == "-" else each for each in given or ())


def require_free(person: str, name: str) -> None:
    """Before a subscription is tried: raises UsageError for a name that is taken, or is none."""
    check_name(name)
    with catalogue() as opened, opened.read() as view:
        if known := subscribers.found(view, person):
            subscriptions.require_free(view, known.id, name)


def admit(given: Iterable[str]) -> None:
    """Say at once of addresses what would keep messages from them: on stderr what may change.

    Raises UsageError for one that nothing could ever be sent to as it is set, and where the address
    of our own pages cannot be read.
    """
    links = Links.parse(settings.PUBLIC_URL)
    given = list(given)
    for url in given:
        check_at_once(url)
        require_pages(url, settings.PUBLIC_URL)
    for doubt in doubts(given):
        print(doubt, file=sys.stderr)
    if links and not links.one_click and EMAIL in map(kind, given):
        print(
            f"NEWSCRAWL_PUBLIC_URL={links.origin}: mail programs unsubscribe with one click only "
            "where it is https",
            file=sys.stderr,
        )


def hours(text: str | None) -> Hours | None:
    """Raises UsageError for what are no hours."""
    if text is None or text == "none":
        return cast("Hours | None", text)
    return Quiet.parse(text)


def chosen(language: str | None) -> Language | None:
    """Raises UsageError for a language that is not ours."""
    if language is not None and language not in get_args(Language):
        raise UsageError(f"--language {language}: zh or en")
    return cast("Language | None", language)


def compared(person: str, proposal: Proposal, but: str | None = None) -> Backtest | None:
    """What it would have brought, and what may not be meant, also beside the person's other
    subscriptions, `but` this one. None, and why on stderr, where it cannot be tried.

    Raises UsageError for a paper that nobody knows.
    """
    with catalogue() as opened, opened.read() as view:
        papers.check_papers(view, proposal.papers, declared=declared_titles)
        collected = tuple(each for each in proposal.papers if papers.named(view, [each]))
        others = [
            Other(each.name, each.query, each.papers)
            for known in filter(None, [subscribers.found(view, person)])
            for each in subscriptions.of_subscriber(view, known.id)
            if each.name != but and each.papers is not None
        ]
        nothing = not versions.newest_seq(view)
    if nothing or (proposal.papers and not collected):
        print("not tried: nothing is collected yet that it could be tried on", file=sys.stderr)
        return None
    try:
        return tried(replace(proposal, papers=collected), others)
    except (IndexUnusable, SearchEnded, Unsearchable) as error:
        print(f"not tried on what is held: {error}", file=sys.stderr)
        return None
