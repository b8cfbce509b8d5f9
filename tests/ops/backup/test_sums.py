"""The list of a backup: sha256sum reads it, and whatever was changed in it is noticed."""

from __future__ import annotations

import hashlib
import subprocess

import pytest

from newscrawl.ops.backup import sums
from newscrawl.ops.backup.sums import BadList, Sums

MADE = "2023-12-15T00:45:10.000000+00:00"
FILES = {
    "snapshots/hangzhou_daily/2023-12-15/a.warc.gz": "1" * 64,
    "generations/000001-20231215T004510Z/newscrawl.db": "0" * 64,
}


@pytest.mark.parametrize("passing", [True, False])
@pytest.mark.parametrize("secrets", [True, False])
@pytest.mark.parametrize("files", [FILES, {}])
def test_a_list_is_read_as_it_was_written(files, secrets, passing):
    written = Sums(MADE, secrets, files, passing)
    assert sums.parse(sums.show(written)) == written


def test_every_changed_or_missing_line_is_noticed():
    text = sums.show(Sums(MADE, False, FILES))
    lines = text.splitlines(keepends=True)
    for number in range(len(lines)):
        with pytest.raises(BadList):
            sums.parse("".join(lines[:number] + lines[number + 1 :]))
    for at, sign in enumerate(text[:-1]):
        with pytest.raises(BadList):
            sums.parse(text[:at] + ("x" if sign != "x" else "y") + text[at + 1 :])


def test_sha256sum_checks_it(tmp_path):
    (tmp_path / "一.txt").write_text("渡口今晨恢复通航")
    digest = hashlib.sha256("渡口今晨恢复通航".encode()).hexdigest()
    (tmp_path / "list").write_text(sums.show(Sums(MADE, False, {"一.txt": digest})))
    command = ["sha256sum", "--strict", "-c", "list"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "一.txt").write_text("停航")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
