"""Feeds: what a reader reads back is what was put in, whatever stands in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newscrawl.alerts.feeds import Entry, Feed, atom, json_feed
from newscrawl.query.highlight import Passage, showable_passage
from newscrawl.text.clean import showable

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = datetime(2023, 12, 15, 0, 45, 10, tzinfo=UTC)
SEEN = datetime(2023, 12, 15, 0, 31, tzinfo=UTC)
ENTRY = Entry(
    id="urn:uuid:00000001-0000-4000-8000-000000000000",
    headline="渡口恢复通航",
    paper="杭州日报",
    page="A01 要闻",
    time=TIME,
    seen=SEEN,
    passage=Passage("…昨日渡口恢复通航，首班", ((3, 5),)),
    snapshot="https://news.example.org/s/hangzhou_daily/2023-12-15/A01/1",
    original="https://paper.example/a.html?id=1&n=2",
    kind="new",
)
FEED = Feed(
    id="urn:uuid:00000000-0000-4000-8000-000000000000",
    title="渡口",
    address="https://news.example.org/feed/secret.atom",
    updated=TIME,
    language="zh",
    entries=(ENTRY,),
)
HOSTILE = [
    "]]>",
    "<script>alert(1)</script>",
    "a\x00b\x0b\x1b[31m\x7f\x9fc",
    "孤\ud800独\udfff",
    "\u202egnp.exe\u2066\u200f",
    "\ufffe\uffff\ufeff",
    "&amp;&#0;&lt;",
    "一\r\n二\t三\u2028四\x85五",
    '" onmouseover="x',
    "𠮷䶮㛃",
]


def feed(**changes) -> Feed:
    return replace(FEED, entries=(replace(ENTRY, **changes),))


def read(made: Feed) -> etree._Element:
    return etree.fromstring(atom(made), etree.XMLParser(resolve_entities=False))


def told(element: etree._Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def entry_of(made: Feed) -> etree._Element:
    found = read(made).find(f"{ATOM}entry")
    assert found is not None
    return found


def item_of(made: Feed):
    return json.loads(json_feed(made))["items"][0]


class Page(HTMLParser):
    """The elements of a piece of HTML, its links and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str | None] = []
        self.paragraphs: list[str] = []
        self.marked: list[str] = []
        self._in_mark = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= dict(attrs).keys()
        if tag == "p":
            self.paragraphs.append("")
        elif tag == "mark":
            self.marked.append("")
            self._in_mark = True
        elif tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data):
        self.paragraphs[-1] += data
        if self._in_mark:
            self.marked[-1] += data


def test_an_entry_has_what_a_reader_shows():
    entry = entry_of(FEED)
    assert told(entry, "id") == ENTRY.id
    assert told(entry, "title") == "渡口恢复通航"
    assert told(entry, "updated") == told(entry, "published") == "2023-12-15T00:45:10Z"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "杭州日报"
    links = {each.get("rel"): each.get("href") for each in entry.findall(f"{ATOM}link")}
    assert links == {"alternate": ENTRY.snapshot, "via": ENTRY.original}
    page = Page(told(entry, "content"))
    assert page.paragraphs == [
        "…昨日渡口恢复通航，首班",
        "杭州日报 A01 要闻 2023-12-15 08:31:00",
        "快照 · 原文",
    ]
    assert page.marked == ["渡口"]
    assert page.links == [ENTRY.snapshot, ENTRY.original]


def test_a_feed_names_itself():
    root = read(FEED)
    assert (told(root, "id"), told(root, "title")) == (FEED.id, "渡口")
    assert told(root, "updated") == "2023-12-15T00:45:10Z"
    link = root.find(f"{ATOM}link")
    assert link is not None
    assert dict(link.attrib) == {
        "rel": "self",
        "type": "application/atom+xml",
        "href": FEED.address,
    }
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "newscrawl"


