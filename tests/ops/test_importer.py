"""An operator's archive goes the same way as a crawl."""

from __future__ import annotations

import gzip
import json
import secrets

import pytest
from fastwarc.warc import ArchiveIterator

from newscrawl.archive.layout import archive_files
from newscrawl.catalogue import runs, soundness, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.extract.normalise import LINE
from newscrawl.home import Home
from newscrawl.ops.importer import article_from
from tests.crawls import Newsroom

RECORDS = [
    {"id": f"20231201-{number:02}", "date": "2023-12-01", "title": f"第{number}条快讯",
     "text": f"本报讯（记者 林知远）第{number}条。\n　　全文到此为止。"}
    for number in range(30)
]  # fmt: skip


def lines(records):
    return [json.dumps(each, ensure_ascii=False).encode() for each in records]


def bring(room, path, content):
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return room.run("newscrawl", "import", str(path), "--paper", "express", "--title", "快报")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_every_record_is_found_at_the_end_and_its_exact_line_is_archived(tmp_path, name):
    room = Newsroom(tmp_path / "home")
    given = lines(RECORDS)
    done = bring(room, tmp_path / name, b"\n".join(given) + b"\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == f"{name}: 30 read: 30 new, 0 edited, 0 unchanged, 0 refused\n"
    result = room.search("全文到此为止", "--limit", "50")
    assert result["total"] == 30
    assert {each["id"] for each in result["results"]} == {
        f"express/{each['id']}" for each in RECORDS
    }
    kept = set()
    for path in archive_files(Home(tmp_path / "home").snapshots):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.headers["WARC-Type"] == "resource":
                    assert record.verify_block_digest()
                    kept.add(record.reader.read())
    assert kept == set(given)


@pytest.mark.slow
def test_a_known_paper_keeps_its_name_and_no_other_is_given_to_it(tmp_path):
    room = Newsroom(tmp_path / "home")
    content = b"\n".join(lines(RECORDS))
    bring(room, tmp_path / "a.jsonl", content)
    room.run("newscrawl", "import", str(tmp_path / "a.jsonl"), "--paper", "express")
    assert room.search("paper:快报 全文", "--paper", "快报")["total"] == 30
    given = (str(tmp_path / "a.jsonl"), "--paper=express")
    refused = room.run("newscrawl", "import", *given, "--title=新报")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "--title 新报: express is called 快报: leave it out, or choose another --paper\n"
    )
    assert room.search("paper:快报 全文")["total"] == 30
    assert room.run("newscrawl", "import", *given, "--title=快报").returncode == 0


def test_a_paper_that_has_only_its_name_may_be_given_a_title(tmp_path):
    room = Newsroom(tmp_path / "home")
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines(RECORDS)))
    given = ("newscrawl", "import", str(tmp_path / "a.jsonl"), "--paper=express")
    assert room.run(*given).returncode == 0
    assert room.run(*given, "--title=快报").returncode == 0
    assert room.search("paper:快报 全文")["total"] == 30


def test_another_article_under_a_known_id_is_told_of(tmp_path):
    room = Newsroom(tmp_path / "home")
    bring(room, tmp_path / "a.jsonl", lines(RECORDS[:1])[0])
    others = [
        {**RECORDS[0], "title": f"另一件事{n}", "text": text}
        for n, text in enumerate(["茶园开采了。", "地铁延长运营。"])
    ]
    done = bring(room, tmp_path / "b.jsonl", lines(others[:1])[0])
    known, other = "express/20231201-00", "express/20231201-00~2"
    line = "1 read: 1 new, 0 edited, 0 unchanged, 0 refused"
    said = f"under another id: {other}, since {known} is another article"
    assert done.stdout == f"b.jsonl: {line}; 1 {said}\n"
    again = bring(room, tmp_path / "b.jsonl", lines(others[:1])[0])
    assert again.stdout == "b.jsonl: 1 read: 0 new, 0 edited, 1 unchanged, 0 refused\n"


@pytest.mark.parametrize(("given", "silent"), [((), True), (("--alert",), False)])
def test_nobody_is_told_of_an_import_unless_that_is_asked_for(tmp_path, given, silent):
    room = Newsroom(tmp_path / "home")
    (tmp_path / "a.jsonl").write_bytes(lines(RECORDS[:1])[0])
    command = ("newscrawl", "import", str(tmp_path / "a.jsonl"), "--paper=express", *given)
    assert room.run(*command).returncode == 0
    catalogue = Catalogue.open(tmp_path / "home" / "newscrawl.db")
    with catalogue.read() as connection:
        [version] = versions.after(connection, 0, 9)
    catalogue.close()
    assert version.article.silent is silent


