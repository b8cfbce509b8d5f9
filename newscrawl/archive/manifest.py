"""The manifest of a day: a line of text for each record, and what binds them to the days before.

```
newscrawl manifest 1
day 2023-12-15
before 2023-12-14 HEAD                 or: before none
lines 3
file hangzhou_daily/2023-12-15/20231215T010203004567Z-0a1b2c3d.warc.gz
record <urn:uuid:…> response 2023-12-15T01:02:03.004567Z LENGTH STORED PAYLOAD URL
erased LEAF <urn:uuid:…>
root ROOT
head HEAD
```

LENGTH counts the bytes of the record's gzip member and STORED is their SHA-256, PAYLOAD that of the
payload; a record without a URL has `-`. Records stand below their file, in its order, without gaps.
The lines between `lines` and `root` are the leaves of a tree (`merkle`), an erased one by the hash
that it had. HEAD is the hash of the line `head DAY ROOT HEAD_BEFORE`, with `none` for the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias

from newscrawl.archive import merkle
from newscrawl.archive.layout import FILE

FIRST_LINE = 5
"""The number of the first line below the header, in the file."""
NONE = "none"
NO_URL = "-"
_TITLE = "newscrawl manifest 1"
_HASH = r"[0-9a-f]{64}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ID = r"<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>"
_TIME = rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\.[0-9]{{6}}Z"
_TYPES = "warcinfo|request|response|resource"
_RECORD = re.compile(
    rf"record ({_ID}) ({_TYPES}) ({_TIME}) ([1-9][0-9]*) ({_HASH}) ({_HASH}) ([!-~]+)"
)
_FILE = re.compile(rf"file ({FILE.pattern})")
_ERASED = re.compile(rf"erased ({_HASH}) ({_ID})")


class BadManifest(ValueError):
    """A text is no manifest; `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


class FileLine(NamedTuple):
    """The file in which the records of the following lines lie."""

    path: str
    """Relative to the archive's root."""

    @property
    def text(self) -> str:
        return f"file {self.path}"

    @property
    def leaf(self) -> str:
        return merkle.leaf(self.text)


class RecordLine(NamedTuple):
    """A record as it was stored when its day was sealed."""

    record_id: str
    type: str
    time: str
    """WARC-Date, UTC."""
    length: int
    """Bytes of its gzip member."""
    stored: str
    """SHA-256 of these, 64 hexadecimal digits."""
    payload: str
    """SHA-256 of its payload, likewise."""
    url: str
    """`-` where it has none."""

    @property
    def text(self) -> str:
        return "record " + " ".join(map(str, self))

    @property
    def leaf(self) -> str:
        return merkle.leaf(self.text)


class ErasedLine(NamedTuple):
    """What is left of a record's line when the record was taken down."""

    leaf: str
    record_id: str

    @property
    def text(self) -> str:
        return f"erased {self.leaf} {self.record_id}"


Line: TypeAlias = FileLine | RecordLine | ErasedLine


class Before(NamedTuple):
    """The manifest that one is chained to."""

    day: str
    head: str


class Numbered(NamedTuple):
    """A line and its number in the manifest's file."""

    number: int
    line: RecordLine | ErasedLine


@dataclass(frozen=True, slots=True)
class Manifest:
    """A day's manifest; root and head as it says, which `faults` compares."""

    day: str
    """`YYYY-MM-DD`, in Shanghai."""
    before: Before | None
    lines: tuple[Line, ...]
    root: str
    head: str

    @classmethod
    def of(cls, day: str, before: Before | None, lines: Sequence[Line]) -> Self:
        """Made of its lines. Raises ValueError where there are none."""
        root = merkle.root([line.leaf for line in lines])
        return cls(day, before, tuple(lines), root, head(day, root, before))

    @property
    def text(self) -> str:
        before = f"{self.before.day} {self.before.head}" if self.before else NONE
        rows = (
            _TITLE,
            f"day {self.day}",
            f"before {before}",
            f"lines {len(self.lines)}",
            *(line.text for line in self.lines),
            f"root {self.root}",
            f"head {self.head}",
            "",
        )
        return "\n".join(rows)

    def true_root(self) -> str:
        """That of the lines, whatever the manifest says."""
        return merkle.root(self.leaves())

    def leaves(self) -> list[str]:
        return [line.leaf for line in self.lines]

    def files(self) -> Iterator[tuple[str, list[Numbered]]]:
        """Each file's path and the lines of its records."""
        path, found = "", list[Numbered]()
        for number, line in enumerate(self.lines, FIRST_LINE):
            if isinstance(line, FileLine):
                if path:
                    yield path, found
                path, found = line.path, []
            else:
                found.append(Numbered(number, line))
        yield path, found

    def faults(self) -> Iterator[BadManifest]:
        """Where root or head are not those of the lines."""
        last = FIRST_LINE + len(self.lines)
        if self.true_root() != self.root:
            yield BadManifest(last, "the root is not that of the lines")
        if head(self.day, self.root, self.before) != self.head:
            yield BadManifest(last + 1, "the head is not that of day, root and the day before")


def head(day: str, root: str, before: Before | None) -> str:
    """What binds a day's root to all days before."""
    return merkle.hash_line(f"head {day} {root} {before.head if before else NONE}")


def parse(content: bytes) -> Manifest:
    """Read a manifest exactly as `text` writes it. Raises BadManifest for anything else.

    Whether root and head are right is for `faults` to say.
    """
    rows = _rows(content)
    if len(rows) < FIRST_LINE + 2:
        raise BadManifest(len(rows), "the manifest ends here, before its head")
    _match(rows, 1, re.escape(_TITLE))
    day = _match(rows, 2, rf"day ({_DAY})")[1]
    before = _match(rows, 3, rf"before (?:{NONE}|({_DAY}) ({_HASH}))")
    count = int(_match(rows, 4, "lines ([1-9][0-9]*)")[1])
    if count != len(rows) - FIRST_LINE - 1:
        raise BadManifest(4, f"{len(rows) - FIRST_LINE - 1} lines follow, not {count}")
    lines = tuple(_line(number, row) for number, row in enumerate(rows[4:-2], FIRST_LINE))
    if not isinstance(lines[0], FileLine):
        raise BadManifest(FIRST_LINE, "a record that is in no file")
    return Manifest(
        day=day,
        before=Before(before[1], before[2]) if before[1] else None,
        lines=lines,
        root=_match(rows, len(rows) - 1, f"root ({_HASH})")[1],
        head=_match(rows, len(rows), f"head ({_HASH})")[1],
    )


def parse_line(text: str) -> Line | None:
    """A line of the tree; None for what is none."""
    if found := _RECORD.fullmatch(text):
        record_id, kind, time, length, stored, payload, url = found.groups()
        return RecordLine(record_id, kind, time, int(length), stored, payload, url)
    if found := _FILE.fullmatch(text):
        return FileLine(found[1])
    if found := _ERASED.fullmatch(text):
        return ErasedLine(found[1], found[2])
    return None


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


def _line(number: int, text: str) -> Line:
    line = parse_line(text)
    if line is None:
        raise BadManifest(number, f"no line of a file or record: {text[:80]!r}")
    return line
