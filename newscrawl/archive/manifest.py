"""The manifest of a day: a line of text for each record, and what binds them to the days before.

```
newscrawl manifest 1
day 2023-12-15
before 2023-12-14 HEAD                 or: before none
lines 3
file hangzhou_daily/2023-12-15/20231215T010203004567Z-0a1b2c3d.warc.gz LENGTH STORED
record <urn:uuid:…> response 2023-12-15T01:02:03.004567Z LENGTH STORED PAYLOAD URL
erased LEAF <urn:uuid:…>
root ROOT
head HEAD
```

LENGTH counts the bytes of the file, or of the record's gzip member, and STORED is their SHA-256;
PAYLOAD is that of the payload; a record without a URL has `-`. Records stand below their file, in
its order, without gaps; where one was erased, the file's own hash says nothing any more. The lines
between `lines` and `root` are the leaves of a tree (`merkle`), an erased one by the hash that it
had. HEAD is the hash of the line `head DAY ROOT HEAD_BEFORE`, with `none` for the first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, Self

from newscrawl.archive import merkle
from newscrawl.archive.manifest_lines import (
    DAY,
    ERASED_FIRST,
    FILE_FIRST,
    HASH,
    BadManifest,
    ErasedLine,
    FileLine,
    Line,
    RecordLine,
    leaves_of,
    line_at,
)

FIRST_LINE = 5
"""The number of the first line below the header, in the file."""
NONE = "none"
_TITLE = "newscrawl manifest 1"


class Before(NamedTuple):
    """The manifest that one is chained to."""

    day: str
    head: str


class Section(NamedTuple):
    """A file and the texts of its records' lines."""

    file: FileLine
    number: int
    """Of the first of these lines, in the manifest's file."""
    rows: Sequence[str]

    def at(self, places: Mapping[str, str]) -> Section:
        """The same of a file that lies elsewhere now, if it does."""
        path = self.file.path
        return self._replace(file=self.file._replace(path=places.get(path, path)))

    def erased(self) -> list[tuple[int, ErasedLine]]:
        """The lines of records that were erased, numbered; quickly where there are none. Raises
        BadManifest.
        """
        found = (
            (number, line_at(number, row))
            for number, row in enumerate(self.rows, self.number)
            if row.startswith(ERASED_FIRST)
        )
        return [(number, line) for number, line in found if isinstance(line, ErasedLine)]

    def lines(self) -> list[RecordLine | ErasedLine]:
        """Raises BadManifest."""
        found = [line_at(number, row) for number, row in enumerate(self.rows, self.number)]
        return [line for line in found if not isinstance(line, FileLine)]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A day's manifest; root and head as it says, which `faults` compares."""

    day: str
    """`YYYY-MM-DD`, in Shanghai."""
    before: Before | None
    rows: Sequence[str]
    """The texts of its lines, first that of a file."""
    root: str
    head: str

    @classmethod
    def of(cls, day: str, before: Before | None, lines: Iterable[Line]) -> Self:
        """Made of its lines. Raises ValueError where there are none."""
        rows = tuple(line.text for line in lines)
        root = merkle.root(leaves_of(rows))
        return cls(day, before, rows, root, head(day, root, before))

    @property
    def text(self) -> str:
        before = f"{self.before.day} {self.before.head}" if self.before else NONE
        rows = (
            _TITLE,
            f"day {self.day}",
            f"before {before}",
            f"lines {len(self.rows)}",
            *self.rows,
            f"root {self.root}",
            f"head {self.head}",
            "",
        )
        return "\n".join(rows)

    def leaves(self) -> list[str]:
        """The hashes of its lines."""
        return leaves_of(self.rows)

    def true_root(self) -> str:
        """That of the lines, whatever the manifest says."""
        return merkle.root(self.leaves())

    def sections(self) -> Iterator[Section]:
        """The files with their records. Raises BadManifest where a file's line is none."""
        places = [place for place, row in enumerate(self.rows) if row.startswith(FILE_FIRST)]
        for start, end in pairwise((*places, len(self.rows))):
            line = line_at(FIRST_LINE + start, self.rows[start])
            assert isinstance(line, FileLine)
            yield Section(line, FIRST_LINE + start + 1, self.rows[start + 1 : end])

    def without(self, path: str, record_ids: Collection[str]) -> tuple[Manifest, dict[str, str]]:
        """What it says once some records of a file are erased; and the leaves of these, by their
        ids. Raises BadManifest.
        """
        rows, leaves = list(self.rows), dict[str, str]()
        for section in self.sections():
            if section.file.path == path:
                for place, line in enumerate(section.lines(), section.number - FIRST_LINE):
                    if line.record_id in record_ids:
                        leaves[line.record_id] = line.leaf
                        rows[place] = ErasedLine(line.leaf, line.record_id).text
        return replace(self, rows=tuple(rows)), leaves

    def faults(self, true_root: str | None = None) -> Iterator[BadManifest]:
        """Where root or head are not those of the lines, whose root may be known already."""
        last = FIRST_LINE + len(self.rows)
        if (true_root or self.true_root()) != self.root:
            yield BadManifest(last, "the root is not that of the lines")
        if head(self.day, self.root, self.before) != self.head:
            yield BadManifest(last + 1, "the head is not that of day, root and the day before")

    def check_lines(self) -> None:
        """Raises BadManifest for a line that is none of a manifest's."""
        for number, row in enumerate(self.rows, FIRST_LINE):
            line_at(number, row)


def head(day: str, root: str, before: Before | None) -> str:
    """What binds a day's root to all days before."""
    return merkle.hash_line(f"head {day} {root} {before.head if before else NONE}")


def parse(content: bytes) -> Manifest:
    """Read a manifest exactly as `text` writes it. Raises BadManifest for anything else.

    Whether root and head are right is for `faults` to say.
    """
    manifest = outline(content)
    manifest.check_lines()
    return manifest


def outline(content: bytes) -> Manifest:
    """As `parse`, but the lines of files and records are not looked at.

    Where their root is known, they are those that were written.
    """
    rows = _rows(content)
    if len(rows) < FIRST_LINE + 2:
        raise BadManifest(len(rows), "the manifest ends here, before its head")
    _match(rows, 1, re.escape(_TITLE))
    day = _match(rows, 2, rf"day ({DAY})")[1]
    before = _match(rows, 3, rf"before (?:{NONE}|({DAY}) ({HASH}))")
    count = int(_match(rows, 4, "lines ([1-9][0-9]*)")[1])
    if count != len(rows) - FIRST_LINE - 1:
        raise BadManifest(4, f"{len(rows) - FIRST_LINE - 1} lines follow, not {count}")
    if not rows[FIRST_LINE - 1].startswith(FILE_FIRST):
        raise BadManifest(FIRST_LINE, "no line of a file, which comes before those of its records")
    return Manifest(
        day=day,
        before=Before(before[1], before[2]) if before[1] else None,
        rows=tuple(rows[FIRST_LINE - 1 : -2]),
        root=_match(rows, len(rows) - 1, f"root ({HASH})")[1],
        head=_match(rows, len(rows), f"head ({HASH})")[1],
    )


def _rows(content: bytes) -> list[str]:
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadManifest(line, "a character that is not ASCII") from None
    *rows, rest = text.split("\n")
    if rest:
        raise BadManifest(len(rows) + 1, "the last line does not end")
    return rows


def _match(rows: Sequence[str], number: int, pattern: str) -> re.Match[str]:
    found = re.fullmatch(pattern, rows[number - 1])
    if found is None:
        raise BadManifest(number, f"not as a manifest has it there: {rows[number - 1][:80]!r}")
    return found
