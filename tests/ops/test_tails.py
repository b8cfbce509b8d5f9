"""The end of a note: what was never written to its end is cut, and what is whole is kept."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from newscrawl.archive.removals import NOTES, Note, Removed, append, notes
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.tombstone_file import NAME
from newscrawl.ops import tails
from newscrawl.ops.takedown import Order, take_down
from tests.homes import small_home
from tests.makers import DAY, PAPER
from tests.ops.test_verification import verify

NOW = datetime.now(UTC)


@pytest.fixture
def home(tmp_path):
    """With a tombstone and a note of a removal."""
    home = small_home(tmp_path / "家", articles=1)
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        order = Order("hide", "作者要求", "rights", "desk")
        take_down(home, catalogue, order, NOW, wanted=f"{PAPER}/{DAY}/A01/1", prefix=False)
    gone = (Removed("<urn:uuid:1>", "0" * 64),)
    append(home.root, Note("a", "b", gone, NOW.isoformat(), "erase", "other", "0123456789ab"))
    return home


@pytest.mark.parametrize("name", [NAME, NOTES])
@pytest.mark.parametrize("behind", [b"", b"\x8a"])
def test_f15_a_whole_line_gets_its_break_again(home, name, behind):
    path = home.root / name
    written = path.read_bytes()
    path.write_bytes(written.removesuffix(b"\n") + behind)
    [finding] = tails.examine(home)
    assert "line break" in finding.what
    [done] = tails.repair(home, [finding])
    assert done.endswith("its last line has its break again")
    assert path.read_bytes() == written
    assert verify(home).sound


@pytest.mark.parametrize("name", [NAME, NOTES])
def test_f3_what_was_never_written_to_its_end_is_cut(home, name):
    path = home.root / name
    written = path.read_bytes()
    path.write_bytes(written + written[:-2])
    [finding] = tails.examine(home)
    [done] = tails.repair(home, [finding])
    assert done.endswith(f"{len(written) - 2} bytes of an unfinished line cut")
    assert path.read_bytes() == written
    assert len(list(notes(home.root))) == 1
