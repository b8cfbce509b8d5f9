"""`newscrawl takedown`: what it refuses, what it says, and what anybody may read of it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
import typer

from newscrawl import settings
from newscrawl.archive import removals
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.reader import iterate
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.withdrawn import TakenDown
from newscrawl.cli.show import show
from newscrawl.cli.takedown import takedown
from newscrawl.errors import UsageError
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.text.dates import shown
from tests.homes import small_home
from tests.makers import PAPER

ID = f"{PAPER}/2023-12-15/A01/2"


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    home = small_home(tmp_path / "home")
    monkeypatch.setattr(settings, "home", lambda: home)

    def said(wanted="", **options):
        takedown(wanted, **options)
        return capsys.readouterr().out

    return said


@pytest.mark.parametrize("meanwhile", [True, False])
def test_what_is_lifted_is_found_again_though_the_index_was_built_anew_meanwhile(said, meanwhile):
    home = settings.home()
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        rebuild(Store.of(home), catalogue)
        said(ID, scope="hide", reason="asked")
        if meanwhile:
            said(f"{PAPER}/2023-12-15/A01/3", scope="erase", reason="asked")
        [hidden] = [
            each["tombstone"]
            for each in json.loads(said(listed=True, full=True, as_json=True))
            if each["scope"] == "hide"
        ]
        told = said(lifted=hidden, reason="a mistake")
        assert told.startswith("1 article shown again\n")
        assert ("built anew" in told) == meanwhile
        with closing(Searcher(home, catalogue)) as searcher:
            found = searcher.search(SearchRequest("渡口")).hits
        assert ID in {hit.version.article_id for hit in found}


@pytest.mark.parametrize(
    ("wanted", "options"),
    [
        ("", {"scope": "hide", "reason": "asked"}),
        (ID, {"scope": "hide", "reason": "asked", "prefix": "https://example.com/"}),
        (ID, {"scope": "hide"}),
        (ID, {"reason": "asked"}),
        (ID, {"scope": "burn", "reason": "asked"}),
        (ID, {"scope": "hide", "reason": "asked", "category": "whim"}),
        (ID, {"scope": "hide", "reason": "asked", "legal_hold": True}),
        ("", {"scope": "hide", "reason": "asked", "prefix": "ftp://example.com/a"}),
        ("", {"lifted": "0123456789ab"}),
        ("", {"lifted": "0123456789ab", "reason": "a mistake"}),
    ],
)
def test_what_is_not_clear_is_refused_and_changes_nothing(said, wanted, options):
    with pytest.raises(UsageError) as refusal:
        said(wanted, **options)
    assert "\n" not in str(refusal.value)
    assert json.loads(said(listed=True, as_json=True)) == []


def test_i8_the_public_list_names_no_article_and_no_word_of_the_operators(said):
    said(ID, scope="hide", reason="the author asked", by="desk", category="privacy")
    text = said(listed=True, as_json=True)
    [row] = json.loads(text)
    assert row["paper"] == PAPER
    assert (row["scope"], row["category"], row["state"]) == ("hide", "privacy", "done")
    assert "A01" not in text
    assert "author" not in text
    assert "desk" not in text
    [full] = json.loads(said(listed=True, full=True, as_json=True))
    assert (full["articles"], full["by"], full["reason"]) == ([ID], "desk", "the author asked")
    head, line = said(listed=True).splitlines()
    assert head.split() == ["tombstone", "at", "paper", "day", "scope", "category", "state"]
    assert shown(datetime.fromisoformat(row["at"])) in line


def test_the_columns_of_the_list_stand_below_one_another(said):
    said(ID, scope="hide", reason="asked")
    said("https://example.com/elsewhere", scope="hide", reason="asked", category="privacy")
    for full in (False, True):
        head, *rows = said(listed=True, full=full).splitlines()
        assert [row[head.index("scope") :].split()[0] for row in rows] == ["hide", "hide"]
        assert rows[1][head.index("paper") :].split()[:2] == ["-", "-"]
    assert said(listed=True, full=True).splitlines()[1][head.index("articles") :].startswith(ID)


def test_what_is_held_is_opened_outside_the_home_and_nowhere_else(said, monkeypatch, tmp_path):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", "0123456789abcdef" * 2)
    stone = said(ID, scope="erase", reason="asked", legal_hold=True).partition(":")[0]
    target = tmp_path / "court"
    [line] = said(held=stone, to=target).splitlines()
    assert Path(line).parent == target
    assert Path(line).stat().st_mode & 0o777 == 0o600
    assert b"".join(record.payload for record in iterate(Path(line))).count("第2号".encode()) == 2
    for wrong in (
        {"held": stone, "to": target},
        {"held": stone, "to": tmp_path / "home" / "court"},
        {"held": "0123456789ab", "to": tmp_path / "other"},
        {"held": stone},
    ):
        with pytest.raises(UsageError):
            said(**wrong)
    assert not (tmp_path / "home" / "court").exists()


def test_a_held_one_is_listed_as_held(said, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", "0123456789abcdef" * 2)
    said(ID, scope="erase", reason="asked", legal_hold=True)
    [row] = json.loads(said(listed=True, as_json=True))
    assert row["state"] == "held"


def test_show_says_that_it_is_taken_down_and_of_a_redacted_one_what_remains(said, capsys):
    said(ID, scope="redact", reason="asked")
    with pytest.raises(TakenDown, match="redact"):
        show(ID)
    told = capsys.readouterr()
    assert told.out == ""
    assert "第2号渡口恢复通航" in told.err
    assert "首班船" not in told.err
    with pytest.raises(TakenDown):
        show("https://example.com/hzrb/article_detail_1_20231215A012.html")


def test_an_erased_url_is_said_to_be_taken_down_and_not_unknown(said):
    said(ID, scope="erase", reason="asked")
    with pytest.raises(TakenDown, match="erase"):
        show("https://example.com/hzrb/article_detail_1_20231215A012.html")
    with pytest.raises(TakenDown, match="erase"):
        show(ID)


def test_i2_a_damaged_file_is_named_and_the_status_is_1(said, tmp_path, capsys):
    [file] = (tmp_path / "home" / "snapshots").glob("*/*/*.gz")
    content = file.read_bytes()
    file.write_bytes(content[:-5] + bytes([content[-5] ^ 1]) + content[-4:])
    for options in ({"wanted": ID, "scope": "erase", "reason": "asked"}, {"resume": True}):
        with pytest.raises(typer.Exit) as ended:
            said(**options)
        assert ended.value.exit_code == 1
        *_first, line = capsys.readouterr().out.splitlines()
        assert file.name in line
        assert "--resume" in line


def test_an_erasure_that_takes_nothing_says_so_and_what_to_do(said, capsys):
    takedown("https://example.com/never-met.jpg", scope="erase", reason="asked")
    told = capsys.readouterr()
    assert "no article held" in told.out
    assert "nothing was taken out" in told.err
    takedown(ID, scope="erase", reason="asked")
    assert "nothing was taken out" not in capsys.readouterr().err


def test_a_copy_that_somebody_put_among_the_archive_is_named_by_an_erasure(said, capsys):
    snapshots = settings.home().snapshots
    mine = next(snapshots.rglob("*.warc.gz"))
    copy = mine.with_name("副本.warc.gz")
    copy.write_bytes(mine.read_bytes())
    with pytest.raises(typer.Exit):
        said(ID, scope="erase", reason="asked")
    assert (
        f"{copy}: no file of the archive, as it was: move it elsewhere" in capsys.readouterr().out
    )


def test_without_the_key_of_earlier_notes_nothing_is_taken_out_before_somebody_decides(said):
    said(ID, scope="erase", reason="asked")
    key = settings.home().root / removals.KEY
    with pytest.raises(UsageError, match="is there, and stays"):
        said(new_key=True)
    kept = key.read_bytes()
    key.unlink()
    other = ID.removesuffix("2") + "3"
    with pytest.raises(ArchiveError, match="bring it back"):
        said(other, scope="erase", reason="asked")
    key.write_bytes(kept)
    key.chmod(0o600)
    assert "2 records, 1 article\n" in said(resume=True)
    key.unlink()
    assert str(key) in said(new_key=True)
    assert key.read_bytes() != kept
    assert "2 records" in said(ID.removesuffix("2") + "4", scope="erase", reason="asked")
