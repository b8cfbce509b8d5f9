"""`newscrawl backup DIR`: keep a copy of what cannot be collected again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.cli.holding import progress_bar
from newscrawl.errors import UsageError
from newscrawl.ops.backup import kept
from newscrawl.ops.backup.checking import Checked, check
from newscrawl.ops.backup.report import Report
from newscrawl.ops.backup.taking import Choice, back_up

DAMAGED = 1
KEPT = 7


def backup(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Of this home's backups alone; elsewhere.")
    ],
    check_only: Annotated[
        bool, typer.Option("--check", help="Make none: read all that is in DIR.")
    ] = False,
    keep: Annotated[
        int, typer.Option(help="Backups that are kept; they share the archive.")
    ] = KEPT,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Keep the keys as well: then guard DIR.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not read again what was copied before.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Copy archive and catalogue while crawls run; what is there already is not copied again.

    Exit status 0: sound; 1: no backup, or something in it is damaged: what, and what to do.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: must be a number from 1 on")
    problems = _checked(directory, as_json) if check_only else None
    if problems is None:
        choice = Choice(keep, with_secrets, quick)
        problems = _backed_up(directory, choice, as_json)
    if problems:
        raise typer.Exit(DAMAGED)


def _backed_up(directory: Path, choice: Choice, as_json: bool) -> Sequence[str]:
    with progress_bar("backup") as progress:
        report = back_up(settings.home(), directory, choice, progress)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        _print(directory, report)
    return report.problems


def _print(directory: Path, report: Report) -> None:
    for path in report.mended:
        print(f"copied anew, for it was damaged: {path}")
    for path in report.erased:
        archived = path.startswith(f"{kept.ARCHIVE}/")
        why = (
            "for it was erased"
            if archived
            else "for an erasure has written it anew; the new one is kept"
        )
        print(f"removed, {why}: {path}")
    for name in report.dropped:
        print(f"removed, an older backup: {name}")
    for problem in report.problems:
        print(f"! {problem}")
    print(
        f"{directory}: {report.generation}, {report.files} files, {report.copied} copied now "
        f"({megabytes(report.copied_bytes)})"
    )
    if report.left_out:
        print(
            f"not in it: {', '.join(report.left_out)}: keep them elsewhere, or give "
            "--with-secrets; without secret.key no subscriber's address and nothing under a legal "
            "hold can be opened, without removals.key `newscrawl verify` "
            "takes for lost what was erased"
        )


def _checked(directory: Path, as_json: bool) -> Sequence[str]:
    with progress_bar("check") as progress:
        found = check(directory, progress)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        _print_checked(directory, found)
    return found.problems


def _print_checked(directory: Path, found: Checked) -> None:
    for problem in found.problems:
        print(f"! {problem}")
    state = f"{len(found.problems)} damaged" if found.problems else "sound"
    backups = "1 backup" if len(found.generations) == 1 else f"{len(found.generations)} backups"
    print(f"{directory}: {backups}, {found.files} files, {megabytes(found.bytes)}: {state}")


def megabytes(count: int) -> str:
    """A number of bytes for a person."""
    return f"{count / 1e6:,.1f} MB"