def test_blank_lines_are_no_records(tmp_path):
    room = Newsroom(tmp_path / "home")
    done = bring(room, tmp_path / "a.jsonl", b"\n \r\n".join([*lines(RECORDS[:2]), b"", b"\t"]))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "a.jsonl: 2 read: 2 new, 0 edited, 0 unchanged, 0 refused\n"


def test_a_file_that_is_not_utf8_is_told_how_to_become_it(tmp_path):
    room = Newsroom(tmp_path / "home")
    content = b"\n".join(lines(RECORDS[:2])).decode().encode("gb18030")
    done = bring(room, tmp_path / "a.jsonl", content)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "  a.jsonl:1: not UTF-8: `iconv -f gb18030 -t utf-8 FILE` converts it"
    )


def test_bringing_it_again_changes_nothing_and_an_edit_is_a_version(tmp_path):
    room = Newsroom(tmp_path / "home")
    bring(room, tmp_path / "a.jsonl", b"\n".join(lines(RECORDS)))
    edited = [{**RECORDS[0], "text": RECORDS[0]["text"].replace("第0条", "第零条")}, *RECORDS[1:]]
    again = bring(room, tmp_path / "a.jsonl", b"\n".join(lines(edited)))
    assert again.stdout == "a.jsonl: 30 read: 0 new, 1 edited, 29 unchanged, 0 refused\n"
    assert room.search("第零条")["total"] == 1
    assert room.search("本报讯")["total"] == 30


def test_lines_that_are_no_record_are_named_and_the_rest_is_imported(tmp_path):
    room = Newsroom(tmp_path / "home")
    content = b"\n".join(
        [b"not json", *lines(RECORDS[:2]), b'{"id": "x", "date": "someday"}', b"[1]"]
    )
    done = bring(room, tmp_path / "a.jsonl", content)
    assert done.returncode == 1
    assert "2 new" in done.stdout
    assert "3 refused" in done.stdout
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["1", "4", "5"]


def test_a_cut_file_keeps_what_was_read_and_says_so(tmp_path):
    room = Newsroom(tmp_path / "home")
    noisy = [{**each, "noise": secrets.token_hex(500)} for each in RECORDS]
    whole = gzip.compress(b"\n".join(lines(noisy)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    done = room.run("newscrawl", "import", str(tmp_path / "a.jsonl.gz"), "--paper", "express")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "mend the file" in done.stderr
    catalogue = Catalogue.open(tmp_path / "home" / "newscrawl.db")
    with catalogue.read() as connection:
        kept = soundness.counts(connection)["express"]["sound"]
        run = runs.newest(connection)["express"]
    catalogue.close()
    assert 10 <= kept < 20
    assert (run.state, bool(run.ended)) == ("failed", True)
    assert "mend the file" in run.line
    assert room.run("newscrawl", "reindex").returncode == 0
    assert room.search("全文到此为止")["total"] == kept


@pytest.mark.parametrize("paper", ["快报", "_express", "a/b", "express daily", ""])
def test_a_name_that_no_folder_can_have_is_refused_before_anything_starts(tmp_path, paper):
    room = Newsroom(tmp_path / "home")
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines(RECORDS)))
    done = room.run("newscrawl", "import", str(tmp_path / "a.jsonl"), "--paper", paper)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "home" / "newscrawl.db").exists()


def test_records_of_one_url_and_ids_with_marks_of_a_url_stay_apart(tmp_path):
    room = Newsroom(tmp_path / "home")
    shared = [
        {**RECORDS[number], "id": str(number), "url": "https://example.com/all.html"}
        for number in range(3)
    ]
    marked = [
        {**RECORDS[number + 3], "id": own_id} for number, own_id in enumerate(["a", "a#1", "a?1"])
    ]
    content = b"\n".join(lines(shared + marked))
    bring(room, tmp_path / "a.jsonl", content)
    found = {each["id"] for each in room.search("全文到此为止")["results"]}
    assert found == {f"express/{own_id}" for own_id in ("0", "1", "2", "a", "a#1", "a?1")}
    again = bring(room, tmp_path / "a.jsonl", content)
    assert again.stdout == "a.jsonl: 6 read: 0 new, 0 edited, 6 unchanged, 0 refused\n"


