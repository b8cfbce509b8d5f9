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
from newscrawl.catalogue import sightings, snapshots, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.cli.holding import progress_bar
from newscrawl.cli.show import NoSuchArticle
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops.inspection import Progress
from newscrawl.ops.verdict import Alike, Verdict, folded
from newscrawl.ops.verification import verify as verify_all
from newscrawl.ops.verification import verify_day, verify_records
from newscrawl.terminal import many, printing
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
    """All captures of an article, also those that made no version, or the record that has this id.

    Raises NoSuchArticle.
    """
    with catalogue.read() as view:
        if snapshots.place_of(view, wanted):
            return [wanted]
        found = versions.of_article(view, wanted)
        if not found:
            raise NoSuchArticle(f"{wanted}: not held; `newscrawl search` finds what is")
        seen = sightings.of_article(view, found[0].article_id)
        records = {each.article.record_id: None for each in found}
        records |= {each.record_id: None for each in seen}
        urls = {each.article.url for each in found} | {each.url for each in seen}
        for day in {each.article.edition for each in found}:
            place = Place(found[0].article.paper, day, "article")
            records |= dict.fromkeys(snapshots.of_article(view, place, urls))
    return list(records)


def _print(home: Home, verdict: Verdict) -> None:
    console = Console(highlight=False)
    for fault in folded(verdict.faults):
        console.print(_text(fault), soft_wrap=True)
        console.print()
    held = f"{many(verdict.records, 'record')} in {many(verdict.files, 'file')}"
    counts = f"{held}, {many(verdict.days, 'manifest')}"
    unsealed = f", {many(verdict.unsealed, 'record')} not sealed yet" if verdict.unsealed else ""
    found = f"{len(verdict.faults)} found" if verdict.faults else "sound"
    style = "green" if verdict.sound else "bold red"
    line = f"{home.root}: {found}: {counts}{unsealed}"
    console.print(line, style=style, markup=False, soft_wrap=True)


def _text(fault: Alike) -> Text:
    """Not laid out: addresses that are broken cannot be copied."""
    return Text.assemble((f"{fault}", "bold red"), (f"\n→ {fault.first.remedy}", "dim"))
