"""`newscrawl story ID|URL`: where a report appeared first, who reprinted it, and how."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue import stories
from newscrawl.catalogue.appearances import Appearance, appearances
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.stories import Member
from newscrawl.cli.show import newest_of
from newscrawl.errors import NewscrawlError
from newscrawl.results.wrapping import say
from newscrawl.terminal import printing
from newscrawl.text.changes import Change
from newscrawl.text.dates import shown

MOST_SHOWN = 12
"""Changes of a reprint that are printed; --json gives all."""
_KINDS = {"删去": "left_out", "改为": "changed", "增加": "added"}


class Unreadable(NewscrawlError):
    """The article's text could not be decoded, so that it is in no story."""


def story(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs; all changes.")] = False,
) -> None:
    """Print an article's story: first appearance, declared source, reprints and their changes."""
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        with catalogue.read() as connection:
            number, found = _story(connection, wanted)
    finally:
        catalogue.close()
    with printing():
        if as_json:
            print(json.dumps(_data(number, found), ensure_ascii=False, indent=2))
        else:
            _print(found)


def _story(connection: Transaction, wanted: str) -> tuple[int, list[Appearance]]:
    """The number of the story, and its articles, the first appearance first."""
    version = newest_of(connection, wanted)
    number = stories.of_seqs(connection, [version.seq])[version.seq]
    members = stories.members(connection, number)
    if not members:
        raise Unreadable(
            f"{wanted}: its text could not be decoded, so it is in no story; "
            f"`newscrawl show {version.article_id}` prints what is held"
        )
    return number, appearances(connection, members)


def _data(number: int, found: list[Appearance]) -> dict[str, Any]:
    first, *reprints = found
    return {
        "story": number,
        "first": asdict(first.member),
        "reprints": [
            asdict(each.member)
            | {"changes": [asdict(one) | {"kind": _KINDS[one.kind]} for one in each.changes]}
            for each in reprints
        ],
    }


def _print(found: list[Appearance]) -> None:
    console = Console(highlight=False)
    first, *reprints = found
    _print_member(console, "首发", first.member)
    if not reprints:
        console.print("\n没有转载", style="dim")
    for each in reprints:
        console.print()
        _print_member(console, "转载", each.member)
        for line in _lines(each.changes):
            say(console, line, indent="  ")


def _print_member(console: Console, role: str, member: Member) -> None:
    page = " ".join(filter(None, (member.page, member.page_name)))
    seen = shown(datetime.fromisoformat(member.first_seen))
    where = " ".join(filter(None, (member.paper_title, member.day, page)))
    say(console, f"{role} {where}  {seen} 首次见到", "cyan")
    say(console, member.headline, "bold", indent="  ")
    source = f"来源：{member.source}  " if member.source else ""
    console.print(f"  {source}编号：{member.article_id}", style="dim", markup=False, soft_wrap=True)


def _lines(made: list[Change]) -> Iterable[str]:
    """What a reader is told of the changes."""
    if not made:
        yield "正文无改动"
    for each in made[:MOST_SHOWN]:
        match each.kind:
            case "删去":
                yield f"删去：{each.before}"
            case "增加":
                yield f"增加：{each.after}"
            case "改为":
                yield f"“{each.before}”改为“{each.after}”"
    if len(made) > MOST_SHOWN:
        yield f"另有 {len(made) - MOST_SHOWN} 处改动"
