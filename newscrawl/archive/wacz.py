"""WACZ 1.1.1: a WARC file, its index and its pages in one zip file that a browser replays."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from newscrawl.archive import cdxj
from newscrawl.archive.copying import Copying, Page
from newscrawl.archive.records import SOFTWARE
from newscrawl.archive.sorting import SortedLines

VERSION = "1.1.1"
WARC = "data.warc.gz"
CDX = "index.cdx.gz"
BLOCK = 1024
"""Lines of the index that are packed together: so many are unpacked to find one."""
CHUNK = 1 << 20

_MOMENT = Struct("<HHBI")
"""The moment of writing, an extra field of each file's entry.

Without any in the zip's directory, ReplayWeb.page takes it that none stands before the file itself
either; but one does, in which sizes beyond 4 GB have room.
"""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the package, as its datapackage.json lists it."""

    name: str
    path: str
    hash: str
    bytes: int


class Package:
    """The files of a package, each written from its beginning to its end."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped
        self.resources: list[Resource] = []

    @contextmanager
    def file(self, path: str) -> Iterator[Measured]:
        """A new file; what is packed already is stored as it is, so that ranges of it are read."""
        now = datetime.now(UTC)
        info = ZipInfo(path, now.timetuple()[:6])
        info.extra = _MOMENT.pack(0x5455, 5, 1, int(now.timestamp()))
        info.compress_type = ZIP_STORED if path.endswith(".gz") else ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as entry:
            measured = Measured(entry)
            yield measured
        name = path.rpartition("/")[2].lower()
        self.resources.append(Resource(name, path, measured.digest, measured.size))


class Measured:
    """A file that is written, its size and digest known at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sum = file, sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._sum.update(data)
        self.size += len(data)
        return self._file.write(data)

    @property
    def digest(self) -> str:
        """`sha256:` and 64 hexadecimal digits."""
        return f"sha256:{self._sum.hexdigest()}"


def write_wacz(
    file: BinaryIO, root: Path, pages: Iterable[Page], room: Path, about: Mapping[str, Any]
) -> int:
    """Write a package of these pages and return how many records it holds.

    `room`: a directory for what does not fit into memory. `about`: title, description and whatever
    else is to stand in its datapackage.json. Raise DamagedArchive where a capture is not whole.
    """
    with (
        ZipFile(file, "w") as zipped,
        SortedLines(room) as index,
        TemporaryFile("w+b", dir=room) as listed,
    ):
        package = Package(zipped)
        with package.file(f"archive/{WARC}") as warc:
            copying = Copying(root, warc, WARC, about["description"])
            for page in pages:
                _add(copying, page, index, listed)
        _write_index(package, index)
        _write_pages(package, listed)
        _write_datapackage(zipped, package.resources, about)
        return copying.records


def _add(copying: Copying, page: Page, index: SortedLines, listed: IO[bytes]) -> None:
    for copied in copying.add(page.places):
        if line := cdxj.line(copied.record, copied.offset, WARC):
            index.add(line)
    moment = datetime.fromisoformat(page.captured_at).astimezone(UTC)
    values = {
        "id": page.id,
        "url": page.url,
        "ts": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "title": page.title,
        "text": page.text,
    }
    listed.write(_json_line(values))


def _write_index(package: Package, lines: Iterable[str]) -> None:
    """The lines in packed blocks, and an index of the blocks."""
    blocks = [_json_header()]
    waiting = iter(lines)
    with package.file(f"indexes/{CDX}") as file:
        while some := list(islice(waiting, BLOCK)):
            packed = gzip.compress("".join(some).encode(), mtime=0)
            place = {
                "offset": file.size,
                "length": len(packed),
                "digest": f"sha256:{sha256(packed).hexdigest()}",
                "filename": CDX,
            }
            file.write(packed)
            blocks.append(f"{some[0].partition(' {')[0]} {json.dumps(place)}\n")
    with package.file("indexes/index.idx") as file:
        file.write("".join(blocks).encode())


def _json_header() -> str:
    return f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': CDX})}\n"


def _write_pages(package: Package, listed: IO[bytes]) -> None:
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    listed.seek(0)
    with package.file("pages/pages.jsonl") as file:
        file.write(_json_line(header))
        while chunk := listed.read(CHUNK):
            file.write(chunk)


def _write_datapackage(
    zipped: ZipFile, resources: Iterable[Resource], about: Mapping[str, Any]
) -> None:
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "software": SOFTWARE,
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        **about,
        "resources": [asdict(resource) for resource in resources],
    }
    content = json.dumps(package, ensure_ascii=False, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(content).hexdigest()}"}
    zipped.writestr("datapackage.json", content, ZIP_DEFLATED)
    zipped.writestr("datapackage-digest.json", json.dumps(digest, indent=2), ZIP_DEFLATED)


def _json_line(values: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(values, ensure_ascii=False)}\n".encode()
