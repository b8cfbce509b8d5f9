"""The list of a backup: what belongs to it, with digests, as `sha256sum -c` reads it.

`#` begins a comment there. The first line says what this is, the last one proves that the list is
whole, for a list that lost a line would miss a file and look sound.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newscrawl.errors import NewscrawlError

_FIRST = re.compile(r"# newscrawl backup 1, made (\S+), (with|without) secrets(, until the next)?")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class BadList(NewscrawlError):
    """A list is not what was written."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a backup holds."""

    made: str
    """ISO 8601, UTC."""
    secrets: bool
    files: Mapping[str, str]
    """Path below the directory of backups → SHA-256, 64 hex digits."""
    passing: bool = False
    """Whether it goes when the next one is there: an erasure may have been at work."""


def show(sums: Sums) -> str:
    """The list as it is kept."""
    secrets = "with" if sums.secrets else "without"
    passing = ", until the next" if sums.passing else ""
    lines = [f"# newscrawl backup 1, made {sums.made}, {secrets} secrets{passing}"]
    lines += [f"{digest}  {path}" for path, digest in sorted(sums.files.items())]
    text = "".join(f"{line}\n" for line in lines)
    return f"{text}{_last(text, len(sums.files))}\n"


def parse(text: str) -> Sums:
    """The list that `show` wrote. Raises BadList for any other text."""
    above, _, last = text.removesuffix("\n").rpartition("\n")
    first, *lines = above.split("\n")
    head, found = _FIRST.fullmatch(first), [_LINE.fullmatch(line) for line in lines]
    files = {each[2]: each[1] for each in found if each}
    if head is None or last != _last(f"{above}\n", len(lines)) or len(files) != len(lines):
        raise BadList("not the list that was written")
    return Sums(head[1], head[2] == "with", files, head[3] is not None)


def _last(text: str, files: int) -> str:
    return f"# {files} files; SHA-256 of all above: {hashlib.sha256(text.encode()).hexdigest()}"
