"""Which of the user's words an index was made with, and how it follows when they change.

Which words a version has depends on no word that is not in its text. So only the versions that
contain a word that came or went are indexed anew, and the index itself finds them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from newscrawl.catalogue import dictionary, log
from newscrawl.catalogue.connection import Catalogue
from newscrawl.durable import replace
from newscrawl.index.aside import in_a_line, require_others
from newscrawl.index.damage import reading
from newscrawl.index.documents import Given, documents_of
from newscrawl.index.engine import Reader, Seqs, Writer
from newscrawl.index.plan import Some, text_plan
from newscrawl.query.tree import Term
from newscrawl.text.segment import Segmenter

BATCH = 250
"""Versions in one commit."""
TOGETHER = 64
"""Words that the index is asked for at once."""

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The user's words in an index."""

    words: tuple[str, ...] = ()
    """Every version was cut with these…"""
    changing: tuple[str, ...] = ()
    """…but those that contain one of these may have been cut with it or without."""


def wanted(catalogue: Catalogue) -> Segmenter:
    """What text is to be cut with now."""
    with catalogue.read() as connection:
        return Segmenter(dictionary.words(connection))


def covered(build: Path) -> Covered:
    """The words of the index in a directory. Raises IndexDamaged where they cannot be read."""
    file = _file(build)
    if not file.exists():
        return Covered()
    with reading(file):
        kept = json.loads(file.read_text(encoding="utf-8"))
        return Covered(tuple(kept["words"]), tuple(kept["changing"]))


def note(build: Path, now: Covered) -> None:
    """Write down, durably, which words an index has."""
    replace(_file(build), json.dumps(asdict(now), ensure_ascii=False))


def outdated(build: Path, cut: Segmenter) -> frozenset[str]:
    """The words for which versions are to be indexed anew, so that all are cut with `cut`."""
    there = covered(build)
    return cut.words.symmetric_difference(there.words).union(there.changing)


def follow(
    build: Path,
    reader: Reader,
    writer: Writer,
    catalogue: Catalogue,
    cut: Segmenter,
    progress: Progress = lambda _done, _of: None,
) -> int:
    """Index anew what the dictionary's changes concern; how many versions.

    The caller holds the store's lock. What is changing is written down first: if this is
    interrupted, the next call takes it up, also when the dictionary has changed back meanwhile.
    A search meanwhile finds the same, and may order it differently.
    """
    words = outdated(build, cut)
    if not words:
        return 0
    note(build, Covered(covered(build).words, tuple(sorted(words))))
    seqs = containing(reader, words)

    def left(given: Given, error: BaseException) -> None:
        require_others(cut)
        what = given.version.article_id
        _log.warning("%s: cannot be indexed anew, and stays as it is: %s", what, in_a_line(error))

    for start in range(0, len(seqs), BATCH):
        batch = seqs[start : start + BATCH].tolist()
        with catalogue.read() as connection:
            found = log.named(connection, batch)
            writer.rewrite(documents_of(map(Given, found), cut, left), len(batch))
        writer.upkeep()
        progress(start + len(batch), len(seqs))
    note(build, Covered(tuple(sorted(cut.words))))
    return len(seqs)


def containing(reader: Reader, words: Iterable[str]) -> Seqs:
    """The versions that can contain any of the words, and few others."""
    runs = [text_plan(Term(word)).possible for word in sorted(words)]
    found = [
        reader.seqs(Some(tuple(runs[start : start + TOGETHER])))
        for start in range(0, len(runs), TOGETHER)
    ]
    return np.unique(np.concatenate(found))


def _file(build: Path) -> Path:
    return build / "dictionary.json"
