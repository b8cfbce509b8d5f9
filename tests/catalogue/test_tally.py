from __future__ import annotations

from newscrawl.catalogue.tally import Tally


def test_the_line_of_an_edition():
    counted = Tally(
        pages=16, pages_held=16, articles=143, articles_held=143, late=2, picture_only=1
    )
    assert counted.line("杭州日报", "2023-12-15") == (
        "杭州日报 2023-12-15  16/16 版  143/143 篇  (2 late, 1 picture only, 0 failed)"
    )


def test_pictures_that_are_missing_are_said():
    assert Tally(images=3, images_held=3).line("报", "2023-12-15").endswith("0 failed)")
    assert (
        Tally(images=3, images_gone=1)
        .line("报", "2023-12-15")
        .endswith("0 failed, 2 pictures missing)")
    )
    some = Tally(gone=1, images=3, images_held=2)
    assert some.line("报", "2023-12-15").endswith("0 failed, 1 gone, 1 picture missing)")
    assert some.line("报", "2023-12-15", pictures=False).endswith("0 failed, 1 gone)")
