from __future__ import annotations

import pytest

from newscrawl.catalogue import covered, tombstones
from newscrawl.catalogue.withdrawn import Tombstone, address_mark
from tests.makers import catalogue

TWINS = {"http://i.example/res/face.jpg", "https://i.example/res/face.jpg#page"}


@pytest.mark.parametrize("among", [covered.covered_among, covered.erased_among])
def test_every_url_of_an_address_that_is_taken_down_is_told(tmp_path, among):
    made = catalogue(tmp_path / "newscrawl.db")
    mark = address_mark("https://i.example/res/face.jpg")
    with made.write() as tx:
        at = "2026-03-01T00:00:00Z"
        stone = Tombstone("1", "address", mark, "erase", "asked for", "privacy", "them", at)
        tombstones.add(tx, stone, [mark])
        assert among(tx, [*TWINS, "https://i.example/res/other.jpg"]) == TWINS
    made.close()
