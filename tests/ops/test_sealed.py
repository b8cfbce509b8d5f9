"""What is sealed for a court is had back byte for byte, whole or not at all."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing

import pytest

from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.ops import sealed
from newscrawl.ops.noted import held_faults
from tests.homes import small_home

MEMBERS = [b"one", b"\x00\xfftwo\n", b"three" * 9]
NAME = "hangzhou_daily/2023-12-15/20231215T010203004567Z-0a1b2c3d.warc.gz"


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=1)


@pytest.fixture
def path(home):
    with closing(Catalogue.open(home.catalogue)) as held:
        return sealed.seal(home, held, "0123456789ab", NAME, iter(MEMBERS))


def test_every_record_is_had_back(home, path):
    assert list(sealed.opened(home, path)) == MEMBERS
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(held_faults(home)) == []


def test_what_was_sealed_in_one_piece_before_is_opened(home, path):
    secrets = Secrets.of("", home.secret_key)
    path.write_text(secrets.seal(b64encode(b"".join(MEMBERS)).decode("ascii")))
    assert list(sealed.opened(home, path)) == [b"".join(MEMBERS)]
    assert list(held_faults(home)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")],
        lambda lines: [lines[0], b"\n", *lines[1:]],
        lambda lines: [],
    ],
    ids=["no end", "no first", "turned round", "two ends", "no last break", "a blank", "empty"],
)
def test_f15_a_line_that_is_missing_or_moved_is_found(home, path, change, tmp_path):
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    assert [each.where for each in held_faults(home)] == [str(path)]
    target = tmp_path / "out"
    with pytest.raises(NewscrawlError, match=r"missing|written"):
        sealed.open_into(home, "0123456789ab", target)
    assert list(target.iterdir()) == []
