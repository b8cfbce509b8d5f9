"""Erasing at addresses: what stands there need be no article, and any edition may list it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.catalogue import editions, entries
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.snapshots import Place
from newscrawl.ops.outlaws import Outlaws
from newscrawl.ops.verification import verify
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER, article
from tests.takedown import probe
from tests.takedown.erasures import left
from tests.takedown.test_running import HEADLINE, ID, PICTURES, capture, run_of

FACE = f"{PICTURES}face.jpg"
LIST = "https://example.com/hzrb/list.html"
LABEL = "某某渡口停航的消息从未读到"
NEXT_DAY = "2023-12-16"


def listed(held, day, url, label):
    """An edition that lists something."""
    with held.write() as tx:
        edition = editions.open_edition(tx, PAPER, day, "https://example.com/", f"{day}T00:00:00Z")
        entry = Entry(url, "A01", label=label)
        entries.list_entries(tx, edition, [entry], f"{day}T00:00:00Z", again=False)


@pytest.mark.parametrize("kind", ["image", "list"])
def test_i1_what_is_no_article_is_erased_by_its_address(home, held, captured, erase, kind):
    url = FACE if kind == "image" else LIST
    mine = captured(Place(PAPER, DAY, kind), url, "bytes of it")
    other = captured(Place(PAPER, DAY, kind), f"{url}.other", "bytes of another")
    done = erase(url)
    assert (done.articles, done.records) == (0, 2)
    assert mine not in left(home)
    assert other in left(home)
    with held.read() as view:
        assert Outlaws.of(view).cover(url)
    assert verify(home, held).sound


def test_i1_an_address_takes_nothing_of_the_article_that_stood_there_before(
    home, read, captured, erase
):
    url = "https://example.com/moving.html"
    then, now = (
        article(91, url=url, headline="先在这里的报道", paragraphs=["甲乙丙丁" * 20]),
        article(92, url=url, headline="后来的另一篇", paragraphs=["戊己庚辛" * 20]),
    )
    [first] = read(then)
    again = captured(Place(PAPER, DAY, "article"), url, then.body)
    [second] = read(now)
    assert second.article_id != first.article_id
    erase(url)
    assert {then.record_id, again} <= left(home)
    assert now.record_id not in left(home)


@pytest.mark.parametrize("prefix", [True, False])
def test_i1_what_was_redirected_to_an_address_is_at_that_address(home, held, erase, prefix):
    page = replace(snapshot(url=FACE, body=b"JPEG"), requested_url="https://short.example/x")
    with run_of(home, PAPER) as session:
        capture(home, held, session, page)
    assert erase(PICTURES if prefix else FACE, prefix=prefix).records == 2
    assert page.record_id not in left(home)


@pytest.mark.parametrize("prefix", [True, False])
def test_i1_an_article_that_was_redirected_there_stays(home, held, read, erase, prefix):
    """It is held under the address that was asked for, which nobody has named."""
    kept = article(93, url="https://short.example/93", headline="转到别处的报道")
    read(kept)
    where = f"{PICTURES}93.html"
    with held.write() as tx:
        tx.exec_driver_sql(
            "UPDATE snapshots SET url = ? WHERE requested_url = ?", (where, kept.url)
        )
    assert erase(PICTURES if prefix else where, prefix=prefix).records == 0
    assert kept.record_id in left(home)


def test_i2_no_edition_goes_on_listing_it(home, held, captured, erase):
    listed(held, NEXT_DAY, article(2).url, HEADLINE)
    listed(held, NEXT_DAY, article(3).url, "第3号渡口恢复通航")
    later = captured(Place(PAPER, NEXT_DAY, "list"), LIST, f"<li>{HEADLINE}</li>")
    erase(ID)
    assert later not in left(home)
    assert probe.found(home.root, [HEADLINE]) == {}
    with held.read() as view:
        rows = view.exec_driver_sql("SELECT url FROM entries WHERE label != ''").scalars()
        assert rows.all() == [article(3).url]


@pytest.mark.parametrize("prefix", [True, False])
def test_i2_what_was_listed_and_never_read_is_listed_no_more(home, held, captured, erase, prefix):
    url = "https://example.com/column/7.html"
    listed(held, NEXT_DAY, url, LABEL)
    listing = captured(Place(PAPER, NEXT_DAY, "list"), LIST, f"<li>{LABEL}</li>")
    other = captured(Place(PAPER, NEXT_DAY, "list"), f"{LIST}?2", "<li>别的</li>")
    erase(url.rpartition("7")[0] if prefix else url, prefix=prefix)
    assert listing not in left(home)
    assert other in left(home)
    assert probe.found(home.root, [LABEL]) == {}


def test_i2_a_paper_that_is_dated_ahead_is_looked_through_from_its_capture_on(
    home, read, captured, erase
):
    now = datetime.now(UTC)
    ahead = f"{(now + timedelta(days=6)).date()}"
    early = article(
        71,
        edition=ahead,
        headline="下周一出版的渡口特刊",
        url="https://example.com/w/71",
        snapshot_time=now.isoformat(),
    )
    [kept] = read(early)
    listing = captured(Place(PAPER, ahead, "list"), LIST, "<li>下周一出版的渡口特刊</li>")
    erase(kept.article_id)
    assert listing not in left(home)
    assert probe.found(home.root, ["下周一出版的渡口特刊"]) == {}
