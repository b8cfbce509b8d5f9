"""Whose a home is, and who else may write there: what the doctor says of it, and what it mends.

Whoever writes here runs code as us (an index is code), or forges what we keep; and what belongs to
another user stops the next run.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive import removals
from newscrawl.home import Home
from newscrawl.index.store import Store
from newscrawl.ops.findings import REPAIR, Finding, Mend

_WRITABLE, _OPEN = stat.S_IWGRP | stat.S_IWOTH, stat.S_IRWXG | stat.S_IRWXO
_ENTERED = stat.S_IXGRP | stat.S_IXOTH
CHANGE_OWNER = "change its owner, or run newscrawl as that user"


@dataclass(frozen=True, slots=True)
class _Amiss:
    """A place whose owner or mode is not as it should be."""

    path: Path
    what: str
    forbidden: int = 0
    """The bits that its mode must not have; 0 where that is not the trouble."""


def examine(home: Home) -> Iterator[Finding]:
    """Every place that is named by itself, and how many files below each are as wrong."""
    for each in _places(home):
        mode = "600" if each.path in _keys(home) else "go-w"
        yield _found(each, each.path, each.what, f"chmod {mode}")
    for folder in _folders(home):
        kinds: dict[str, list[_Amiss]] = {}
        for each in _below(home, folder):
            kinds.setdefault(each.what, []).append(each)
        for what, (first, *more) in kinds.items():
            named = f"{first.path.relative_to(folder)} and {len(more)} more" if more else ""
            named = named or str(first.path.relative_to(folder))
            yield _found(first, folder, f"{what}: {named}", "chmod -R go-w")


def repair(home: Home) -> Iterator[str]:
    """Take from the modes what others must not; says what was done. Owners stay as they are.

    Raises OSError where the system refuses.
    """
    below = (each for folder in _folders(home) for each in _below(home, folder))
    for each in [*_places(home), *below]:
        if each.forbidden:
            mode = stat.S_IMODE(each.path.stat().st_mode)
            fresh = mode & ~each.forbidden
            each.path.chmod(fresh)
            yield f"{each.path}: mode {mode:03o} made {fresh:03o}"


def _found(each: _Amiss, where: Path, what: str, change: str) -> Finding:
    if each.forbidden:
        return Finding("home", what, str(where), f"{REPAIR}, or `{change} {where}`", Mend.MODE)
    return Finding("home", what, str(where), CHANGE_OWNER)


def _places(home: Home) -> Iterator[_Amiss]:
    for path in (home.root, *home.folders, home.catalogue):
        if path.exists():
            yield from _judged(path, _WRITABLE, "writable by others", os.geteuid())
    for key in _keys(home):
        if key.exists():
            yield from _judged(key, _OPEN, "open to others", os.geteuid())


def _keys(home: Home) -> tuple[Path, ...]:
    return Store.of(home).key, home.secret_key, home.root / removals.KEY


def _folders(home: Home) -> Iterable[Path]:
    """Where we keep files; a home may be the folder of the project, which holds others' too."""
    more = (home.root / "sealed", home.told, home.unheard)
    return (each for each in (*home.folders, *more) if each.is_dir())


def _below(home: Home, folder: Path) -> Iterator[_Amiss]:
    """Of files whose folders others cannot enter only the owner matters."""
    owner = home.root.stat().st_uid
    closed = set() if _is_open(folder) else {folder}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        shut = here in closed
        closed |= {here / name for name in folders if shut or not _is_open(here / name)}
        for name in files:
            path = here / name
            if path not in _keys(home) and not path.is_symlink():
                yield from _judged(path, 0 if shut else _WRITABLE, "writable by others", owner)


def _is_open(folder: Path) -> bool:
    return bool(folder.stat().st_mode & _ENTERED)


def _judged(path: Path, forbidden: int, what: str, owner: int) -> Iterator[_Amiss]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return  # renamed or removed at this moment
    if wrong := found.st_mode & forbidden:
        yield _Amiss(path, what, wrong)
    if found.st_uid != owner:
        yield _Amiss(path, "owned by another user")
