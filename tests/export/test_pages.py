"""What a page takes along: its pictures and what has led there, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newscrawl.archive.reader import read_record
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import articles, outgoing, snapshots
from newscrawl.catalogue.outgoing import Scope
from newscrawl.catalogue.snapshots import Place
from newscrawl.export.pages import pages
from newscrawl.home import Home
from newscrawl.items import Image
from newscrawl.ops.takedown import Order, take_down
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER, article, catalogue

SITE = "https://paper.example"
PICTURE = f"{SITE}/ferry.jpg"


class Paper:
    """An archive and a catalogue into which captures are put."""

    def __init__(self, root, made):
        self.root, self.made = root, made
        self.writer = ArchiveWriter(root)

    def capture(self, kind, url, *, requested=None, **what):
        """The record id of a capture that is archived and catalogued."""
        place = Place(PAPER, DAY, kind)
        taken = replace(snapshot(url=url, **what), requested_url=requested or url)
        record = self.writer.write(place.folder, taken).result()
        with self.made.write() as tx:
            snapshots.add_all(tx, [snapshots.row(place, taken, record)])
        return taken.record_id

    def article(self, number, url, record_id, **changes):
        with self.made.write() as tx:
            articles.record(tx, article(number, url=url, record_id=record_id, **changes))

    def copied(self):
        """What each page takes along, as `(url, status, body)`."""
        self.writer.close()
        with self.made.read() as connection:
            seqs = [each.seq for each in outgoing.held(connection, Scope())]
            upto = outgoing.newest_capture(connection)
            found = list(pages(self.made, outgoing.outgoing(connection, seqs), upto))
        return {
            page.id.rpartition("/")[0].rpartition("/")[2]: [
                (record.url, record.status, record.payload)
                for record in (read_record(self.root, *place) for place in page.places)
            ]
            for page in found
        }


@pytest.fixture
def paper(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield Paper(tmp_path / "snapshots", made)
    made.close()


def test_a_picture_that_two_pages_show_is_taken_once_in_each_of_its_states(paper):
    for number in (1, 2):
        url = f"{SITE}/{number}.html"
        taken = paper.capture("article", url, body=b"page %d" % number)
        paper.article(number, url, taken, images=[Image(PICTURE)])
    paper.capture("image", PICTURE, status=503, body=b"later")
    for body in (b"old", b"new", b"new"):
        paper.capture("image", PICTURE, body=body)
    paper.capture("image", f"{SITE}/other.jpg", body=b"of another page")
    paper.capture("view", PICTURE, body=b"no picture")
    assert paper.copied() == {
        "1": [
            (f"{SITE}/1.html", 200, b"page 1"),
            (PICTURE, 200, b"old"),
            (PICTURE, 200, b"new"),
        ],
        "2": [(f"{SITE}/2.html", 200, b"page 2")],
    }


def test_what_has_led_to_a_page_and_to_a_picture_is_taken_along(paper):
    asked, moved = f"{SITE}/old.html", f"{SITE}/new.html"
    paper.capture("article", asked, status=302, body=b"")
    taken = paper.capture("article", moved, requested=asked, body=b"page")
    paper.article(1, asked, taken, images=[Image(PICTURE)])
    paper.capture("image", PICTURE, status=301, body=b"")
    paper.capture("image", f"{SITE}/cdn.jpg", requested=PICTURE, body=b"picture")
    assert paper.copied() == {
        "1": [
            (moved, 200, b"page"),
            (asked, 302, b""),
            (PICTURE, 301, b""),
            (f"{SITE}/cdn.jpg", 200, b"picture"),
        ]
    }


def test_a_picture_that_a_killed_run_left_is_known_by_its_address(paper):
    url = f"{SITE}/1.html"
    paper.article(1, url, paper.capture("article", url), images=[Image(PICTURE)])
    paper.capture("adopted", PICTURE, body=b"picture")
    assert [each[0] for each in paper.copied()["1"]] == [url, PICTURE]


@pytest.mark.parametrize("prefix", [True, False])
def test_i1_a_picture_that_is_taken_down_goes_out_with_no_page(paper, tmp_path, prefix):
    elsewhere = f"{SITE}/pictures/ferry.jpg"
    for number, picture in ((1, PICTURE), (2, elsewhere)):
        url = f"{SITE}/{number}.html"
        taken = paper.capture("article", url, body=b"page %d" % number)
        paper.article(number, url, taken, images=[Image(picture)])
        paper.capture("image", picture, body=b"ferry %d" % number)
    ask = Order("hide", "asked", "privacy", "desk")
    raised = {"wanted": elsewhere, "prefix": prefix}
    take_down(Home(tmp_path), paper.made, ask, datetime.now(UTC), **raised)
    assert paper.copied() == {
        "1": [(f"{SITE}/1.html", 200, b"page 1"), (PICTURE, 200, b"ferry 1")],
        "2": [(f"{SITE}/2.html", 200, b"page 2")],
    }
