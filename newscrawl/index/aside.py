"""Articles that cannot be prepared for the index: set aside by name, so that all others are found.

A build notes them before they are passed, and another build tries them again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from newscrawl.catalogue import log, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.illegible import Illegible
from newscrawl.durable import replace
from newscrawl.index.damage import reading
from newscrawl.index.documents import Document, Given, emptied, words_of
from newscrawl.items import Article
from newscrawl.text.segment import Segmenter

NAME = "aside.json"
MOST = 1_000
"""In one build. More are not the fault of the articles."""
LONGEST = 200
"""Characters of what is said of one."""
UNFIT = "it cannot be prepared for the index"
TRY_AGAIN = "after an upgrade `newscrawl reindex` tries again"
RESTORE = (
    "restore newscrawl.db from a backup; the next crawl or import builds the index anew with it"
)
_OURS = Article(paper="", edition="", url="", headline="渡口", paragraphs=["渡口今日恢复通航。"])

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A version that no search of a build finds."""

    seq: int
    article_id: str
    why: str
    """In one line."""
    illegible: bool = False
    """Its row of the catalogue cannot be read."""

    @property
    def what(self) -> str:
        """What has become of it, in one line."""
        kind = "it cannot be read in the catalogue" if self.illegible else UNFIT
        return f"not found, for {kind}: {self.why}"

    @property
    def remedy(self) -> str:
        return RESTORE if self.illegible else TRY_AGAIN


def read(build: Path) -> list[SetAside]:
    """What is set aside in the index in a directory, in its order.

    Raises IndexDamaged where that cannot be read.
    """
    file = build / NAME
    if not file.exists():
        return []
    with reading(file):
        noted = json.loads(file.read_text(encoding="utf-8"))
        return [
            SetAside(int(each["seq"]), each["article_id"], each["why"], bool(each.get("illegible")))
            for each in noted
        ]


def standing(view: Transaction, build: Path) -> list[SetAside]:
    """The same without those that no search is to find any more, because of an edit."""
    noted = read(build)
    live = versions.live_among(view, [each.seq for each in noted])
    return [each for each in noted if each.seq in live]


def mended(view: Transaction, build: Path) -> list[SetAside]:
    """Those of `standing` whose rows could not be read, and now can."""
    noted = {each.seq: each for each in standing(view, build) if each.illegible}
    entries = log.named(view, noted)
    return [noted[entry.seq] for entry in entries if not isinstance(entry, Illegible)]


def unite(build: Path, others: Iterable[Path]) -> None:
    """Note in a build what is set aside in others, of which it is made."""
    if noted := [each for other in others for each in read(other)]:
        _write(build, noted)


class Aside:
    """Sets versions of a build aside; for `documents_of`."""

    def __init__(self, build: Path, cut: Segmenter) -> None:
        self._build, self.cut = build, cut

    def __call__(self, given: Given, error: BaseException) -> Document:
        """Note a version; what stands in its place. Raises what is not its fault."""
        require_others(self.cut)
        noted = {each.seq: each for each in read(self._build)}
        one = SetAside(
            given.version.seq,
            given.version.article_id,
            in_a_line(error),
            isinstance(given.version, Illegible),
        )
        noted[one.seq] = one
        if len(noted) > MOST:
            raise error
        _write(self._build, noted.values())
        _log.warning("%s: set aside: %s", one.article_id, one.what)
        return emptied(given, self.cut)


def require_others(cut: Segmenter) -> None:
    """Raises what keeps also a text of ours from being cut, and so is the fault of no article."""
    words_of(_OURS, cut)


def in_a_line(error: BaseException) -> str:
    """What is said of an error."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]


def _write(build: Path, noted: Iterable[SetAside]) -> None:
    every = [asdict(each) for each in sorted(noted, key=lambda each: each.seq)]
    replace(build / NAME, json.dumps(every, ensure_ascii=False))
