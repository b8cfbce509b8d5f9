"""`newscrawl policy`: how much of each paper's articles may go out in an export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.catalogue import policies, runs
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.papers import check_papers, named
from newscrawl.catalogue.policies import OTHERS, UNDECIDED, Policy

Papers = Annotated[
    list[str] | None,
    typer.Option("--paper", help="Only of this paper; repeatable. Without it, of all others."),
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def show(as_json: AsJson = False) -> None:
    """Print the policy of every paper."""
    with _catalogue() as catalogue, catalogue.read() as connection:
        held = policies.stored(connection)
        titles = runs.titles(connection)
    others = held.others or UNDECIDED
    if as_json:
        each = {paper: held.of(paper).name for paper in sorted(titles)}
        data = {"others": others.name, "decided": held.others is not None, "papers": each}
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for paper in sorted(titles):
        own = "" if paper in held.own else "  (as all others)"
        print(f"{paper} {titles[paper]}: {held.of(paper).name}{own}")
    undecided = "" if held.others else "  (nobody has decided: `newscrawl policy set` does)"
    print(f"all others: {others.name}{undecided}")


def decide(
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="full, excerpt, excerpt-N or metadata.")
    ],
    paper: Papers = None,
) -> None:
    """Decide how much of the articles goes out: all, the first N characters, or no text."""
    chosen = Policy.named(policy)
    with _catalogue() as catalogue, catalogue.write() as connection:
        where = _named(connection, paper)
        policies.decide(connection, where, chosen)
    print(f"{_said(where)}: {chosen.name}")


def clear(paper: Papers = None) -> None:
    """Take a decision back: the policy of all others holds again."""
    with _catalogue() as catalogue, catalogue.write() as connection:
        where = _named(connection, paper)
        policies.withdraw(connection, where)
        now = policies.stored(connection).of(where[0])
    print(f"{_said(where)}: {now.name}")


COMMANDS: dict[str, Callable[..., None]] = {"show": show, "set": decide, "clear": clear}


def _named(connection: Transaction, papers: list[str] | None) -> list[str]:
    """The spiders' names. Raises UsageError for a paper of which nothing is known."""
    if not papers:
        return [OTHERS]
    check_papers(connection, papers, "--paper")
    return named(connection, papers)


def _said(where: list[str]) -> str:
    return ", ".join(where) if where != [OTHERS] else "all others"


@contextmanager
def _catalogue() -> Iterator[Catalogue]:
    with closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        yield catalogue
