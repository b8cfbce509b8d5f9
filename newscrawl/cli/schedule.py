"""`newscrawl schedule PAPER…`: crontab lines, printed or installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import newscrawl
from newscrawl import settings
from newscrawl.catalogue import retention
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.papers import known_papers
from newscrawl.errors import UsageError
from newscrawl.ops import crontab
from newscrawl.ops.crontab import CrontabError, Installation
from newscrawl.platforms.arguments import MOST_RECHECKED


def schedule(
    papers: Annotated[
        list[str] | None, typer.Argument(metavar="PAPER...", help="Papers; none means all.")
    ] = None,
    install: Annotated[bool, typer.Option(help="Write the lines into your crontab.")] = False,
    remove: Annotated[bool, typer.Option(help="Take them out of your crontab.")] = False,
) -> None:
    """Print crontab lines that read papers several times in the morning and once the next day,
    and at night what they have changed in past days.

    The times are meant in Asia/Shanghai and written in this host's zone. Installing replaces
    what was installed for the same NEWSCRAWL_HOME before, and leaves every other line alone.
    """
    if install and remove:
        raise UsageError("--install or --remove, not both")
    installation = _installation()
    if remove:
        _write(crontab.without_block(_read(), installation))
        print(f"crontab: nothing is scheduled for {installation.home}")
        return
    chosen = _chosen(papers or [])
    lines = crontab.block(installation, chosen, None, datetime.now(UTC))
    if install:
        _write(crontab.with_block(_read(), installation, lines))
        print(f"crontab: scheduled {', '.join(chosen)} for {installation.home}")
    else:
        print(lines, end="")


def recheck_days() -> int:
    """NEWSCRAWL_RECHECK_DAYS. Raises UsageError for what no crawl would take."""
    days = settings.RECHECK_DAYS
    if not 0 <= days <= MOST_RECHECKED:
        raise UsageError(f"NEWSCRAWL_RECHECK_DAYS={days}: 0 for none, or up to {MOST_RECHECKED}")
    return days


def installed() -> str:
    """The crontab; empty where there is none to be read."""
    try:
        return _read()
    except CrontabError:
        return ""


def _chosen(papers: list[str]) -> list[str]:
    known = known_papers()
    for paper in papers:
        if paper not in known:
            raise UsageError(f"{paper}: no such paper; there are {', '.join(known)}")
    return list(dict.fromkeys(papers)) or known


def _installation() -> Installation:
    scrapy = Path(sys.executable).absolute().with_name("scrapy")
    if not scrapy.is_file():
        raise CrontabError(f"{scrapy}: missing: install newscrawl into a virtual environment")
    given = tuple((f"NEWSCRAWL_{name}", os.environ[f"NEWSCRAWL_{name}"]) for name in settings.GIVEN)
    return Installation(
        _project(),
        scrapy,
        settings.home().root,
        settings.RUN_DEADLINE,
        given,
        recheck_days(),
        _retains(),
    )


def _retains() -> bool:
    """Whether a paper is kept for some days only."""
    path = settings.home().catalogue
    if not path.exists():
        return False
    with closing(Catalogue.open(path)) as catalogue, catalogue.read() as view:
        return bool(retention.stored(view))


def _project() -> Path:
    for folder in _places():
        if (folder / "scrapy.cfg").is_file():
            return folder
    raise UsageError(f"{Path.cwd()}: no scrapy.cfg here or above: change into the project")


def _places() -> Iterator[Path]:
    """Here and above, as Scrapy looks; then beside the package, for a checkout."""
    here = Path.cwd()
    yield from (here, *here.parents)
    yield Path(newscrawl.__file__).resolve().parents[1]


def _read() -> str:
    done = _crontab("-l")
    if done.returncode and b"no crontab" not in done.stderr:
        raise _refused(done)
    return done.stdout.decode(errors="surrogateescape") if not done.returncode else ""


def _write(content: str) -> None:
    done = _crontab("-", content.encode(errors="surrogateescape"))
    if done.returncode:
        raise _refused(done)


def _crontab(argument: str, content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["crontab", argument], input=content, capture_output=True, check=False
        )
    except OSError as error:
        raise CrontabError(
            f"crontab: {error.strerror}: install cron, or hand the lines that `newscrawl schedule` "
            "prints to another scheduler"
        ) from error


def _refused(done: subprocess.CompletedProcess[bytes]) -> CrontabError:
    said = " ".join(done.stderr.decode(errors="replace").split())
    return CrontabError(f"crontab: {said or f'ended with status {done.returncode}'}")
