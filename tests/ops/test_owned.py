"""Who may write in a home, and whose it is: found, and mended where a mode is all that is wrong."""

from __future__ import annotations

import os
import stat

import pytest

from newscrawl.archive import removals
from newscrawl.archive.layout import archive_files
from newscrawl.ops import owned
from newscrawl.ops.findings import Mend
from tests.homes import small_home


@pytest.fixture
def home(tmp_path):
    made = small_home(tmp_path / "home")
    made.snapshots.chmod(0o755)  # so that others come to what is below
    return made


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_of_the_archive_that_others_may_write_is_found_and_mended(home):
    [path] = archive_files(home.snapshots)
    assert list(owned.examine(home)) == []
    path.chmod(0o666)
    [finding] = owned.examine(home)
    assert (finding.where, finding.mend) == (str(home.snapshots), Mend.MODE)
    assert finding.what == f"writable by others: {path.relative_to(home.snapshots)}"
    assert list(owned.repair(home)) == [f"{path}: mode 666 made 644"]
    assert mode(path) == 0o644
    assert list(owned.examine(home)) == []


def test_where_nobody_comes_modes_do_not_matter(home):
    [path] = archive_files(home.snapshots)
    path.chmod(0o666)
    home.snapshots.chmod(0o700)
    assert list(owned.examine(home)) == []


def test_places_and_keys_are_mended_each_to_what_it_may_be(home):
    key = home.root / removals.KEY
    key.write_text("x")
    key.chmod(0o640)
    home.catalogue.chmod(0o664)
    home.logs.chmod(0o770)
    assert {each.mend for each in owned.examine(home)} == {Mend.MODE}
    assert len(list(owned.repair(home))) == 3
    assert list(owned.examine(home)) == []
    assert [mode(each) for each in (key, home.catalogue, home.logs)] == [0o600, 0o644, 0o750]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_another_user_owns_is_found_and_left(home):
    paths = archive_files(home.snapshots)
    more = paths[0].with_name("20231215T000000000000Z-00000000.warc.gz.open")
    more.touch()
    for path in (*paths, more):
        os.chown(path, 65534, 65534)
    [finding] = owned.examine(home)
    assert finding.where == str(home.snapshots)
    assert finding.what.startswith("owned by another user: ")
    assert finding.what.endswith(" and 1 more")
    assert finding.mend is None
    assert list(owned.repair(home)) == []
