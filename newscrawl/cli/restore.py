"""`newscrawl restore DIR`: put a backup back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from newscrawl import settings
from newscrawl.home import Home
from newscrawl.ops.backup.restoring import Restored
from newscrawl.ops.backup.restoring import restore as put_back
from newscrawl.text.dates import shown

UNSOUND = 1
NEEDED = {
    "secret.key": (
        "without it neither the addresses of subscribers nor what is kept under a legal hold can "
        "be opened, and where it is lost for good they never will be"
    ),
    "removals.key": (
        "without it `newscrawl verify` takes for lost what was erased and names each of it, and "
        "nothing more is erased; where it is lost for good, `newscrawl takedown --new-key` makes "
        "another, and verify goes on naming them"
    ),
}
"""What keys are for."""


def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="As given to `backup`.")],
    home: Annotated[Path | None, typer.Option(help="Where to; without it NEWSCRAWL_HOME.")] = None,
    name: Annotated[
        str, typer.Option("--backup", metavar="NAME", help="Which; without it the newest.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also into a home that holds something.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Put a backup into an empty home, check all of it, and say what to do next.

    Exit status 0: sound; 1: not restored, or something is damaged: what, and what to do.
    """
    target = Home(home.resolve()) if home else settings.home()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        files = progress.add_task("restore", total=None)
        check = progress.add_task("check", total=None)
        outcome = put_back(
            directory,
            target,
            name=name,
            force=force,
            progress=lambda done, total: progress.update(files, completed=done, total=total),
            checked=lambda done: progress.update(check, completed=done),
        )
    if as_json:
        print(json.dumps(asdict(outcome), ensure_ascii=False, indent=2))
    else:
        _print(outcome)
    if outcome.problems:
        raise typer.Exit(UNSOUND)


def _print(outcome: Restored) -> None:
    for path in outcome.replaced:
        print(f"replaced: {path}")
    for line in outcome.repaired:
        print(f"repaired: {line}")
    for problem in outcome.problems:
        print(f"! {problem}")
    when = shown(datetime.fromisoformat(outcome.made))
    state = f"{len(outcome.problems)} damaged" if outcome.problems else "sound"
    if outcome.keys_missing:
        state += f", but without its keys: {', '.join(outcome.keys_missing)}"
    print(
        f"{outcome.home}: backup {outcome.generation} of {when}, {outcome.files} files, "
        f"{outcome.copied} put back: {state}"
    )
    for line in _next(outcome):
        print(line, file=sys.stderr)


def _next(outcome: Restored) -> Iterator[str]:
    yield "next: `newscrawl reindex` makes it searchable, else the next crawl does; then crawl"
    if outcome.erased_since:
        yield (
            "what was erased after this backup was made is in it: `newscrawl takedown --resume` "
            "erases it again; until then nobody is shown it"
        )
    for key in outcome.keys_missing:
        yield (
            f"! {key} is missing: put it into {outcome.home} before anything runs, from where you "
            "keep it or from a backup that was made with --with-secrets, then `newscrawl verify`: "
            f"{NEEDED[key]}"
        )
