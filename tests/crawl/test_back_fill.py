"""An edition of the past is collected without telling anybody, unless that is asked for."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from tests.crawls import demo


@pytest.mark.parametrize(("given", "silent"), [((), True), (("alert=1",), False)])
def test_a_back_fill_is_silent(tmp_path, given, silent):
    with demo(tmp_path) as (room, _site, server):
        done = room.crawl(server.url, *given)
    assert done.returncode == 0, done.stderr
    catalogue = Catalogue.open(tmp_path / "newscrawl.db")
    with catalogue.read() as connection:
        found = {version.article.silent for version in versions.after(connection, 0, 500)}
    catalogue.close()
    assert found == {silent}