def test_both_formats_hold_the_same():
    entry, item = entry_of(FEED), item_of(FEED)
    assert item["id"] == told(entry, "id")
    assert item["title"] == told(entry, "title")
    assert item["content_html"] == told(entry, "content")
    assert item["date_published"] == told(entry, "published")
    assert (item["url"], item["external_url"]) == (ENTRY.snapshot, ENTRY.original)
    data = json.loads(json_feed(FEED))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert (data["title"], data["feed_url"]) == ("渡口", FEED.address)


def test_other_papers_and_the_kind_are_told_in_the_language_of_the_feed():
    made = feed(kind="edited", also=("都市快报", "每日商报"))
    lines = Page(told(entry_of(made), "content")).paragraphs
    assert lines[1:3] == [
        "杭州日报 A01 要闻 2023-12-15 08:31:00 修改后符合",
        "另见 2 报：都市快报、每日商报",
    ]
    english = Page(item_of(replace(made, language="en"))["content_html"]).paragraphs
    assert english[1].endswith("matches since an edit")
    assert english[2:] == ["Also in 2 more: 都市快报, 每日商报", "Snapshot · Original"]


def test_the_differences_of_a_story_are_one_link_away():
    made = feed(also=("都市快报",), story="https://news.example.org/story/x")
    assert Page(told(entry_of(made), "content")).links[-1] == "https://news.example.org/story/x"
    assert item_of(made)["_newscrawl"]["story"] == "https://news.example.org/story/x"
    assert "javascript" not in item_of(feed(story="javascript:alert(1)"))["content_html"]


def test_an_empty_feed_is_one():
    empty = replace(FEED, entries=(), address="")
    assert read(empty).find(f"{ATOM}entry") is None
    assert json.loads(json_feed(empty)) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "渡口",
        "language": "zh-CN",
        "items": [],
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_b5_no_text_breaks_a_feed_or_becomes_markup(text):
    text = f"前{text}后"
    made = feed(
        headline=text, paper=text, page=text, passage=Passage(text, ((0, len(text)),)), also=(text,)
    )
    entry, item = entry_of(replace(made, title=text)), item_of(made)
    assert told(entry, "title") == item["title"] == showable(text)
    content = told(entry, "content")
    assert content == item["content_html"]
    page = Page(content)
    assert page.names <= {"p", "mark", "a"}
    assert page.attributes == {"href", "rel"}
    assert page.paragraphs[0] == showable(text)
    assert page.paragraphs[2].endswith(showable(text))


@given(st.lists(st.text(st.characters(codec=None)), min_size=4, max_size=4), st.data())
def test_b5_what_is_read_back_is_what_was_put_in(texts, data):
    title, headline, paper, text = (f"文{each}" for each in texts)
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = tuple(zip(ends[::2], ends[1::2], strict=False))
    made = replace(feed(headline=headline, paper=paper, passage=Passage(text, spans)), title=title)
    root = read(made)
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert told(root, "title") == json.loads(json_feed(made))["title"] == showable(title)
    assert told(entry, "title") == item_of(made)["title"] == showable(headline)
    shown = showable_passage(Passage(text, spans))
    page = Page(told(entry, "content"))
    assert page.paragraphs[0] == shown.text
    assert page.marked == [shown.text[start:end] for start, end in shown.spans]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
        "//evil.example/x", "/x", "vbscript:x", "https://a.example/\nx", 'https://a.example/"x',
        "https://a.example/<x", " https://a.example/", "import:paper/1", "", "https:///x",
        "javascript://a.example/%0Aalert(1)", "https://user@evil.example/", "https:\\\\a.example",
        "https://a.example\\@evil.example/", "https://a.example/\u202ex", "https://a.example/\ud800",
    ],
)  # fmt: skip
def test_b5_a_link_that_is_none_is_left_out(url):
    made = feed(original=url, snapshot=url)
    entry = entry_of(made)
    assert entry.find(f"{ATOM}link") is None
    assert Page(told(entry, "content")).links == []
    assert item_of(made).keys().isdisjoint({"url", "external_url"})
