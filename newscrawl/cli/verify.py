"""`newscrawl verify`: whether everything is still what was captured and sealed."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import snapshots, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.holding import progress_bar
from newscrawl.cli.show import NoSuchArticle
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops.inspection import Progress
from newscrawl.ops.verdict import Fault, Verdict
from newscrawl.ops.verification import verify as verify_all
from newscrawl.ops.verification import verify_day, verify_records
from newscrawl.terminal import printing
from newscrawl.text.dates import parse_day

UNSOUND = 1


def verify(
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Only this day's manifest.")] = "",
    wanted: Annotated[
        str, typer.Option("--id", metavar="ID", help="Only an article's captures, or a record.")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Everything: so it is without an option.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Read every byte again, and compare it with the catalogue and the manifests of sealed days.

    Exit status 0: sound; 1: something was found, named by record, file and byte.
    """
    if sum(map(bool, (day, wanted, everything))) > 1:
        raise UsageError("newscrawl verify: one of --day, --id and --all")
    home = settings.home()
    with (
        closing(Catalogue.existing(home.catalogue)) as catalogue,
        progress_bar("verify") as progress,
    ):
        verdict = _verdict(home, catalogue, day, wanted, progress)
    with printing():
        if as_json:
            data = {"sound": verdict.sound, **asdict(verdict)}
            print(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            _print(home, verdict)
    if not verdict.sound:
        raise typer.Exit(UNSOUND)


def _verdict(
    home: Home, catalogue: Catalogue, day: str, wanted: str, progress: Progress
) -> Verdict:
    if day:
        try:
            return verify_day(home, catalogue, parse_day(day), progress)
        except ValueError as error:
            raise UsageError(f"--day {day}: {error}") from None
    if wanted:
        return verify_records(home, catalogue, _records(catalogue, wanted), progress)
    return verify_all(home, catalogue, progress)


def _records(catalogue: Catalogue, wanted: str) -> list[str]:
    """The records of an article's versions, or the one that has this id. Raises NoSuchArticle."""
    with catalogue.read() as view:
        if snapshots.place_of(view, wanted):
            return [wanted]
        found = versions.of_article(view, wanted)
    if not found:
        raise NoSuchArticle(f"{wanted}: not held; `newscrawl search` finds what is")
    return [version.article.record_id for version in found]


def _print(home: Home, verdict: Verdict) -> None:
    console = Console(highlight=False)
    for fault in verdict.faults:
        console.print(_text(fault), soft_wrap=True)
        console.print()
    held = f"{_many(verdict.records, 'record')} in {_many(verdict.files, 'file')}"
    counts = f"{held}, {_many(verdict.days, 'manifest')}"
    unsealed = f", {_many(verdict.unsealed, 'record')} not sealed yet" if verdict.unsealed else ""
    found = f"{len(verdict.faults)} found" if verdict.faults else "sound"
    style = "green" if verdict.sound else "bold red"
    line = f"{home.root}: {found}: {counts}{unsealed}"
    console.print(line, style=style, markup=False, soft_wrap=True)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _text(fault: Fault) -> Text:
    """Not laid out: addresses that are broken cannot be copied."""
    return Text.assemble((f"{fault}", "bold red"), (f"\n→ {fault.remedy}", "dim"))
