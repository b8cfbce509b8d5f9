from __future__ import annotations

from newscrawl.catalogue.tally import Tally


def test_the_line_of_an_edition():
    counted = Tally(
        pages=16, pages_held=16, articles=143, articles_held=143, late=2, picture_only=1
    )
    assert counted.line("杭州日报", "2023-12-15") == (
        "杭州日报 2023-12-15  16/16 版  143/143 篇  (2 late, 1 picture only, 0 failed)"
    )
