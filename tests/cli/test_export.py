"""`newscrawl export` as a person calls it."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.archive.layout import archive_files
from newscrawl.cli import app
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.export.policing import NotAllowed
from newscrawl.index.opened import Unsearchable
from newscrawl.query.errors import QueryError
from tests.homes import small_home


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = small_home(tmp_path / "home")
    monkeypatch.setattr(settings, "home", lambda: made)
    return made


@pytest.fixture
def run(home, capsys):
    """Runs `newscrawl WORDS…`; its exit status, what it printed, what it said on stderr."""

    def run(*words):
        status = app(words[0])([str(word) for word in words], standalone_mode=False)
        said = capsys.readouterr()
        return status or 0, said.out, said.err

    return run


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_until_somebody_decides_the_text_is_cut_and_that_is_said(run, tmp_path):
    out = tmp_path / "a.jsonl"
    status, said, err = run("export", "-o", out)
    assert status == 0
    assert said.startswith(f"{out}: 5 篇, ")
    assert "excerpt-200" in err
    assert "`newscrawl policy set full`" in err
    assert {each["policy"] for each in lines(out)} == {"excerpt-200"}


@pytest.mark.parametrize(
    ("policy", "body"),
    [
        ("full", "第1号渡口昨日恢复通航，首班船载客7人。\n市民称赞出行方便。"),
        ("excerpt-8", "第1号渡口昨日…"),
        ("metadata", None),
    ],
)
def test_a_policy_decides_how_much_of_the_text_goes_out(run, tmp_path, policy, body):
    run("policy", "set", policy)
    out = tmp_path / "a.jsonl"
    run("export", "-o", out, "--paper", "杭州日报")
    first = lines(out)[0]
    assert (first["body"], first["policy"]) == (body, policy)
    assert first["headline"] == "第1号渡口恢复通航"


def test_one_export_may_let_out_less_and_never_more(run, tmp_path):
    run("policy", "set", "excerpt-8")
    for given, holds in (
        ("metadata", "metadata"),
        ("full", "excerpt-8"),
        ("excerpt-3", "excerpt-3"),
    ):
        out = tmp_path / f"{given}.jsonl"
        run("export", "-o", out, "--policy", given)
        assert {each["policy"] for each in lines(out)} == {holds}


def test_what_keeps_a_text_here_is_said_with_the_call_that_lets_it_out(run, tmp_path):
    run("policy", "set", "full")
    run("policy", "set", "metadata", "--paper", "hangzhou_daily")
    call = "newscrawl policy set {} --paper hangzhou_daily"
    for given, said in (
        ((), "not the whole text of hangzhou_daily (metadata): `" + call.format("full")),
        (("--policy", "full"), "not the whole text of hangzhou_daily (metadata): `"),
        (("--policy", "excerpt-8"), "less than excerpt-8 of hangzhou_daily (metadata): `"),
    ):
        err = run("export", "-o", tmp_path / "a.jsonl", "--force", *given)[2]
        assert err.startswith(said)
    assert call.format("excerpt-8") in err
    assert run("export", "-o", tmp_path / "b.jsonl", "--policy", "metadata")[2] == ""


@pytest.mark.parametrize("name", ["a.wacz", "a.warc.gz"])
def test_whole_pages_are_refused_by_a_policy_that_names_its_papers(run, tmp_path, name):
    with pytest.raises(NotAllowed, match=r"hangzhou_daily \(excerpt-200\).*policy set full"):
        run("export", "-o", tmp_path / name)
    run("policy", "set", "full", "--paper", "hangzhou_daily")
    with pytest.raises(NotAllowed, match="leave out --policy"):
        run("export", "-o", tmp_path / name, "--policy", "metadata")
    assert list(tmp_path.glob("a.*")) == []
    assert run("export", "-o", tmp_path / name)[0] == 0


def test_a_query_finds_what_a_search_finds(run, tmp_path):
    out = tmp_path / "a.jsonl"
    assert run("export", "第3号", "渡口", "-广告", "-o", out, "--since", "2023-12-01")[0] == 0
    assert [each["headline"] for each in lines(out)] == ["第3号渡口恢复通航"]


def test_nothing_found_is_said_and_no_file_is_written(run, tmp_path):
    out = tmp_path / "a.jsonl"
    status, said, err = run("export", "没有的词", "-o", out)
    assert (status, said) == (1, "")
    assert f"nothing found: {out} was not written" in err
    assert run("export", "-o", out, "--since", "2024-01-01")[0] == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["-o", "a.txt"], UsageError, "end it in one of"),
        (["-o", "a.csv", "--format", "xls"], UsageError, "wacz, warc, jsonl, parquet, csv"),
        (["-o", "a.csv", "--versions", "2"], UsageError, "newest, all"),
        (["-o", "a.csv", "--policy", "alles"], UsageError, "must be full"),
        (["-o", "a.csv", "--paper", "没有的报"], UsageError, "nothing was collected"),
        (["-o", "a.csv", "--since", "gestern"], UsageError, "--since"),
        (["-o", "no/a.csv"], UsageError, "no such directory"),
        (["-o", "a.csv", "（渡口"], QueryError, "（"),
        (["-o", "a.csv", "--quiet"], UsageError, "no such option"),
    ],
)
def test_a_wrong_call_is_refused(run, tmp_path, monkeypatch, words, error, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=said) as refused:
        run("export", *words)
    assert refused.value.status == 2
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_a_query_without_an_index_has_no_answer_and_everything_needs_none(run, home, tmp_path):
    for path in sorted(home.indexes.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(Unsearchable) as refused:
        run("export", "渡口", "-o", tmp_path / "a.jsonl")
    assert refused.value.status == 3
    assert run("export", "-o", tmp_path / "a.jsonl")[0] == 0


def test_a_file_is_replaced_only_with_force(run, tmp_path):
    out = tmp_path / "a.csv"
    out.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        run("export", "-o", out)
    assert out.read_text() == "mine"
    assert run("export", "-o", out, "--force")[0] == 0


def test_a_damaged_capture_ends_the_export_and_is_named(run, home, tmp_path):
    run("policy", "set", "full")
    [path] = archive_files(home.snapshots)
    stored = bytearray(path.read_bytes())
    stored[-40] ^= 1
    path.write_bytes(stored)
    with pytest.raises(NewscrawlError, match=path.name):
        run("export", "-o", tmp_path / "a.warc.gz")
    assert list(tmp_path.glob("a.*")) == []