def test_show_gives_the_article_with_its_time_and_its_place(tmp_path):
    room = Newsroom(tmp_path / "home")
    record = {**RECORDS[3], "url": "https://example.com/3.html", "authors": ["徐念慈"]}
    bring(room, tmp_path / "a.jsonl", b"\n".join(lines([record])))
    by_id = room.run("newscrawl", "show", "express/20231201-03")
    by_url = room.run("newscrawl", "show", "http://example.com/3.html")
    assert by_id.stdout == by_url.stdout
    for words in ("快报 2023-12-01", "第3条快讯", "快照生成时间", "https://example.com/3.html"):
        assert words in by_id.stdout
    whole = json.loads(room.run("newscrawl", "show", "express/20231201-03", "--json").stdout)
    assert whole["reporters"] == ["徐念慈"]
    nothing = room.run("newscrawl", "show", "express/none")
    assert (nothing.returncode, len(nothing.stderr.splitlines())) == (1, 1)


def test_an_article_of_a_record_reads_its_credits():
    article = article_from(RECORDS[1], "express")
    assert article.reporters == ["林知远"]
    assert article.paragraphs == ["本报讯（记者 林知远）第1条。", "全文到此为止。"]


def test_a15_a_phrase_of_a_long_text_is_found_and_what_is_left_out_is_flagged(tmp_path):
    long = {"title": "题" * 1_000 + "到题末", "text": "雨停了。" * 50_000 + "全文到此为止。"}
    longest = {"title": "题" * 1_000_000, "text": "桥通了。"}
    records = [
        {"id": str(n), "date": "2023-12-01", **each} for n, each in enumerate((long, longest))
    ]
    room = Newsroom(tmp_path / "home")
    assert bring(room, tmp_path / "a.jsonl", b"\n".join(lines(records))).returncode == 0
    assert room.search('"雨停了。全文到此为止"')["total"] == 1
    assert room.search("到题末")["total"] == 1
    assert "1 flagged, 0 quarantined" in room.run("newscrawl", "status").stdout


def test_the_catalogue_holds_the_import_as_sound(tmp_path):
    room = Newsroom(tmp_path / "home")
    bring(room, tmp_path / "a.jsonl", b"\n".join(lines(RECORDS)))
    catalogue = Catalogue.open(tmp_path / "home" / "newscrawl.db")
    with catalogue.read() as connection:
        assert soundness.counts(connection) == {"express": {"sound": 30}}
    catalogue.close()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"id": 7}, "id must be text"),
        ({"text": None}, "text must be text"),
        ({"id": "\ud800"}, "surrogates"),
        ({"title": "\udfff"}, "surrogates"),
        ({"text": "半个\ud83d字"}, "surrogates"),
        ({"page": "\ud800"}, "surrogates"),
        ({"authors": ["\ud800"]}, "surrogates"),
        ({"url": "https://example.com/\ud800"}, "surrogates"),
        ({"url": "http://["}, "IPv6"),
        ({"url": "javascript:alert(1)"}, "not an http"),
        ({"url": "http:///nowhere"}, "not an http"),
        ({"url": 7}, "'url' is not text"),
        ({"authors": "徐念慈"}, "'authors'"),
        ({"authors": [7]}, "'authors'"),
        ({"authors": {"name": "徐念慈"}}, "'authors'"),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        article_from({**RECORDS[0], **wrong}, "express")


def test_hostile_lines_are_refused_and_the_rest_is_imported(tmp_path):
    room = Newsroom(tmp_path / "home")
    hostile = [{**RECORDS[0], "url": "http://["}, {**RECORDS[0], "title": "\ud800"}]
    content = [json.dumps(each).encode() for each in hostile] + [b"[" * 100_000]
    done = bring(room, tmp_path / "a.jsonl", b"\n".join([*content, *lines(RECORDS[:2])]))
    assert done.stdout == "a.jsonl: 5 read: 2 new, 0 edited, 0 unchanged, 3 refused\n"


def test_authors_are_cleaned_and_bounded_and_go_before_the_credits():
    authors = ["徐念慈\u202e", " \n", *["某" * 3_000] * 200]
    article = article_from({**RECORDS[0], "authors": authors}, "express")
    assert article.reporters[0] == "徐念慈"
    assert len(article.reporters) == 99
    assert max(map(len, article.reporters)) == LINE
    assert article_from({**RECORDS[0], "authors": [" "]}, "express").reporters == ["林知远"]
