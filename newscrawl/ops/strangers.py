"""What lies in a home where only ours should, and what should lie there and does not."""

from __future__ import annotations

from collections.abc import Collection

from newscrawl.archive import layout
from newscrawl.archive import manifests as kept
from newscrawl.archive.layout import unfinished
from newscrawl.catalogue import snapshots
from newscrawl.ops.inspection import Inspection
from newscrawl.ops.verdict import Remedy

NO_FILE = "no file of the archive"


def without_a_file(look: Inspection, known: Collection[str]) -> None:
    """Captures whose file is neither finished nor being written."""
    with look.catalogue.read() as view:
        rows = snapshots.counts_by_file(view)
    for path in sorted(rows.keys() - known):
        file = look.home.snapshots / path
        # Looked for twice under its final name: it may be renamed between the first two looks.
        if not any(each.exists() for each in (file, unfinished(file), file)):
            look.missing(path, rows[path])


def strangers(look: Inspection, days: Collection[str]) -> None:
    """What lies where only ours should, and manifests that the catalogue does not know."""
    home, verdict = look.home, look.verdict
    for path in layout.strangers(home.snapshots):
        verdict.blame(path, NO_FILE, Remedy.STRANGER)
    strange_manifests(look, days)


def strange_manifests(look: Inspection, days: Collection[str]) -> None:
    """What is none among the manifests, and those that the catalogue does not know."""
    home, verdict = look.home, look.verdict
    for path in kept.strangers(home.manifests):
        verdict.blame(path, "no manifest and no stamp", Remedy.STRANGER)
    for day in kept.days(home.manifests):
        if day not in days:
            place = kept.place(home.manifests, day)
            verdict.blame(place, "a manifest that the catalogue does not know", Remedy.SEAL)
