"""Articles without a record, and records without an article, are named with what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import captured
from newscrawl.ops.doctor import examine, repair_archive
from newscrawl.ops.place import paper_lock
from tests.homes import archive, small_home
from tests.makers import DAY, PAPER, article

ID = f"{PAPER}/{DAY}/A01/2"


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "home")


@pytest.fixture
def change(home):
    def change(statement, *values):
        with closing(Catalogue.open(home.catalogue)) as held, held.write() as tx:
            tx.exec_driver_sql(statement, values)

    return change


def found(home):
    with closing(Catalogue.open(home.catalogue)) as held:
        return [(each.where, each.what, each.remedy) for each in captured.examine(home, held)]


def unread(change, state="listed", reason=None):
    """As a crawl leaves it that was killed between a capture and its article."""
    change(f"DELETE FROM aliases WHERE article_id = '{ID}'")
    change("UPDATE entries SET state = ?, reason = ? WHERE url LIKE '%A012.html'", state, reason)


def test_a_sound_home_has_both(home):
    assert found(home) == []


@pytest.mark.parametrize("how", ["DELETE FROM snapshots", "UPDATE snapshots SET path = ''"])
def test_an_article_without_its_record_is_named(home, how):
    of_it = f"(SELECT record_id FROM versions WHERE article_id = '{ID}')"
    with closing(sqlite3.connect(home.catalogue)) as damaged, damaged:  # no foreign keys here
        damaged.execute(f"{how} WHERE record_id = {of_it}")
    [(where, what, remedy)] = found(home)
    assert where == ID
    assert what.startswith("version 1 has no record")
    assert "refresh=1" in remedy


def test_an_article_of_which_no_version_is_left_is_named(home):
    with closing(sqlite3.connect(home.catalogue)) as damaged, damaged:
        damaged.execute("DELETE FROM versions WHERE article_id = ?", [ID])
    told = [what for where, what, _remedy in found(home) if where == ID]
    assert told == ["no version of it is there: its text is lost from the catalogue"]


def test_rows_that_belong_to_nothing_are_named(home):
    with closing(sqlite3.connect(home.catalogue)) as damaged, damaged:
        damaged.execute("UPDATE articles SET paper = 'nowhere' WHERE id = ?", [ID])
    [(where, what, remedy)] = found(home)
    assert (where, what) == (
        "articles",
        "rows that belong to rows of papers which are not there: 1",
    )
    assert "backup" in remedy


@pytest.mark.parametrize("state", ["listed", "failed"])
def test_a_record_without_its_article_is_named_with_its_edition(home, change, state):
    unread(change, state, "no body")
    [(where, what, remedy)] = found(home)
    assert where == f"{PAPER} {DAY}"
    assert what.startswith("1 article captured, and not read: https://")
    assert what.endswith("A012.html (no body)")
    assert remedy == f"`scrapy crawl {PAPER} -a date={DAY}`"


@pytest.mark.parametrize("state", ["held", "gone"])
def test_what_became_of_it_otherwise_is_no_finding(home, change, state):
    unread(change, state)
    assert found(home) == []


def test_what_was_never_captured_is_no_finding(home, change):
    unread(change)
    change("UPDATE snapshots SET status = 404")
    assert found(home) == []


def test_what_a_crawl_is_about_to_read_is_no_finding(home, change):
    unread(change)
    lock = paper_lock(home, PAPER)
    assert found(home) == []
    lock.release()
    assert len(found(home)) == 1


def test_what_an_import_has_archived_and_not_catalogued_is_found(home, change):
    """Killed between the two, it leaves a file that `--repair` enters."""
    item = article(7, url="import:letters/7")
    archive(home, [item])
    folder = home.snapshots / "letters" / DAY
    folder.mkdir(parents=True)
    path = archive_files(home.snapshots)[-1]
    path.rename(unfinished(folder / path.name))
    [line] = repair_archive(home, examine(home))
    assert "records kept" in line
    [(where, what, remedy)] = found(home)
    assert where == "letters"
    assert what.startswith("1 article archived by an import that was cut off")
    assert remedy.startswith("import the file again")


def test_what_was_entered_of_an_edition_that_is_not_known_is_found_until_it_is_read(home, change):
    """As after a restore: the archive has captures of days that the catalogue knows nothing of."""
    archive(home, [article(7)])
    folder = home.snapshots / PAPER / "2023-12-16"
    folder.mkdir()
    path = archive_files(home.snapshots)[-1]
    path.rename(folder / path.name)
    robots = article(8, url="https://example.com/robots.txt")
    archive(home, [robots])
    assert len(list(repair_archive(home, examine(home)))) == 2
    [(where, what, remedy)] = found(home)
    assert where == f"{PAPER} 2023-12-16"
    assert what.startswith("1 captures of an edition of which")
    assert remedy == f"`scrapy crawl {PAPER} -a date=2023-12-16`"
    lock = paper_lock(home, PAPER)
    assert found(home) == []
    lock.release()
    later = "INSERT INTO editions (paper, day, url, read_at) VALUES (?, '2023-12-16', '', ?)"
    change(later, PAPER, "2023-12-16T00:00:00+00:00")
    assert found(home) == []


def test_captures_that_are_elsewhere_than_the_catalogue_says_are_counted(home, change):
    """As many as there are, so that no number tells."""
    change("UPDATE snapshots SET offset = offset + 1 WHERE id <= 2")
    [finding] = [each for each in examine(home) if each.part == "archive"]
    assert finding.what == "2 of its captures are not where the catalogue says"
    assert "newscrawl verify" in finding.remedy


def test_an_archive_file_that_cannot_be_read_stops_no_look_at_the_rest(home):
    [path] = archive_files(home.snapshots)
    other = path.with_name("20231215T000000000000Z-00000000.warc.gz")
    other.mkdir()
    home.logs.chmod(0o777)
    findings = examine(home)
    assert {each.part for each in findings} >= {"home", "archive"}
    assert [each.what for each in findings if each.where == str(other)] == [
        "cannot be read: Is a directory"
    ]
