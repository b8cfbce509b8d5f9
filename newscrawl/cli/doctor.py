"""`newscrawl doctor`: archive against catalogue against index, and what is around them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from newscrawl import settings
from newscrawl.archive.layout import archive_files
from newscrawl.archive.manifests import days
from newscrawl.cli.reindex import reindex
from newscrawl.cli.schedule import installed
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import indexed, owned, tails
from newscrawl.ops.doctor import examine, repair_archive
from newscrawl.ops.findings import Finding, Mend

UNSOUND = 1
INDENT = " " * 11
"""Beside the part that a finding is of."""
NOTHING_YET = "nothing collected yet: run `scrapy crawl PAPER`, or `newscrawl import FILE`"


def doctor(
    repair: Annotated[
        bool,
        typer.Option(help="Finish what killed runs left, catalogue it, mend modes and the index."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check every byte that is kept. Exit status 0: sound; 1: something was found.

    Repairing drops nothing but the tail that a killed run wrote half.
    """
    home = settings.home()
    sealed = _sealed(home)
    findings = _examined(home)
    done: list[str] = []
    if repair:
        done = mended(home, findings)
        findings = _examined(home) if done else findings
    if as_json:
        data = {
            "home": str(home.root),
            "sound": not findings,
            "sealed": sealed,
            "findings": [asdict(finding) for finding in findings],
            "repaired": done,
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        _print(home, findings, done, sealed)
    if findings:
        raise typer.Exit(UNSOUND)


def _examined(home: Home) -> list[Finding]:
    total = sum(path.stat().st_size for path in archive_files(home.snapshots))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("archive", total=total)
        return examine(
            home, lambda done: progress.update(task, completed=done), crontab=installed()
        )


def mended(home: Home, findings: Sequence[Finding]) -> list[str]:
    """Mend what can be mended without loss; what was done, a line each. Raises NewscrawlError."""
    mends = {finding.mend for finding in findings}
    done: list[str] = []
    try:
        if Mend.MODE in mends:
            done += owned.repair(home)
        if Mend.TAIL in mends:
            done += tails.repair(home, findings)
        done += repair_archive(home, findings)
    except OSError as error:
        raise NewscrawlError(f"{error.filename}: {error.strerror}: repair as its owner") from error
    if Mend.REINDEX in mends:
        reindex()
        done.append("index: built anew from the catalogue")
    elif Mend.CATCH_UP in mends:
        done.append(indexed.catch_up(home))
    return done


def _sealed(home: Home) -> str | None:
    """The newest sealed day by its manifest, whether or not that is sound."""
    return next(reversed(days(home.manifests)), None)


def _print(
    home: Home, findings: Sequence[Finding], done: Sequence[str], sealed: str | None
) -> None:
    console = Console(highlight=False)
    for line in done:
        console.print(f"repaired: {line}", markup=False, soft_wrap=True)
    for finding in findings:
        console.print(_text(finding), soft_wrap=True)
        console.print()
    if findings:
        state, style = f"{len(findings)} found", "bold red"
    elif home.catalogue.exists():
        state, style = "sound", "green"
    else:
        state, style = NOTHING_YET, ""
    upto = f", sealed up to {sealed}" if sealed else ""
    console.print(f"{home.root}: {state}{upto}", style=style, markup=False, soft_wrap=True)


def _text(finding: Finding) -> Text:
    """Not laid out: addresses that are broken cannot be copied."""
    where = (f"{finding.where}\n{INDENT}", "cyan") if finding.where not in finding.what else ""
    return Text.assemble(
        (finding.part.ljust(len(INDENT)), "bold red"),
        where,
        finding.what,
        (f"\n{INDENT}→ {finding.remedy}", "dim"),
    )
