"""`newscrawl diff ID|URL [V1 [V2]]`: what an edit changed, by clause and character."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.versions import Version
from newscrawl.cli.show import newest_of
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.results.marks import changes_data, in_colour, marked
from newscrawl.results.wrapping import say
from newscrawl.terminal import printing
from newscrawl.text.clean import on_one_line
from newscrawl.text.dates import shown
from newscrawl.text.edits import Edits, edits


class OneVersion(NewscrawlError):
    """An article has nothing that it could be compared with."""


def diff(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    first: Annotated[
        int | None, typer.Argument(metavar="V1", help="The earlier version; the last but one.")
    ] = None,
    second: Annotated[
        int | None, typer.Argument(metavar="V2", help="The later version; the newest.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print what changed from one version of an article to another."""
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        with catalogue.read() as connection:
            before, after = _pair(connection, wanted, first, second)
    finally:
        catalogue.close()
    made = edits(before.article, after.article)
    with printing():
        if as_json:
            print(json.dumps(_data(before, after, made), ensure_ascii=False, indent=2))
        else:
            _print(before, after, made)


def _pair(
    connection: Transaction, wanted: str, first: int | None, second: int | None
) -> tuple[Version, Version]:
    """The two versions; those that cannot be read are compared only where they are named."""
    newest_of(connection, wanted)
    every = {each.n: each for each in versions.of_article(connection, wanted)}
    readable = [n for n, each in every.items() if each.state != "quarantined"]
    if first is None and len(readable) < 2:
        (only, *_) = every.values()
        raise OneVersion(
            f"{only.article_id}: one version only, of {_time(only)}: there is nothing to compare"
        )
    later = readable[-1] if second is None and readable else second
    earlier = readable[-2] if first is None else first
    for n in (earlier, later):
        if n not in every:
            raise UsageError(f"{wanted}: no version {n}; there are 1 to {max(every)}")
    if earlier == later:
        raise UsageError(f"{wanted}: version {later} is the same on both sides: name another")
    return every[earlier], every[later or earlier]


def _data(before: Version, after: Version, made: Edits) -> dict[str, Any]:
    fields = changes_data(made.fields.values())
    return {
        "id": after.article_id,
        "from": _version_data(before),
        "to": _version_data(after),
        "fields": [{"field": name, **each} for name, each in zip(made.fields, fields, strict=True)],
        "body": changes_data(made.body),
        "characters": made.characters,
        "whole": made.whole,
    }


def _version_data(version: Version) -> dict[str, Any]:
    return {
        "version": version.n,
        "time": version.first_seen,
        "record_id": version.article.record_id,
    }


def _print(before: Version, after: Version, made: Edits) -> None:
    console = Console(highlight=False)
    colour, article = in_colour(console), after.article
    where = (after.paper_title, article.edition, article.page, article.page_name)
    say(console, " ".join(filter(None, where)), "cyan")
    say(console, on_one_line(article.headline), "bold")
    for version in (before, after):
        say(console, f"版本 {version.n}：{_time(version)}", "dim")
    for name, change in made.fields.items():
        say(console, Text(f"{name}：").append_text(marked(change, colour=colour)))
    if made.body:
        say(console, "正文：")
    for change in made.body:
        say(console, marked(change, colour=colour), indent="  ")
    number = len(made.fields) + len(made.body)
    told = f"改动 {number} 处，{made.characters} 字" if number else "只有版式不同"
    if not made.whole:
        told = f"{told if number else '没有见到改动'}；正文过长，只比较了开头部分"
    say(console, told, "dim")


def _time(version: Version) -> str:
    return shown(datetime.fromisoformat(version.first_seen))
