"""For whom an erasure waits: for runs that began before its tombstone, and for files that are in
use; a house in which one run always follows another comes to the end of it.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from filelock import FileLock

from newscrawl.alerts.feed_files import feeds_lock
from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import (
    articles,
    erasure,
    quotations,
    retention,
    snapshots,
    tombstones,
)
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.retention import Retention
from newscrawl.catalogue.snapshots import Place
from newscrawl.ops import erasing, removing
from newscrawl.ops.locks import ErasureWaits
from newscrawl.ops.place import HomeUnusable, paper_lock
from newscrawl.ops.retention import retire
from newscrawl.ops.session import Session
from newscrawl.ops.verification import verify
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER, article, ruin
from tests.takedown import probe
from tests.takedown.erasures import Killed, killed
from tests.takedown.test_running import (
    HEADLINE,
    ID,
    OTHER,
    PICTURES,
    archived,
    capture,
    picture,
    run_of,
    state,
)


def test_i5_a_run_that_began_after_the_tombstone_is_not_waited_for(home, held, ordered):
    stone = ordered(PICTURES, "erase", prefix=True).tombstone
    with run_of(home, OTHER) as session:
        capture(home, held, session, snapshot(url="https://o.example/1", body=b"nothing of it"))
        erasing.erase(home, held, stone)
        assert state(held, stone) == "done"
        session.keep(Place(OTHER, DAY, "image"), picture("face.jpg"))
    assert archived(home, PICTURES) == set()
    assert archived(home, "https://o.example/") == {"https://o.example/1"}
    assert verify(home, held).sound


def test_i5_a_run_that_began_before_it_is_waited_for_though_another_ended_since(
    home, held, ordered
):
    with run_of(home, OTHER) as session:
        stone = ordered(PICTURES, "erase", prefix=True).tombstone
        with run_of(home, "third_daily"):
            pass
        capture(home, held, session, picture("face.jpg"))
        with pytest.raises(ErasureWaits, match=OTHER):
            erasing.erase(home, held, stone)
    assert state(held, stone) == "done"
    assert archived(home, PICTURES) == set()


def test_i5_two_papers_of_which_one_is_always_at_work_end_it_between_them(home, held, ordered):
    """Each has some of it, and no moment comes in which both rest."""
    with ArchiveWriter(home.snapshots) as writer:
        page = snapshot(url="https://o.example/list.html", body=f"<li>{HEADLINE}</li>".encode())
        writer.write(f"{OTHER}/{DAY}", page).result()
    stone = ordered(ID, "erase").tombstone
    mine, others = ExitStack(), ExitStack()
    mine.enter_context(run_of(home, PAPER))
    for _turn in range(2):
        others.enter_context(run_of(home, OTHER))
        mine.close()
        mine.enter_context(run_of(home, PAPER))
        others.close()
    assert state(held, stone) == "done"
    mine.close()
    assert probe.found(home.root, [HEADLINE]) == {}
    assert verify(home, held).sound


def test_i2_a_paper_at_work_keeps_nothing_else_from_being_erased(home, held, ordered):
    with ArchiveWriter(home.snapshots) as writer:
        for paper in ("aaa_daily", "zzz_daily"):
            page = snapshot(
                url=f"https://{paper[0]}.example/", body=f"<li>{HEADLINE}</li>".encode()
            )
            writer.write(f"{paper}/{DAY}", page).result()
    stone = ordered(ID, "erase").tombstone
    with run_of(home, "aaa_daily"):
        with pytest.raises(ErasureWaits, match="aaa_daily"):
            erasing.erase(home, held, stone)
        assert len(probe.found(home.snapshots, [HEADLINE])[HEADLINE]) == 1
    assert state(held, stone) == "done"
    assert probe.found(home.root, [HEADLINE]) == {}


def test_i4_what_a_run_meets_while_it_is_erased_goes_with_the_end_of_that_run(home, held, ordered):
    """It is known by its text alone, and lies in a file that is open: its row is not forgotten."""
    text = "停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民，带着相机。"
    with run_of(home, OTHER) as session:
        first = article(40, paper=OTHER, url="https://o.example/40", paragraphs=[text])
        page = snapshot(url=first.url, body=text.encode())
        first.record_id = page.record_id
        capture(home, held, session, page, "article")
        [kept] = [session.submit(lambda tx: articles.record(tx, first)).result()]
    stone = ordered(kept.article_id, "erase").tombstone
    with run_of(home, "third_daily") as session:
        again = article(41, paper="third_daily", url="https://t.example/41", paragraphs=[text])
        again.headline = first.headline
        page = snapshot(url=again.url, body=text.encode())
        again.record_id = page.record_id
        capture(home, held, session, page, "article")
        assert session.submit(lambda tx: session._record(tx, again, None)).result().seq is None
        erasing.erase(home, held, stone)
        assert state(held, stone) == "done"
        with held.read() as view:
            assert erasure.unwanted(view) == {page.record_id: stone.id}
            assert snapshots.place_of(view, page.record_id)
    assert probe.found(home.root, [text]) == {}
    with held.read() as view:
        assert erasure.unwanted(view) == {}
    assert verify(home, held).sound


def test_retention_waits_for_every_run_of_its_paper(home, held):
    """Whatever it captures of that day is to go, and nothing tells the run."""
    with held.write() as tx:
        retention.decide(tx, [Retention(PAPER, 100, "erase")])
    with run_of(home, PAPER), pytest.raises(ErasureWaits, match=PAPER):
        retire(home, held, datetime.now(UTC), "desk")
    with run_of(home, PAPER) as session:
        capture(home, held, session, snapshot(url="https://example.com/l", body=b"a list"), "list")
        with pytest.raises(ErasureWaits, match=PAPER):
            retire(home, held, datetime.now(UTC), "desk")
    with held.read() as view:
        assert tombstones.unfinished(view) == []
    assert archived(home, "https://example.com/") == set()


def test_whoever_writes_feeds_is_no_run(home, held, ordered):
    stone = ordered(ID, "erase").tombstone
    with FileLock(feeds_lock(home)):
        erasing.erase(home, held, stone)
    assert state(held, stone) == "done"


@pytest.mark.parametrize("cut", ["killed", "waited"])
def test_i2_no_address_stays_in_the_catalogue_of_an_erasure_that_was_cut_off(
    home, held, ordered, monkeypatch, cut
):
    name = "portrait-of-somebody"
    with run_of(home, PAPER) as session:
        capture(home, held, session, picture(f"{name}.jpg"))
    if cut == "waited":
        with run_of(home, OTHER):
            stone = ordered(PICTURES, "erase", prefix=True).tombstone
            with pytest.raises(ErasureWaits):
                erasing.erase(home, held, stone)
    else:
        stone = ordered(PICTURES, "erase", prefix=True).tombstone
        with monkeypatch.context() as patched:
            patched.setattr(Catalogue, "scrub", killed)
            with pytest.raises(Killed):
                erasing.erase(home, held, stone)
        erasing.resume(home, held)
    assert state(held, stone) == "done"
    assert probe.found(home.root, [name]) == {}


@pytest.mark.parametrize("how", ["no JSON", "no UTF-8", "no object", "lacks a field"])
def test_i2_an_article_with_a_spoiled_row_is_erased_as_others_are(home, held, ordered, how):
    with held.read() as view:
        named = "SELECT seq FROM versions WHERE article_id LIKE '%/2'"
        seq = view.exec_driver_sql(named).scalar_one()
    ruin(held, how, seq)
    done = erasing.erase(home, held, ordered(ID, "erase").tombstone)
    assert (done.articles, done.records) == (1, 2)
    assert probe.found(home.root, [HEADLINE]) == {}
    left = {record.url for file in archive_files(home.snapshots) for record in iterate(file)}
    assert article(1).url in left


@pytest.mark.parametrize("where", ["locks", "index"])
def test_f12_a_place_that_refuses_is_named_in_one_line(home, held, ordered, monkeypatch, where):
    stone = ordered(ID, "erase").tombstone

    def refused(*_given, **_more):
        raise OSError(30, "Read-only file system", str(home.run / "x.lock"))

    with monkeypatch.context() as patched:
        module, name = (removing, "seal_lock") if where == "locks" else (erasing, "rebuild")
        patched.setattr(module, name, refused)
        with pytest.raises(HomeUnusable, match="Read-only file system") as refusal:
            erasing.erase(home, held, stone)
    assert "\n" not in str(refusal.value)
    erasing.resume(home, held)
    assert state(held, stone) == "done"
    assert probe.found(home.root, [HEADLINE]) == {}


@pytest.mark.parametrize("lost", ["a file", "some of a file"])
def test_i2_what_only_the_archive_knows_of_a_killed_run_is_erased_too(home, held, ordered, lost):
    """It had finished a file, and was killed before it had catalogued what is in it."""
    with paper_lock(home, PAPER):
        session = Session(home, PAPER, None)
        capture(home, held, session, snapshot(url="https://example.com/other", body=b"another"))
        capture(home, held, session, picture("face.jpg"))
        session._archive.close()
        gone = f"requested_url LIKE '{PICTURES}%'" if lost == "some of a file" else "path LIKE ?"
        with held.write() as tx:
            [path] = tx.exec_driver_sql(
                "SELECT DISTINCT path FROM snapshots WHERE requested_url LIKE ?", (f"{PICTURES}%",)
            ).scalars()
            tx.exec_driver_sql(f"DELETE FROM snapshots WHERE {gone}", (path,) * ("?" in gone))
    stone = ordered(PICTURES, "erase", prefix=True).tombstone
    assert erasing.erase(home, held, stone).records == 2
    assert archived(home, PICTURES) == set()
    assert archived(home, "https://example.com/other") == {"https://example.com/other"}
    assert verify(home, held).sound
    session.close(hurried=True)


def test_i4_a_list_that_names_what_is_erased_goes_also_where_its_run_is_killed(home, held, ordered):
    erasing.erase(home, held, ordered(ID, "erase").tombstone)
    page = snapshot(url="https://example.com/list.html", body=f"<li>{HEADLINE}</li>".encode())
    listed = [Entry(article(2).url, "A01", label=HEADLINE)]
    with paper_lock(home, PAPER):
        session = Session(home, PAPER, None)
        capture(home, held, session, page, "list")
        session.submit(lambda tx: session.shun_listed(tx, listed, page.record_id)).result()
        session.failure = Killed()
        session.close()
    assert probe.found(home.root, [HEADLINE])
    with run_of(home, PAPER):
        pass
    assert probe.found(home.root, [HEADLINE]) == {}


def test_the_end_of_a_run_looks_through_what_that_paper_has_alone(home, held, ordered, monkeypatch):
    erasing.erase(home, held, ordered(ID, "erase").tombstone)
    with ArchiveWriter(home.snapshots) as writer:
        writer.write(f"{OTHER}/{DAY}", snapshot(url="https://o.example/", body=b"x")).result()
    looked_at = []
    monkeypatch.setattr(
        removing.Remover, "_has_some", lambda _remover, path, _purge: looked_at.append(path)
    )
    page = snapshot(url="https://example.com/list.html", body=f"<li>{HEADLINE}</li>".encode())
    listed = [Entry(article(2).url, "A01", label=HEADLINE)]
    with run_of(home, PAPER) as session:
        capture(home, held, session, page, "list")
        session.submit(lambda tx: session.shun_listed(tx, listed, "")).result()
    assert {path.partition("/")[0] for path in looked_at} == {PAPER}


def test_what_has_to_wait_for_its_paper_is_not_looked_for_in_all_texts(
    home, held, ordered, monkeypatch
):
    monkeypatch.setattr(quotations, "shared", killed)
    stone = ordered(ID, "erase").tombstone
    with paper_lock(home, PAPER), pytest.raises(ErasureWaits, match=PAPER):
        erasing.erase(home, held, stone)
    assert state(held, stone) == "told"
