"""A subscription as a feed: Atom (RFC 4287) and JSON Feed 1.1, with the same entries.

Pure: values in, bytes out. Whatever a page has put into a text stays text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from newscrawl.alerts.links import FeedFormat
from newscrawl.query.highlight import Passage, marked_html, showable_passage
from newscrawl.text.address import web_address
from newscrawl.text.clean import showable
from newscrawl.text.dates import shown

Kind = Literal["new", "edited", "reprint"]
Language = Literal["zh", "en"]

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
_JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a subscription has found."""

    id: str
    """A URI that stays, whatever becomes of the addresses: `urn:uuid:…`."""
    headline: str
    paper: str
    """Its title: 杭州日报."""
    page: str
    """`A05 要闻`; empty where there is none."""
    time: datetime
    """When it was found; aware."""
    seen: datetime
    """When it was first seen, which is what a reader is shown, as in messages; aware."""
    passage: Passage
    """What of it was found, and which places are to be marked."""
    snapshot: str
    """URL of our page; empty where none can be given."""
    original: str
    """URL at the paper; anything but http and https is left out."""
    kind: Kind
    also: tuple[str, ...] = ()
    """The titles of other papers that have the same report."""
    story: str = ""
    """URL of our page that compares them; empty where none can be given."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as its reader sees it."""

    id: str
    """A URI that stays."""
    title: str
    address: str
    """Its own URL; empty for a file."""
    updated: datetime
    """When the newest entry came, or, where there is none, when the feed began; aware."""
    language: Language
    """Of what is said beside the articles' own texts."""
    entries: tuple[Entry, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class _Wording:
    kinds: dict[Kind, str]
    also: str
    between: str
    snapshot: str
    original: str
    story: str


_WORDING: dict[Language, _Wording] = {
    "zh": _Wording(
        kinds={"new": "", "edited": "修改后符合", "reprint": "转载"},
        also="另见 {count} 报：",
        between="、",
        snapshot="快照",
        original="原文",
        story="各报异同",
    ),
    "en": _Wording(
        kinds={"new": "", "edited": "matches since an edit", "reprint": "reprint"},
        also="Also in {count} more: ",
        between=", ",
        snapshot="Snapshot",
        original="Original",
        story="Differences",
    ),
}


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8, well-formed whatever its texts hold."""
    feed = _safe(feed)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "zh-CN"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, "author"), "name", "newscrawl")
    _text(root, "generator", "newscrawl")
    if feed.address:
        SubElement(root, "link", rel="self", type=ATOM_TYPE, href=feed.address)
    for entry in feed.entries:
        _add_entry(SubElement(root, "entry"), entry, feed.language)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def json_feed(feed: Feed) -> bytes:
    """The feed as a JSON Feed in UTF-8."""
    feed = _safe(feed)
    data = {
        "version": _JSON_FEED,
        "title": feed.title,
        "feed_url": feed.address or None,
        "language": "zh-CN",
        "items": [_item(entry, feed.language) for entry in feed.entries],
    }
    return json.dumps(_given(data), ensure_ascii=False, indent=1).encode()


WRITERS: Mapping[FeedFormat, Callable[[Feed], bytes]] = {"atom": atom, "json": json_feed}


def _add_entry(element: Element, entry: Entry, language: Language) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.headline)
    _text(element, "updated", _moment(entry.time))
    _text(element, "published", _moment(entry.time))
    _text(SubElement(element, "author"), "name", entry.paper)
    SubElement(element, "category", term=entry.kind)
    for rel, url in (("alternate", entry.snapshot or entry.original), ("via", entry.original)):
        if url:
            SubElement(element, "link", rel=rel, href=url)
    content = SubElement(element, "content", type="html")
    content.text = _html(entry, language)


def _item(entry: Entry, language: Language) -> dict[str, Any]:
    return _given(
        {
            "id": entry.id,
            "url": entry.snapshot or entry.original or None,
            "external_url": entry.original or None,
            "title": entry.headline,
            "content_html": _html(entry, language),
            "summary": entry.passage.text,
            "date_published": _moment(entry.time),
            "authors": [{"name": entry.paper}],
            "tags": [entry.kind],
            "_newscrawl": {
                "page": entry.page,
                "kind": entry.kind,
                "also": list(entry.also),
                "story": entry.story,
            },
        }
    )


def _html(entry: Entry, language: Language) -> str:
    return "".join(f"<p>{line}</p>" for line in _lines(entry, _WORDING[language]) if line)


def _lines(entry: Entry, wording: _Wording) -> Iterator[str]:
    """The paragraphs of an entry, as HTML."""
    yield marked_html(entry.passage)
    place = (entry.paper, entry.page, shown(entry.seen), wording.kinds[entry.kind])
    yield escape(" ".join(filter(None, place)))
    if entry.also:
        papers = wording.between.join(entry.also)
        yield escape(wording.also.format(count=len(entry.also)) + papers)
    links = (
        (wording.snapshot, entry.snapshot),
        (wording.original, entry.original),
        (wording.story, entry.story),
    )
    yield " · ".join(_link(name, url) for name, url in links if url)


def _link(name: str, url: str) -> str:
    return f'<a href="{escape(url)}" rel="noreferrer nofollow">{name}</a>'


def _safe(feed: Feed) -> Feed:
    """The feed with texts that any format takes, and with links that a browser may follow."""
    return replace(
        feed,
        title=showable(feed.title),
        address=web_address(feed.address),
        entries=tuple(map(_safe_entry, feed.entries)),
    )


def _safe_entry(entry: Entry) -> Entry:
    return replace(
        entry,
        headline=showable(entry.headline),
        paper=showable(entry.paper),
        page=showable(entry.page),
        passage=showable_passage(entry.passage),
        snapshot=web_address(entry.snapshot),
        original=web_address(entry.original),
        also=tuple(map(showable, entry.also)),
        story=web_address(entry.story),
    )


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _moment(time: datetime) -> str:
    """RFC 3339, UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
