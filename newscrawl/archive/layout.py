"""Where archive files lie: `<paper>/<YYYY-MM-DD>/<UTC start>-<random>.warc.gz`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.archive.errors import ArchiveError
from newscrawl.durable import sync

SUFFIX = ".warc.gz"
OPEN = ".open"
"""Added to the name of a file while its writer lives."""

COPYING = ".new"
"""Added to the name of a file while it is copied from elsewhere."""

PAPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
"""What a paper may be called: the whole of its name."""
FOLDER = re.compile(PAPER.pattern + r"/[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILE = re.compile(FOLDER.pattern + r"/[0-9]{8}T[0-9]{12}Z-[0-9a-f]{8}\.warc\.gz")


def check_folder(folder: str) -> str:
    """Return `folder`; raise ArchiveError unless it reads `paper/YYYY-MM-DD`."""
    if not FOLDER.fullmatch(folder):
        raise ArchiveError(
            f"{folder!r} is no folder of the archive; name the paper with letters, digits, "
            "`_` and `-`, then `/` and the day: paper/YYYY-MM-DD"
        )
    return folder


def new_name() -> str:
    """A file name that no other run has: the UTC time and 8 random hexadecimal digits."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(4)}{SUFFIX}"


def started(path: str) -> datetime:
    """When the writer of a file began it, UTC; `path` ends in a name made by `new_name`."""
    stamp = path.rpartition("/")[2].partition("-")[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def begun(path: Path) -> datetime | None:
    """When the writing of a file began, UTC, by its name; None for a name that is not ours."""
    if not FILE.fullmatch("/".join(finished(path).parts[-3:])):
        return None
    return started(path.name)


def archive_files(root: Path) -> list[Path]:
    """Every finished file below `root`, by paper, day and time."""
    return _ours(root, root.glob(f"*/*/*{SUFFIX}"))


def open_files(root: Path) -> list[Path]:
    """Every unfinished file: its writer lives, or died."""
    return _ours(root, root.glob(f"*/*/*{SUFFIX}{OPEN}"))


def strangers(root: Path) -> list[Path]:
    """What is no file of the archive, finished or not; half copied ones are among it."""
    every = [path for path in root.rglob("*") if not path.is_dir()]
    return sorted(set(every).difference(_ours(root, every)))


def _ours(root: Path, paths: Iterable[Path]) -> list[Path]:
    """Those that a writer of ours has named."""
    named = ((path, str(path.relative_to(root)).removesuffix(OPEN)) for path in paths)
    return sorted(path for path, name in named if FILE.fullmatch(name))


def half_copied(root: Path) -> list[Path]:
    """What whoever copies a file into the archive has not finished."""
    return sorted(root.glob(f"*/*/*{SUFFIX}*{COPYING}"))


def unfinished(path: Path) -> Path:
    """The name that `path` has while it is written."""
    return path.with_name(path.name + OPEN)


def finished(path: Path) -> Path:
    """The name that the unfinished `path` gets in the end."""
    return path.with_name(path.name.removesuffix(OPEN))


def make_folder(folder: Path) -> None:
    """Create `folder` and what is missing above it, durably."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(missing):
        sync(each.parent)


def finish(path: Path) -> None:
    """Durably rename the unfinished `path` to its final name."""
    path.rename(finished(path))
    sync(path.parent)
