"""What a manifest is to say of an archive file."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from newscrawl.archive.described import described, is_as_sealed, unsealed
from newscrawl.archive.errors import DamagedArchive
from tests.archive.samples import snapshot, written


def test_lines_tell_of_every_byte(tmp_path):
    taken = snapshot()
    file = written(tmp_path, taken)
    path = str(file.relative_to(tmp_path))
    found = described(tmp_path, path)
    info, response, request = found.records
    assert (info.type, info.url, request.type) == ("warcinfo", "-", "request")
    assert (response.record_id, response.url) == (taken.record_id, taken.url)
    assert response.time == "2023-12-15T01:02:03.004567Z"
    assert response.payload == sha256(taken.body).hexdigest()
    assert found.file.stored == sha256(file.read_bytes()).hexdigest()
    assert sum(line.length for line in found.records) == found.file.length
    assert is_as_sealed(tmp_path, found.file)
    assert list(unsealed(tmp_path, path, found.records)) == []


def test_a_record_that_no_line_could_tell_of_is_named(tmp_path):
    odd = replace(snapshot(), record_id="<urn:of:ours>")
    file = written(tmp_path, odd)
    with pytest.raises(DamagedArchive, match="its id, type, address or digest is none of ours"):
        described(tmp_path, str(file.relative_to(tmp_path)))


def test_an_empty_file_is_damaged(tmp_path):
    file = written(tmp_path, snapshot())
    file.write_bytes(b"")
    with pytest.raises(DamagedArchive, match="the file is empty"):
        described(tmp_path, str(file.relative_to(tmp_path)))
