from __future__ import annotations

import json

from newscrawl.archive.cdxj import lines
from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.writer import ArchiveWriter
from tests.archive.samples import FOLDER, MOMENT, snapshot, written


def test_a_line_tells_where_an_answer_lies(tmp_path):
    path = written(tmp_path, snapshot(status=404))
    [line] = lines(path)
    key, time, said = line.split(" ", 2)
    [answer] = [each for each in iterate(path) if each.type == "response"]
    assert key == "example,paper)/html/2023-12/15/content_1.html?div=-1"
    assert time == "20231215010203"
    assert json.loads(said) == {
        "url": "https://paper.example/html/2023-12/15/content_1.html?div=-1",
        "mime": "text/html",
        "status": "404",
        "digest": answer.payload_digest,
        "length": str(answer.length),
        "offset": str(answer.offset),
        "filename": path.name,
    }


def test_what_was_brought_has_a_line_and_no_status(tmp_path):
    with ArchiveWriter(tmp_path) as writer:
        name = "<urn:uuid:00000001-0000-4000-8000-000000000000>"
        writer.write_resource(FOLDER, "import:x/1", "text/plain; a=b", b"a", MOMENT, name).result()
    [path] = archive_files(tmp_path)
    [line] = lines(path, "named/otherwise.warc.gz")
    said = json.loads(line.split(" ", 2)[2])
    assert line.startswith("import:x/1 20231215010203 ")
    assert (said["mime"], said["filename"]) == ("text/plain", "named/otherwise.warc.gz")
    assert "status" not in said


def test_fields_about_an_archive_are_no_page(tmp_path):
    with ArchiveWriter(tmp_path) as writer:
        name = "<urn:uuid:00000001-0000-4000-8000-000000000000>"
        kind = "application/warc-fields"
        writer.write_resource(FOLDER, "import:x/1", kind, b"a: b", MOMENT, name).result()
    assert list(lines(*archive_files(tmp_path))) == []


def test_an_answer_without_a_type_has_none(tmp_path):
    [line] = lines(written(tmp_path, snapshot(headers=())))
    assert "mime" not in json.loads(line.split(" ", 2)[2])
