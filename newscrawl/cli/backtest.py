"""`newscrawl backtest QUERY`: what a subscription would have told of, before it is saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts import backtest as tests
from newscrawl.alerts.backtest import Backtest
from newscrawl.alerts.evidence import MOST_DAYS, Proposal
from newscrawl.alerts.lint import Caps, Other
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.opened import opened
from newscrawl.query.parse import parse
from newscrawl.results.backtest import as_data, print_backtest
from newscrawl.search import NOTHING_FOUND, check_papers, day, limits, written
from newscrawl.terminal import number, printing


def backtest(
    query: Annotated[
        list[str],
        typer.Argument(help="The query of a subscription, as for a search.", metavar="QUERY..."),
    ],
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    days: Annotated[
        int,
        typer.Option(
            parser=number("--days", 1, MOST_DAYS), metavar="N", help="So many days are gone over."
        ),
    ] = 30,
    until: Annotated[
        str | None, typer.Option(help="The last of them, YYYY-MM-DD; without it, today.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say how often a subscription would have fired, what it would have brought, and what is wrong
    with it. Exit status 1: nothing held has it, or it contradicts itself; the others are those of
    `newscrawl search`.
    """
    proposal = Proposal(written(query), tuple(paper or ()), days, day("--until", until), limits())
    parse(proposal.query, proposal.limits)
    found = tried(proposal)
    with printing():
        if as_json:
            print(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        else:
            print_backtest(found)
    if found.nothing:
        raise typer.Exit(NOTHING_FOUND)


def caps() -> Caps:
    """What a subscription may ask for, as it is set."""
    return Caps(
        settings.SUBSCRIPTION_SHARE, settings.SUBSCRIPTION_CLAUSES, settings.SUBSCRIPTION_COST
    )


def tried(proposal: Proposal, others: Sequence[Other] = ()) -> Backtest:
    """What it comes to, within the bounds of a search. Raises IndexUnusable without an index."""
    with (
        bounded(Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)),
        opened(settings.home()) as searcher,
    ):
        check_papers(searcher.catalogue, proposal.papers)
        return tests.backtest(searcher, proposal, others, caps())
