"""Are backups still what was written?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newscrawl.ops.backup.copies import digest
from newscrawl.ops.backup.vault import Vault

REMEDY = "back up once more: what the home still has is copied anew"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read, and what is wrong with it."""

    generations: tuple[str, ...]
    files: int
    bytes: int
    problems: tuple[str, ...]
    """A line each."""


def check(root: Path, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Checked:
    """Read every byte of the backups in a directory, once; changes nothing.

    `progress` gets bytes done, and of how many. Raises NoBackup, VaultBusy.
    """
    vault = Vault.existing(root)
    with vault.held():
        wanted = _wanted(vault)
        sizes = {path: _size(root / path) for path in wanted}
        done, total = 0, sum(sizes.values())
        problems = vault.unsound()
        for path, size in sizes.items():
            problems += _problems(root / path, wanted[path])
            done += size
            progress(done, total)
        names = tuple(each.name for each in vault.generations())
        return Checked(names, len(sizes), total, tuple(problems))


def _wanted(vault: Vault) -> dict[str, dict[str, list[str]]]:
    """By path, the SHA-256 that it must have, and the backups that say so."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for generation, sums in vault.lists().items():
        for path, known in sums.files.items():
            wanted.setdefault(path, {}).setdefault(known, []).append(generation.name)
    return wanted


def _problems(path: Path, wanted: dict[str, list[str]]) -> Iterator[str]:
    found = _digest(path)
    for known, names in wanted.items():
        if known != found:
            what = "is not what was written" if found else "cannot be read"
            yield f"{path}: {what}; part of {', '.join(names)}: {REMEDY}"


def _digest(path: Path) -> str:
    """Empty where it cannot be read."""
    try:
        return digest(path)
    except OSError:
        return ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
