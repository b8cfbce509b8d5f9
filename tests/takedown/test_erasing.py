"""Erasing: archive, catalogue, index, logs and copies, and what is left of them."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from importlib import import_module

import pytest
from sqlalchemy import text

from newscrawl.archive import removals
from newscrawl.archive.check import check_file
from newscrawl.archive.layout import archive_files
from newscrawl.archive.members import members
from newscrawl.archive.reader import iterate, read_record
from newscrawl.archive.stored import parse
from newscrawl.catalogue import covered, snapshots, sqlite, tombstones, versions
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.catalogue.snapshots import Place
from newscrawl.errors import UsageError
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops import erasing, sealed
from newscrawl.ops.doctor import examine
from newscrawl.ops.locks import ErasureWaits
from newscrawl.ops.place import paper_lock
from newscrawl.ops.takedown import Order, lift, take_down
from tests.homes import archive, small_home
from tests.index.kinds import KINDS, chosen
from tests.makers import PAPER, article, record
from tests.takedown import probe
from tests.takedown.conftest import NOW

ID = f"{PAPER}/2023-12-15/A01/2"
MARKS = text("SELECT count(*) FROM story_marks WHERE seq = :seq")
HEADLINE, SENTENCE = "第2号渡口恢复通航", "第2号渡口昨日恢复通航，首班船载客14人。"


@pytest.fixture
def erase(home, held, ordered):
    """Orders it and does it."""

    def erase(wanted=ID, **more):
        return erasing.erase(home, held, ordered(wanted, "erase", **more).tombstone)

    return erase


def stored(home):
    """By record id, the bytes of every member of the archive."""
    return {
        parse(member).record_id: file.read_bytes()[member.offset : member.offset + member.length]
        for file in archive_files(home.snapshots)
        for member in members(file)
    }


def test_i2_its_text_is_in_no_byte_that_is_kept(home, held, erase):
    home.logs.mkdir(exist_ok=True)
    log = home.logs / "crawl.log"
    log.write_text(f"one\nparsed {HEADLINE} of A01\nthree\n", encoding="utf-8")
    sqlite.back_up(home.catalogue, home.root / "newscrawl.before-0011.db")
    assert len(probe.found(home.root, [HEADLINE, SENTENCE])[HEADLINE]) >= 4
    done = erase()
    assert (done.articles, done.records, dict(done.quoted)) == (1, 2, {})
    where = article(2).url.partition("://")[2]
    assert probe.found(home.root, [HEADLINE, SENTENCE, where]) == {}
    assert log.read_text(encoding="utf-8").splitlines()[::2] == ["one", "three"]
    with held.read() as view:
        assert [each.state for each in tombstones.listed(view)] == ["done"]
        [version] = versions.of_article(view, ID)
    assert (version.article.headline, version.article.paragraphs) == ("", [])


def test_i2_what_a_story_is_known_by_goes_too(home, held, ordered):
    lines = ["停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民。"] * 3
    lines += [f"{number}号码头的灯也亮了，{number * 7}位船工回到船上。" for number in range(9)]
    [recorded] = record(held, article(30, paragraphs=lines))
    with held.read() as view:
        assert view.scalar(MARKS, {"seq": recorded.seq})
    erasing.erase(home, held, ordered(recorded.article_id, "erase").tombstone)
    with held.read() as view:
        assert view.scalar(MARKS, {"seq": recorded.seq}) == 0


def test_i3_all_other_records_are_byte_for_byte_as_they_were(home, held, erase):
    before = stored(home)
    [old] = archive_files(home.snapshots)
    erase()
    after = stored(home)
    [fresh] = archive_files(home.snapshots)
    assert fresh != old
    assert len(before) - len(after) == 2  # a response and its request
    assert all(before[each] == data for each, data in after.items())
    assert check_file(fresh).ok
    with held.read() as view:
        for number in (1, 3, 4, 5):
            [version] = versions.of_article(view, f"{PAPER}/2023-12-15/A01/{number}")
            capture = versions.capture_of(view, version)
            assert read_record(home.snapshots, capture.path, capture.offset).record_id in after
    assert [each for each in examine(home) if each.part in {"archive", "index"}] == []


def test_i8_the_removal_is_noted_and_signed_without_the_content(home, erase):
    gone = set(stored(home))
    erase()
    gone -= set(stored(home))
    [note] = removals.notes(home.root)
    assert {each.record_id for each in note.records} == gone
    assert removals.removed(home.root).keys() == gone
    assert (note.scope, note.category) == ("erase", "privacy")
    text = (home.root / removals.NOTES).read_text(encoding="utf-8")
    assert "渡口" not in text
    (home.root / removals.NOTES).write_text(text.replace('"privacy"', '"court"'), encoding="utf-8")
    assert list(removals.notes(home.root)) == []


def test_i4_the_same_text_is_not_recorded_again_wherever_it_stands(home, held, ordered):
    long = [
        "停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民，许多人带着相机。"
    ]
    record(held, article(30, paragraphs=long))
    erasing.erase(home, held, ordered(f"{PAPER}/2023-12-15/A01/30", "erase").tombstone)
    again = [
        article(30, paragraphs=long),
        article(31, paragraphs=long, headline="另一个标题"),
        article(30, paragraphs=["改过的文字。"]),
    ]
    assert {each.state for each in record(held, *again)} == {"erased"}
    assert record(held, article(33))[0].state == "sound"


def test_what_a_crawl_brought_in_again_is_swept_out(home, held, erase, ordered):
    erase()
    items = [article(2, url="https://example.com/elsewhere.html"), article(40)]
    kept = archive(home, items)
    with held.write() as tx:
        place = Place(PAPER, "2023-12-15", "article")
        snapshots.add_all(tx, [snapshots.row(place, page, where) for page, where in kept])
    assert [each.state for each in record(held, *items)] == ["erased", "sound"]
    assert probe.found(home.snapshots, [SENTENCE])
    erasing.resume(home, held)
    assert probe.found(home.root, [SENTENCE]) == {}
    assert [each for each in examine(home) if each.part == "archive"] == []


def test_i6_a_reindex_brings_nothing_back(home, held, erase):
    erase()
    rebuild(Store(home.indexes), held)
    with closing(Searcher(home, held)) as searcher:
        assert searcher.search(SearchRequest("渡口")).total == 4
    assert probe.found(home.root, [HEADLINE, SENTENCE]) == {}


@pytest.mark.parametrize("archive_too", [False, True])
def test_i6_an_old_backup_is_erased_again(home, held, erase, tmp_path, archive_too):
    sqlite.back_up(home.catalogue, tmp_path / "old.db")
    shutil.copytree(home.snapshots, tmp_path / "old")
    erase()
    held.close()
    for path in home.root.glob("newscrawl.db*"):
        path.unlink()
    (tmp_path / "old.db").rename(home.catalogue)
    if archive_too:
        shutil.rmtree(home.snapshots)
        (tmp_path / "old").rename(home.snapshots)
    with closing(Catalogue.open(home.catalogue)) as older:
        with older.read() as view:
            assert covered.of_article(view, ID) is not None
        assert [each.articles for each in erasing.resume(home, older)] == [1]
        rebuild(Store(home.indexes), older)
    assert probe.found(home.root, [HEADLINE, SENTENCE]) == {}
    assert [each for each in examine(home) if each.part in {"archive", "index"}] == []


def test_a_prefix_erases_all_that_is_there(home, held, erase):
    done = erase("https://example.com/hzrb/", prefix=True)
    assert done.articles == 5
    assert probe.found(home.root, ["渡口恢复通航"]) == {}
    assert {each.type for file in archive_files(home.snapshots) for each in iterate(file)} == {
        "warcinfo"
    }


def test_a_capture_that_only_lists_it_goes_and_that_of_another_article_stays(home, held, erase):
    other = article(50, paragraphs=["另一篇文章。", f"相关：{HEADLINE}"])
    listing = article(51, headline=HEADLINE, paragraphs=[])
    kept = archive(home, [other, listing])
    with held.write() as tx:
        place = Place(PAPER, "2023-12-15", "list")
        snapshots.add_all(tx, [snapshots.row(place, page, where) for page, where in kept])
    record(held, other)
    done = erase()
    assert done.records == 4
    assert list(done.quoted) == [other.record_id]
    assert listing.record_id not in stored(home)
    assert other.record_id in stored(home)


def test_a_crawl_that_runs_is_waited_for_and_nothing_is_shown(home, held, ordered):
    taken = ordered(ID, "erase")
    with paper_lock(home, PAPER), pytest.raises(ErasureWaits, match="--resume"):
        erasing.erase(home, held, taken.tombstone)
    with closing(Searcher(home, held)) as searcher:
        assert searcher.search(SearchRequest("第2号")).total == 0
    assert [each.articles for each in erasing.resume(home, held)] == [1]
    assert probe.found(home.root, [HEADLINE, SENTENCE]) == {}


def test_a_legal_hold_seals_the_records_for_the_operator(home, held, erase):
    before = stored(home)
    erase(legal_hold=True)
    gone = before.keys() - stored(home).keys()
    [file] = (home.root / "sealed").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    (home.root / "again.warc.gz").write_bytes(b"".join(sealed.opened(home, file)))
    again = {each.record_id for each in iterate(home.root / "again.warc.gz")}
    assert again == gone
    (home.root / "again.warc.gz").unlink()
    assert probe.found(home.root, [HEADLINE, SENTENCE]) == {}


def test_what_is_erased_cannot_be_lifted(home, held, ordered, erase):
    with pytest.raises(UsageError, match="does not come back"):
        lift(home, held, erase().tombstone, NOW, "regret")


class Cut(Exception):
    """The power fails."""


@contextmanager
def cut_at(monkeypatch, module, name):
    def cut(*_args, **_more):
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(module, name, cut)
        yield


STEPS = [
    ("newscrawl.ops.removing", "rewrite"),
    ("newscrawl.ops.removing", "check_file"),
    ("newscrawl.archive.removals", "append"),
    ("newscrawl.catalogue.erasure", "move"),
    ("newscrawl.ops.removing", "sync"),
    ("newscrawl.catalogue.erasure", "end_rewriting"),
    ("newscrawl.ops.erasing", "cover_logs"),
    ("newscrawl.catalogue.erasure", "empty"),
    ("newscrawl.ops.erasing", "rebuild_index"),
    ("newscrawl.catalogue.sqlite", "scrub"),
    ("newscrawl.catalogue.tombstones", "set_state"),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
def test_i5_it_may_end_at_any_step_and_is_taken_up(home, held, ordered, monkeypatch, step):
    tombstone = ordered(ID, "erase").tombstone
    with cut_at(monkeypatch, import_module(step[0]), step[1]), pytest.raises(Cut):
        erasing.erase(home, held, tombstone)
    with closing(Searcher(home, held)) as searcher:
        assert searcher.search(SearchRequest("第2号")).total == 0
    erasing.resume(home, held)
    assert probe.found(home.root, [HEADLINE, SENTENCE]) == {}
    assert [each for each in examine(home) if each.part in {"archive", "index"}] == []
    assert len(stored(home)) == 9  # warcinfo, and four responses with their requests


@pytest.mark.parametrize("kind", KINDS)
def test_i2_no_engine_keeps_a_word_or_a_gram(tmp_path, kind):
    with chosen(kind):
        home = small_home(tmp_path / "home")
        held = Catalogue.open(home.catalogue)
        record(held, article(9, headline="𠮷䶮㛃归来", paragraphs=["𠮷䶮㛃昨夜归来。"]))
        rebuild(Store.of(home), held)
        assert words(home) == {"𠮷", "䶮", "㛃"} & words(home) != set()
        order = Order("erase", "asked", "other", "desk")
        wanted = f"{PAPER}/2023-12-15/A01/9"
        taken = take_down(home, held, order, NOW, wanted=wanted, prefix=False)
        erasing.erase(home, held, taken.tombstone)
        assert words(home) == set()
        assert probe.found(home.root, ["𠮷䶮㛃", "𠮷䶮", "䶮㛃"]) == {}
        held.close()


def words(home):
    """The rare characters that begin a word of the index."""
    reader = Store.of(home).current().reader()
    found = {each[0] for each in reader.beginning({"𠮷", "䶮", "㛃"})}
    reader.close()
    return found


def test_a_reader_keeps_the_log_from_being_emptied_and_that_is_told(held, monkeypatch):
    scrub = sqlite.scrub
    monkeypatch.setattr(sqlite, "scrub", lambda path: scrub(path, 0.05))
    with held.read() as view:
        versions.newest_seq(view)
        with pytest.raises(CatalogueError, match="--resume"):
            held.scrub()
    held.scrub()


def test_the_doctor_names_what_waits_to_be_erased(home, held, ordered):
    taken = ordered(ID, "erase")
    assert [each.where for each in examine(home) if each.part == "takedown"] == [taken.tombstone.id]
    erasing.resume(home, held)
    assert [each for each in examine(home) if each.part == "takedown"] == []
