"""Which papers something was collected of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from sqlalchemy import Connection

from newscrawl.catalogue import runs
from newscrawl.errors import UsageError
from newscrawl.query.subject import folded

Declared: TypeAlias = Callable[[], Mapping[str, str]]
"""Gives the titles, by name, of papers that may be collected one day; asked only where one of
them may be meant.
"""


def check_papers(
    connection: Connection,
    papers: Iterable[str],
    called: str = "paper",
    declared: Declared = dict,
) -> None:
    """Raises UsageError for a name or title of no paper that is known, as one `called` so."""
    titles = runs.titles(connection)
    unknown = _unknown(papers, titles)
    others = declared() if unknown else {}
    titles = {**others, **titles}
    unknown = _unknown(unknown, titles)
    if unknown:
        there = ", ".join(f"{name} {title}" for name, title in titles.items())
        nor = ", and there is no spider for it" if others else ""
        raise UsageError(
            f"{called} {unknown[0]}: nothing was collected of it{nor}; there are {there or 'none'}"
        )


def _unknown(papers: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    known = {folded(name) for name in (*titles, *titles.values())}
    return [paper for paper in papers if folded(paper) not in known]


def named(connection: Connection, papers: Iterable[str]) -> list[str]:
    """The spiders' names of papers that are called by name or title; unknown ones are left out."""
    wanted = {folded(paper) for paper in papers}
    titles = runs.titles(connection)
    return sorted(name for name in titles if wanted & {folded(name), folded(titles[name])})
