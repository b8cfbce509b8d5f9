"""Striking records that are erased out of the manifest that covers them.

Their leaves stay, so that root and chain hold; what a line said of a record goes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive import manifests as kept
from newscrawl.archive.manifest import Manifest, outline
from newscrawl.archive.manifest_lines import ERASED_FIRST, BadManifest
from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.manifests import SealedFile
from newscrawl.home import Home


@dataclass(frozen=True, slots=True)
class Struck:
    """A manifest without what some of its lines said."""

    file: SealedFile
    manifest: Manifest
    leaves: Mapping[str, str]
    """By record id."""

    def write(self, home: Home) -> str:
        """Keep it, durably; SHA-256 of its file. Raises ArchiveError where the disk refuses."""
        return kept.write(home.manifests, self.manifest).digest


def struck(
    home: Home, catalogue: Catalogue, place: str, record_ids: Collection[str]
) -> Struck | None:
    """What the manifest of a file is to be without these records; None where none covers it.

    Raises DamagedManifest.
    """
    with catalogue.read() as view:
        file = manifests.sealed_as(view, place)
    if file is None:
        return None
    manifest, leaves = kept.sound(home.manifests, file.day).manifest.without(file.path, record_ids)
    return Struck(file, manifest, leaves)


def is_left_of(manifest: Path, other: Path) -> bool:
    """Whether a manifest is what erasures have left of another one."""
    try:
        left, whole = outline(manifest.read_bytes()), outline(other.read_bytes())
    except (BadManifest, OSError):
        return False
    pairs = zip(left.rows, whole.rows, strict=False)
    return (left.head, left.leaves()) == (whole.head, whole.leaves()) and all(
        mine == its or mine.startswith(ERASED_FIRST) for mine, its in pairs
    )


def repoint(home: Home, tx: Transaction, place: str, fresh: str, gone: Collection[str]) -> None:
    """In an older copy of the catalogue: what is left of a file lies elsewhere since, and its
    manifest says so; one that a backup has brought back is struck again. `gone`: the records that
    were taken out of it. Raises DamagedManifest, and ArchiveError where the disk refuses.
    """
    if file := manifests.sealed_as(tx, place):
        stored = kept.sound(home.manifests, file.day)
        left, _leaves = stored.manifest.without(file.path, {*gone})
        if left != stored.manifest:
            stored = kept.write(home.manifests, left)
        manifests.erased(tx, file, fresh, stored.digest)
