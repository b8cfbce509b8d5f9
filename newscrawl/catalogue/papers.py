"""Which papers something was collected of."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from newscrawl.catalogue import runs
from newscrawl.errors import UsageError
from newscrawl.query.subject import folded


def check_papers(connection: Connection, papers: Iterable[str], called: str = "paper") -> None:
    """Raises UsageError for a name or title of no paper that is known, as one `called` so."""
    titles = runs.titles(connection)
    known = {folded(name) for name in (*titles, *titles.values())}
    for paper in papers:
        if folded(paper) not in known:
            there = ", ".join(f"{name} {title}" for name, title in titles.items())
            raise UsageError(f"{called} {paper}: nothing was collected of it; there are {there}")


def named(connection: Connection, papers: Iterable[str]) -> list[str]:
    """The spiders' names of papers that are called by name or title; unknown ones are left out."""
    wanted = {folded(paper) for paper in papers}
    titles = runs.titles(connection)
    return sorted(name for name in titles if wanted & {folded(name), folded(titles[name])})
