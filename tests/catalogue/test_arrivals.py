from __future__ import annotations

import pytest

from newscrawl.catalogue import arrivals
from tests.makers import DAY, NOW, PAPER, article, catalogue, record

OTHER = "metro_express"


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "x.db", {PAPER: "杭州日报", OTHER: "都市快报"})
    later = "2023-12-15T01:10:00.000000+00:00"
    record(made, article(1), article(2), article(3, snapshot_time=later))
    record(
        made,
        article(4, paper=OTHER, url="https://example.com/dskb/4.html", paragraphs=["另一份报纸。"]),
        article(1, record_id="<urn:uuid:1>", paragraphs=["改过的第1号渡口昨日恢复通航。"]),
    )
    yield made
    made.close()


def test_the_minutes_of_a_paper_and_its_newest(made):
    with made.read() as connection:
        found = arrivals.minutes(connection, PAPER, DAY)
        assert sorted(found) == [(DAY, "2023-12-15T00:45"), (DAY, "2023-12-15T01:10")]
        assert arrivals.minutes(connection, PAPER, "2023-12-16") == []
        assert arrivals.last_seen(connection, PAPER, DAY) == "2023-12-15T01:10:00.000000+00:00"
        assert arrivals.last_seen(connection, PAPER, "2023-12-16") is None
        assert arrivals.last_seen(connection, OTHER, DAY) == NOW


def test_what_came_since_is_in_order_and_of_this_paper_only(made):
    with made.read() as connection:
        came = arrivals.after(connection, PAPER, 2)
    assert [(each.seq, each.article_id, each.n) for each in came] == [
        (3, f"{PAPER}/{DAY}/A01/3", 1),
        (5, f"{PAPER}/{DAY}/A01/1", 2),
    ]
    assert came[0].headline == "第3号渡口恢复通航"
