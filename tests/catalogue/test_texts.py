from __future__ import annotations

import pytest

from newscrawl.catalogue import texts
from tests.makers import article, catalogue, record, ruin

WHOLE = {
    "headline": "题",
    "kicker": "引",
    "subhead": "副",
    "paragraphs": ["甲", "乙"],
    "source": "新华社",
    "reporters": ["王伟", "李丽"],
    "correspondents": ["陈浩"],
}


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        (None, "题\n引\n副\n甲\n乙"),
        ("headline", "题"),
        ("body", "甲\n乙"),
        ("source", "新华社"),
        ("author", "王伟\n李丽\n陈浩"),
    ],
)
def test_each_text_of_a_field_is_a_line(tmp_path, field, lines):
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, article(1, **WHOLE))
    with made.read() as connection:
        assert list(texts.lines(connection, [1, 99], field)) == [(1, lines)]
    made.close()


@pytest.mark.parametrize(
    ("field", "lines"),
    [(None, "题\u2028目\n引\u2028题\n副\u2028题\n甲"), ("headline", "题\u2028目")],
)
def test_a_heading_of_several_lines_is_one_text(tmp_path, field, lines):
    made = catalogue(tmp_path / "newscrawl.db")
    broken = {"headline": "题\n目", "kicker": "引\n题", "subhead": "副\n题", "paragraphs": ["甲"]}
    record(made, article(1, **broken))
    with made.read() as connection:
        assert list(texts.lines(connection, [1], field)) == [(1, lines)]
    made.close()


def test_any_number_of_versions_is_read(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, *(article(number, headline=f"题{number}") for number in range(1, 702)))
    with made.read() as connection:
        found = dict(texts.lines(connection, range(1, 702), "headline"))
    assert found == {number: f"题{number}" for number in range(1, 702)}
    made.close()


@pytest.mark.parametrize(
    ("field", "how"), [("author", "no JSON"), ("author", "no object"), ("body", "no UTF-8")]
)
def test_what_cannot_be_read_is_left_out(tmp_path, field, how):
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, *(article(number, **WHOLE) for number in range(1, 6)))
    ruin(made, how, 2)
    with made.read() as connection:
        found = [seq for seq, _text in texts.lines(connection, range(1, 6), field)]
    assert found == [1, 3, 4, 5]
    made.close()
