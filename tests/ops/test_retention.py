"""What is older than its paper is kept goes, edition by edition, and nothing else does."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import articles, covered, retention, snapshots, tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.retention import Retention
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops import erasing
from newscrawl.ops import retention as retiring
from newscrawl.ops.locks import ErasureOpen, ErasureWaits
from newscrawl.ops.place import paper_lock, prepare
from newscrawl.ops.sealing import seal
from newscrawl.ops.takedown import lift
from newscrawl.ops.verification import verify
from tests.archive.samples import snapshot
from tests.makers import PAPER, article, catalogue

OTHER = "metro_express"
DAYS = ("2023-12-01", "2023-12-02", "2023-12-15")
NOW = datetime(2023, 12, 16, 4, tzinfo=UTC)
SHARED = [
    f"第{number}段：停航两天的渡口今晨恢复通航，首班船载客三十人，秩序很好。" for number in range(9)
]


@pytest.fixture
def home(tmp_path):
    """Three days of two papers, each with an article of its own and one that both print."""
    home = Home(tmp_path / "家")
    prepare(home, 0)
    made = catalogue(home.catalogue, {PAPER: "杭州日报", OTHER: "都市快报"})
    with ArchiveWriter(home.snapshots) as writer:
        for paper in (PAPER, OTHER):
            for day in DAYS:
                _edition(made, writer, paper, day)
    rebuild(Store(home.indexes), made)
    made.close()
    return home


def _edition(made, writer, paper, day):
    at = f"https://example.com/{paper}/{day}"
    own = {"headline": f"{paper} {day} 的独家", "paragraphs": [f"{paper} 在 {day} 只印了这一篇。"]}
    shared = {"headline": f"{day} 渡口恢复通航", "paragraphs": [f"{day}。", *SHARED]}
    given = {"paper": paper, "edition": day}
    items = [
        article(number, **given, **what, url=f"{at}/{number}.html")
        for number, what in enumerate((own, shared), 1)
    ]
    rows = []
    for url, body, kind in [
        (f"{at}/", f"<a>{shared['headline']}</a>", "index"),
        *((item.url, f"<h1>{item.headline}</h1>{item.body}", "article") for item in items),
    ]:
        place = Place(paper, day, kind)
        page = snapshot(url=url, body=body.encode())
        rows.append(snapshots.row(place, page, writer.write(place.folder, page).result()))
    for item, row in zip(items, rows[1:], strict=True):
        item.record_id = row["record_id"]
    with made.write() as tx:
        snapshots.add_all(tx, rows)
        for item in items:
            articles.record(tx, item)


@pytest.fixture
def held(home):
    with closing(Catalogue.open(home.catalogue)) as made:
        yield made


@pytest.fixture
def kept(held):
    def kept(days, scope="erase", paper=PAPER):
        with held.write() as tx:
            retention.decide(tx, [Retention(paper, days, scope)])

    return kept


def retire(home, held, now=NOW):
    return retiring.retire(home, held, now, "cron")


def shown(home, query):
    """The editions in which a search finds something."""
    with closing(Catalogue.open(home.catalogue)) as made, closing(Searcher(home, made)) as searcher:
        hits = searcher.search(SearchRequest(query, limit=50)).hits
    return {(each.version.article.paper, each.version.article.edition) for each in hits}


def captured(home):
    """`(paper, day)` of what the archive has more of than the record that opens a file."""
    return {
        (file.parts[-3], file.parts[-2])
        for file in archive_files(home.snapshots)
        if sum(1 for _record in iterate(file)) > 1
    }


EVERY = {(paper, day) for paper in (PAPER, OTHER) for day in DAYS}


def test_without_a_decision_everything_stays(home, held):
    assert retire(home, held) == []
    assert shown(home, "渡口") == EVERY


def test_what_is_older_is_erased_and_the_reprint_elsewhere_stays(home, held, kept):
    kept(14)
    [retired] = retire(home, held)
    assert (retired.days, retired.articles, retired.records) == (("2023-12-01",), 2, 6)
    assert shown(home, "渡口") == EVERY - {(PAPER, DAYS[0])}
    assert captured(home) == EVERY - {(PAPER, DAYS[0])}
    with held.read() as view:
        [stone] = tombstones.listed(view)
        ids = tombstones.taken_by(view, stone.id)
        assert covered.of_article(view, f"{PAPER}/2023-12-01/A01/1")
    assert (stone.category, stone.scope, stone.state) == ("retention", "erase", "done")
    assert (stone.paper, stone.day, stone.by) == (PAPER, "2023-12-01", "cron")
    assert ids == [f"{PAPER}/2023-12-01/A01/1", f"{PAPER}/2023-12-01/A01/2"]
    assert verify(home, held).sound
    assert retire(home, held) == [], "once"
    [second] = retire(home, held, NOW + timedelta(days=1))
    assert second.days == ("2023-12-02",)


def test_several_editions_are_erased_with_one_rebuild_of_the_index(home, held, kept, monkeypatch):
    built = []
    rebuild_index = erasing.rebuild_index
    monkeypatch.setattr(
        erasing, "rebuild_index", lambda *given: (built.append(1), rebuild_index(*given))
    )
    kept(3)
    [retired] = retire(home, held)
    assert (retired.days, built) == (DAYS[:2], [1])
    assert shown(home, "渡口") == EVERY - {(PAPER, day) for day in DAYS[:2]}


def test_a_sealed_day_still_verifies(home, held, kept):
    seal(home, datetime.now(UTC) + timedelta(days=1))
    kept(14)
    retire(home, held)
    verdict = verify(home, held)
    assert (verdict.sound, verdict.days) == (True, 1)


def test_its_addresses_are_not_asked_for_again_and_those_of_the_reprint_are(home, held, kept):
    kept(14)
    retire(home, held)
    mine = f"https://example.com/{PAPER}/2023-12-01/2.html"
    theirs = f"https://example.com/{OTHER}/2023-12-01/2.html"
    with held.read() as view:
        assert covered.outlawed(view, [mine, theirs]) == {mine}


@pytest.mark.parametrize("scope", ["hide", "redact"])
def test_what_is_only_hidden_keeps_its_bytes_and_can_be_lifted(home, held, kept, scope):
    kept(14, scope)
    [retired] = retire(home, held)
    assert (retired.articles, retired.records) == (2, 0)
    assert shown(home, "渡口") == EVERY - {(PAPER, DAYS[0])}
    assert captured(home) == EVERY
    with held.read() as view:
        [stone] = tombstones.listed(view)
    assert len(lift(home, held, stone.id, NOW, "wanted after all")) == 2
    kept(14, "erase")
    assert retire(home, held)[0].records == 6


def test_an_older_catalogue_takes_down_the_same_and_no_reprint(home, held, kept):
    kept(14)
    older = home.root / "older"
    held.back_up(older)
    retire(home, held)
    held.close()
    for path in home.root.glob("newscrawl.db*"):
        path.unlink()
    older.rename(home.catalogue)
    assert shown(home, "渡口") == EVERY - {(PAPER, DAYS[0])}
    with closing(Catalogue.open(home.catalogue)) as again:
        erasing.resume(home, again)
        with again.read() as view:
            assert [each.state for each in tombstones.listed(view)] == ["done"]
        assert verify(home, again).sound


def test_while_a_crawl_runs_it_is_shown_to_nobody_and_the_next_call_goes_on(home, held, kept):
    kept(14)
    with paper_lock(home, PAPER), pytest.raises(ErasureWaits):
        retire(home, held)
    assert shown(home, "渡口") == EVERY - {(PAPER, DAYS[0])}
    assert captured(home) == EVERY
    retire(home, held)
    assert captured(home) == EVERY - {(PAPER, DAYS[0])}


def test_one_paper_that_is_crawled_keeps_no_other_from_being_erased(home, held, kept):
    kept(14)
    kept(14, paper=OTHER)
    with paper_lock(home, OTHER), pytest.raises(ErasureWaits):
        retire(home, held)
    assert captured(home) == EVERY - {(PAPER, DAYS[0])}
    with held.read() as view:
        states = {each.paper: each.state for each in tombstones.listed(view)}
    assert states == {PAPER: "done", OTHER: "told"}


def test_what_a_later_reading_captures_of_it_goes_as_well(home, held, kept):
    kept(14)
    retire(home, held)
    place = Place(PAPER, DAYS[0], "list")
    page = snapshot(url=f"https://example.com/{PAPER}/list", body="又读到的目录".encode())
    with ArchiveWriter(home.snapshots) as writer:
        row = snapshots.row(place, page, writer.write(place.folder, page).result())
    with held.write() as tx:
        snapshots.add_all(tx, [row])
    assert captured(home) == EVERY
    [retired] = retire(home, held)
    assert (retired.days, retired.articles, retired.records) == ((DAYS[0],), 0, 2)
    assert captured(home) == EVERY - {(PAPER, DAYS[0])}
    assert retire(home, held) == []


def test_a_capture_that_another_article_was_read_from_stays(home, held, kept):
    with held.write() as tx:
        [record] = tx.exec_driver_sql(
            "SELECT record_id FROM snapshots WHERE paper = ? AND day = ? AND kind = 'index'",
            (PAPER, DAYS[0]),
        ).scalars()
        late = {"edition": DAYS[2], "record_id": record, "url": "https://example.com/late.html"}
        articles.record(tx, article(9, **late, headline="后来的", paragraphs=["后来的一篇。"]))
    kept(14)
    assert retire(home, held)[0].records == 4
    assert captured(home) == EVERY
    assert verify(home, held).sound
    assert retire(home, held) == []


def test_an_edition_whose_erasure_waits_gets_no_second_tombstone(home, held, kept):
    kept(14)
    for day in range(3):
        with paper_lock(home, PAPER), pytest.raises(ErasureWaits):
            retire(home, held, NOW + timedelta(minutes=day))
    with held.read() as view:
        assert [each.day for each in tombstones.listed(view)] == [DAYS[0]]
    [retired] = retire(home, held)
    assert (retired.days, retired.records) == ((DAYS[0],), 6)
    assert captured(home) == EVERY - {(PAPER, DAYS[0])}


def test_a_damaged_file_is_named_and_the_other_editions_are_erased(home, held, kept):
    kept(3)
    [file] = home.snapshots.glob(f"{PAPER}/{DAYS[0]}/*")
    whole = file.read_bytes()
    file.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    for _call in range(2):
        with pytest.raises(ErasureOpen, match=file.name):
            retire(home, held)
    file.write_bytes(whole)
    assert captured(home) == EVERY - {(PAPER, DAYS[1])}
    retire(home, held)
    assert captured(home) == EVERY - {(PAPER, day) for day in DAYS[:2]}
    with held.read() as view:
        assert [each.state for each in tombstones.listed(view)] == ["done", "done"]


def archived_again(home, held, day, url, body):
    """A capture that brings nothing new, in the folder of another day, as an import has it."""
    place, page = Place(PAPER, day, "import"), snapshot(url=url, body=body.encode())
    with ArchiveWriter(home.snapshots) as writer:
        where = writer.write(place.folder, page).result()
    with held.write() as tx:
        snapshots.add_all(tx, [snapshots.row(place, page, where)])
    return page.record_id


def test_what_came_in_twice_goes_with_its_edition_and_not_with_the_day_that_it_came(
    home, held, kept
):
    at = f"https://example.com/{PAPER}"
    mine = archived_again(home, held, DAYS[2], f"{at}/{DAYS[0]}/1.html", "又一次")
    theirs = archived_again(home, held, DAYS[0], f"{at}/{DAYS[2]}/1.html", "又一次")
    kept(14)
    retire(home, held)
    left = {each.record_id for file in archive_files(home.snapshots) for each in iterate(file)}
    assert (mine in left, theirs in left) == (False, True)
    assert retire(home, held) == [], "no tombstone for what is only another day's"
