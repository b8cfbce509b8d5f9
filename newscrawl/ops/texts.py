"""The texts of versions beside their hashes, and when they were captured beside their captures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.contents import content_digest
from newscrawl.catalogue.versions import Version


def faults(view: Transaction, found: Sequence[Version]) -> Iterator[tuple[Version, str]]:
    """The versions that are not as they were recorded, and what is other; one that was erased has
    no text, and is left out.
    """
    times = snapshots.times(view, (each.article.record_id for each in found))
    for version in found:
        if what := _fault(version, times.get(version.article.record_id)):
            yield version, f"version {version.n}: {what}"


def _fault(version: Version, captured_at: str | None) -> str:
    """Empty where there is none."""
    if not (version.article.headline or version.article.body):
        return ""
    if content_digest(version.article) != version.digest:
        return "its text is not the one that was recorded: the hash is another"
    if captured_at is not None and version.first_seen != captured_at:
        return f"is said to be of {version.first_seen}, its capture of {captured_at}"
    return ""
