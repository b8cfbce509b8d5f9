"""Looks for texts in every byte below a directory: inflated, decoded, and in the vocabularies."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from newscrawl.home import Home
from newscrawl.index.store import Store

WIDE = ("utf-16-le", "utf-16-be", "gb18030")
"""Encodings in which a text of two common characters is four bytes, which stand anywhere."""


def found(root: Path, wanted: Iterable[str]) -> dict[str, set[str]]:
    """By text, the files that have it."""
    texts = list(wanted)
    forms = [(text, text.encode(each)) for text in texts for each in _encodings(text)]
    places: dict[str, set[str]] = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        held = file.read_bytes()
        for data in (held, inflated(held)):
            for text, form in forms:
                if form in data:
                    places.setdefault(text, set()).add(str(file.relative_to(root)))
    return places


def inflated(data: bytes) -> bytes:
    """Every gzip member that begins anywhere in it, unpacked; and what is in those again."""
    made = b"".join(_members(data))
    return made + b"".join(_members(made)) if made else b""


def vocabulary(home: Path, characters: Iterable[str]) -> set[str]:
    """Every gram of every side table, and every word that begins with one of these characters."""
    grams = {term for path in home.rglob("grams.db") for term in _terms(path) if term}
    reader = Store.of(Home(home)).current().reader()
    try:
        return grams | set(reader.beginning(set(characters)))
    finally:
        reader.close()


def stored(home: Path) -> list[object]:
    """What Whoosh keeps of documents by itself."""
    from whoosh.index import open_dir

    held: list[object] = []
    for place in home.rglob("whoosh"):
        with closing(open_dir(str(place))) as index, closing(index.reader()) as reader:
            held += [fields for _number, fields in reader.iter_docs() if fields]
    return held


def bigrams(text: str) -> set[str]:
    """Every pair of neighbouring characters."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _encodings(text: str) -> tuple[str, ...]:
    return ("utf-8", *WIDE) if len(text.encode("utf-16-le")) > 4 else ("utf-8",)


def _members(data: bytes) -> Iterator[bytes]:
    at = data.find(b"\x1f\x8b\x08")
    while at >= 0:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        with suppress(zlib.error):
            yield stream.decompress(data[at:])
        at = data.find(b"\x1f\x8b\x08", at + 3)


def _terms(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as table:
        table.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'grams', 'row')")
        names = [row[0] for row in table.execute("SELECT text FROM names")]
        return names + [row[0] for row in table.execute("SELECT term FROM temp.held")]
