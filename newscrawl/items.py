"""The values that travel from a site to the archive, the catalogue and the index.

Nothing here knows Scrapy, SQL or WARC: every room of the house may import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import uuid4

Headers = tuple[tuple[bytes, bytes], ...]
Point = tuple[float, float]


def new_record_id() -> str:
    """A WARC-Record-ID that no other record has: `<urn:uuid:…>`."""
    return f"<{uuid4().urn}>"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One answer of a site, exactly as it arrived, made once next to the downloader."""

    record_id: str
    """`<urn:uuid:…>`, the WARC-Record-ID of the response record."""
    requested_url: str
    """The address first asked for, before any redirect."""
    url: str
    """The address that gave this answer."""
    captured_at: datetime
    """When the answer was complete; UTC, aware."""
    status: int
    """The HTTP status of the answer: 200, 404 …"""
    headers: Headers
    """Names and values as received, repetitions kept, without Transfer-Encoding."""
    body: bytes
    """The payload: content coding still on, transfer coding already off."""
    method: str = "GET"
    """The HTTP method of the request."""
    request_headers: Headers = ()
    """Names and values as sent, repetitions kept."""


@dataclass(frozen=True, slots=True)
class Record:
    """Where a snapshot lies in the archive, known once its bytes are on disk."""

    record_id: str
    """The snapshot's own."""
    path: str
    """Relative to the archive's root, without the `.open` suffix of a file in progress."""
    offset: int
    """Bytes from the start of the file to the record's gzip member."""
    length: int
    """Bytes of that gzip member."""
    payload_digest: str
    """`sha256:` and 64 hexadecimal digits, of the payload."""


@dataclass(slots=True)
class Image:
    """A picture of an article or a page."""

    url: str
    """Absolute."""
    caption: str = ""
    """As printed, credit included; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Words:
    """An article's words by field, as segmented by one dictionary; for ranking.

    Each field is a line, blanks between the words: so they go from one process to another in a
    third of the time that lists take.
    """

    dictionary: str
    """The name of the dictionary, which changes with its words."""
    headline: str
    """In no order, repetitions kept; the same holds for the other fields."""
    kicker: str
    """Those of kicker and subhead."""
    lead: str
    """Those of the first paragraph."""
    body: str
    """Those of the other paragraphs."""


@dataclass(slots=True)
class Article:
    """One 篇 of an edition, as its page shows it."""

    paper: str
    """The spider's name: `hangzhou_daily`."""
    edition: str
    """The issue's day, `YYYY-MM-DD`; for imports and web news the day of publication."""
    url: str
    """Original URL, as requested."""
    headline: str = ""
    """主题, its printed lines parted by `\\n`; so are those of the kicker and the subhead."""
    kicker: str = ""
    """引题; several joined by one blank."""
    subhead: str = ""
    """副题; several joined by one blank."""
    reporters: list[str] = field(default_factory=list)
    """记者, in printed order, names only."""
    correspondents: list[str] = field(default_factory=list)
    """通讯员, likewise; the organisation where only that is named: 余杭区委宣传部."""
    source: str = ""
    """The source that the text itself declares (本文转自, 据…, 新华社…电); empty where none."""
    paragraphs: list[str] = field(default_factory=list)
    """Blocks of text in printed order, credits and sub-heads included, layout blanks trimmed."""
    images: list[Image] = field(default_factory=list)
    """The pictures in printed order, each address once."""
    continuation: str = ""
    """`下转…` or `上接…` as printed inside the parentheses; empty where none."""
    page: str = ""
    """版, a letter and two digits: `A05`; empty where there is no page."""
    page_name: str = ""
    """版名: 要闻."""
    number: int = 0
    """The paper's own number of the article on its page; 0 where there is none."""
    polygon: list[Point] | None = None
    """The article's area on the page image, points in percent of width and height."""
    edition_raw: str = ""
    """The date as the site writes it."""
    own_id: str = ""
    """The site's or the importer's own id, where there is no page and number."""
    late: bool = False
    """Listed by the edition only after its first capture."""
    silent: bool = False
    """Nobody is told of it: a back-fill, an import."""
    charset: str = ""
    """The encoding that the bytes were read in."""
    decode_errors: int = 0
    """Characters of its own texts that could not be decoded: U+FFFD."""
    characters: int = 0
    """Characters of its own texts in all, the measure for `decode_errors`."""
    shortened: bool = False
    """Some of its text, names or pictures were beyond all bounds and are left out."""
    snapshot_time: str = ""
    """快照生成时间: UTC, ISO 8601 with microseconds and `+00:00`."""
    record_id: str = ""
    """WARC-Record-ID of the response it was read from."""
    formerly: str = ""
    """The id of the held article that this is, moved from another place; empty where none."""
    seq: int = 0
    """The version's place in the catalogue, once recorded; 0 where the text is unchanged."""
    words: Words | None = None
    """Set by the Segment pipeline for a new version."""

    @property
    def picture_only(self) -> bool:
        """Pictures and not a word of text below the headline."""
        return bool(self.images) and not self.paragraphs

    @property
    def body(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(self.paragraphs)


def article_of(values: Mapping[str, Any]) -> Article:
    """An Article from any mapping with some of its fields; other keys are left out."""
    known = {name: values[name] for name in _ARTICLE_FIELDS if values.get(name) is not None}
    known["images"] = [
        Image(**image) if isinstance(image, Mapping) else image for image in known.get("images", [])
    ]
    return Article(**{"paper": "", "edition": "", "url": "", **known})


_ARTICLE_FIELDS = tuple(each.name for each in fields(Article))
