"""`newscrawl takedown`: showing something no more, or erasing it, and the list of what was."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len, set_cell_size

from newscrawl import settings
from newscrawl.archive import removals
from newscrawl.archive.layout import strangers
from newscrawl.catalogue import tombstones, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.withdrawn import CATEGORIES, SCOPES, Category, Scope, Tombstone
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops import erasing, sealed
from newscrawl.ops.erasing import Erased
from newscrawl.ops.locks import left_open
from newscrawl.ops.returning import find_again
from newscrawl.ops.takedown import Order, Taken, lift, take_down
from newscrawl.terminal import many, printing
from newscrawl.text.dates import shown
from newscrawl.text.segment import use_cache

NOTHING = "-"
TIMES = ("at", "lifted")


def takedown(
    wanted: Annotated[
        str, typer.Argument(metavar="[ID|URL]", help="What is to be taken down.")
    ] = "",
    prefix: Annotated[
        str, typer.Option(metavar="URL", help="All that is at addresses that begin so, or will be.")
    ] = "",
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; kept as written, so name no content.")
    ] = "",
    category: Annotated[
        str, typer.Option(help=f"Of the reason, for the public: {', '.join(CATEGORIES)}.")
    ] = "other",
    scope: Annotated[
        str,
        typer.Option(help="hide: shown no more; redact: its text only; erase: no byte is left."),
    ] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who asks for it; else you.")] = "",
    legal_hold: Annotated[
        bool, typer.Option("--legal-hold", help="Seal what is erased, with the key of the home.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with erasures that were interrupted, or wait.")
    ] = False,
    new_key: Annotated[
        bool,
        typer.Option("--new-key", help="Another removals.key, where that is lost for good."),
    ] = False,
    lifted: Annotated[
        str, typer.Option("--lift", metavar="TOMBSTONE", help="Show again what was hidden.")
    ] = "",
    held: Annotated[
        str, typer.Option("--open", metavar="TOMBSTONE", help="What is held for it; with --to.")
    ] = "",
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Outside the home; for --open.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="What was taken down; public.")] = False,
    full: Annotated[bool, typer.Option("--full", help="With --list: for the operator.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: for programs.")] = False,
) -> None:
    """Take down an article, or whatever is at an address; tell of what was; lift it again."""
    home = settings.home()
    with closing(Catalogue.existing(home.catalogue)) as catalogue:
        if listed:
            _list(catalogue, full=full, as_json=as_json)
        elif held:
            _open(home, held, to)
        elif new_key:
            _make_key(home)
        elif resume:
            use_cache(home.cache)
            _say_erased(home, catalogue, erasing.resume(home, catalogue))
        elif lifted:
            _require_reason(reason)
            _lift(home, catalogue, lifted, reason)
        else:
            if bool(wanted) == bool(prefix):
                raise UsageError("give an ID, a URL or --prefix URL: one of them")
            order = Order(
                _scope(scope), reason, _category(category), by or getpass.getuser(), legal_hold
            )
            now, target = datetime.now(UTC), wanted or prefix
            taken = take_down(home, catalogue, order, now, wanted=target, prefix=bool(prefix))
            _say(taken)
            if scope == "erase":
                use_cache(home.cache)
                done = erasing.erase(home, catalogue, taken.tombstone)
                _say_nothing(done, target)
                _say_erased(home, catalogue, [done])


def _open(home: Home, tombstone: str, to: Path | None) -> None:
    if to is None:
        raise UsageError("--open: say where to, with --to DIR")
    for path in sealed.open_into(home, tombstone, to):
        print(path)


def _make_key(home: Home) -> None:
    if (home.root / removals.KEY).exists():
        raise UsageError(f"--new-key: {home.root / removals.KEY} is there, and stays")
    removals.make_key(home.root)
    print(f"{home.root / removals.KEY}: made; back it up: `newscrawl backup --with-secrets`")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("--reason: say why")


def _scope(given: str) -> Scope:
    for scope in SCOPES:
        if given == scope:
            return scope
    raise UsageError(f"--scope {given or '…'}: one of {', '.join(SCOPES)}")


def _category(given: str) -> Category:
    for category in CATEGORIES:
        if given == category:
            return category
    raise UsageError(f"--category {given}: one of {', '.join(CATEGORIES)}")


def _say(taken: Taken) -> None:
    tombstone, count = taken.tombstone, len(taken.articles)
    what = f"{count} article{'' if count == 1 else 's'}" if count else "no article held"
    print(f"{tombstone.id}: {what}, {tombstone.scope}: shown and told to nobody from now on")
    if taken.twins:
        print(f"with the same text: {', '.join(taken.twins)}", file=sys.stderr)


def _say_erased(home: Home, catalogue: Catalogue, done: list[Erased]) -> None:
    others = strangers(home.snapshots) if done else []
    with catalogue.read() as view:
        readers = versions.articles_read_from(
            view, {record for each in done for record in each.quoted}
        )
    for each in done:
        counted = f"{many(each.records, 'record')}, {many(each.articles, 'article')}"
        print(f"{each.tombstone}: erased: {counted}")
        for record, path in sorted(each.quoted.items()):
            named = ", ".join(readers.get(record, ())) or "another article"
            print(f"quoted in {record} of {path}, which {named} was read from: it stays")
        for damage in each.damaged.values():
            print(left_open(damage))
        for index in each.indexes:
            print(f"{index}: another index, as it was: build it anew, or remove it")
    for file in others:
        print(f"{file}: no file of the archive, as it was: move it elsewhere, or remove it")
    if others or any(each.quoted or each.indexes or each.damaged for each in done):
        raise typer.Exit(1)


def _say_nothing(done: Erased, target: str) -> None:
    if not (done.articles or done.records or done.damaged):
        print(
            f"{target}: nothing of it is in the archive, so nothing was taken out; nothing will be "
            "kept of it either: was something else meant, give its id or its whole address",
            file=sys.stderr,
        )


def _lift(home: Home, catalogue: Catalogue, tombstone: str, reason: str) -> None:
    free = lift(home, catalogue, tombstone, datetime.now(UTC), reason)
    print(f"{len(free)} article{'' if len(free) == 1 else 's'} shown again")
    if find_again(home, catalogue, free):
        print("the index, which was built meanwhile, was built anew with what is shown again")


def _list(catalogue: Catalogue, *, full: bool, as_json: bool) -> None:
    with catalogue.read() as view:
        every = tombstones.listed(view)
        rows = [
            _operators(each, tombstones.taken_by(view, each.id)) if full else public(each)
            for each in every
        ]
    with printing():
        if as_json:
            print(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            _print(rows)


def public(tombstone: Tombstone) -> dict[str, Any]:
    """What anybody may know: no id, no address, no word of the operator's."""
    return {
        "tombstone": tombstone.id,
        "at": tombstone.at,
        "paper": tombstone.paper,
        "day": tombstone.day,
        "scope": tombstone.scope,
        "category": tombstone.category,
        "state": "held" if tombstone.legal_hold else tombstone.state,
    }


def _operators(tombstone: Tombstone, articles: list[str]) -> dict[str, Any]:
    return public(tombstone) | {
        "state": tombstone.state,
        "held": tombstone.legal_hold,
        "kind": tombstone.kind,
        "target": tombstone.target,
        "articles": articles,
        "reason": tombstone.reason,
        "by": tombstone.by,
        "lifted": tombstone.lifted,
        "lifted_why": tombstone.lifted_why,
    }


def _print(rows: Iterable[Mapping[str, Any]]) -> None:
    """Not cut to the terminal's width: what is a column there is one in a pipe too."""
    told = [{name: _shown(name, value) for name, value in row.items()} for row in rows]
    if not told:
        print("nothing was taken down")
        return
    heads = {name: name.replace("_", " ") for name in told[0]}
    widths = {name: max(cell_len(row[name]) for row in (heads, *told)) for name in heads}
    for row in (heads, *told):
        cells = (set_cell_size(row[name], width) for name, width in widths.items())
        print("  ".join(cells).rstrip())


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in TIMES and value:
        return shown(datetime.fromisoformat(str(value)))
    return str(value or NOTHING)
