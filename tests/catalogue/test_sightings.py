"""What later readings find of an article: a row where that changes, and else only a time."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import rereadings, sightings, snapshots, twins, versions
from newscrawl.catalogue.sightings import Missed, Place
from tests.makers import DAY, PAPER, article, capture, catalogue, record

ID = f"{PAPER}/{DAY}/A01/1"
ELSEWHERE = {"url": "https://example.com/hzrb/article_detail_1_20231215A067.html", "page": "A06"}
MINUTES = 30.0


def at(hour, minute=0):
    return f"2023-12-16T{hour:02}:{minute:02}:00.000000+00:00"


def again(hour, number=1, /, **changes):
    """An article as it is read at an hour of the next day; every reading is a capture."""
    record_id = f"<urn:uuid:{hour:08d}-0000-4000-8000-{number:012d}>"
    return article(number, snapshot_time=at(hour), record_id=record_id, **changes)


@pytest.fixture
def held(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, article(1), article(2))
    yield made
    made.close()


def missed(made, hour, minute=0):
    """The article is sought in vain; whether that is certain."""
    sought = again(hour)
    row = Missed(ID, at(hour, minute), "HTTP 404", sought.record_id, sought.url)
    with made.write() as tx:
        snapshots.add_all(tx, [capture(sought) | {"status": 404}])
        return sightings.gone(tx, row, MINUTES)


def found(made):
    with made.read() as tx:
        return [(each.state, each.seen_at, each.last_at, each.confirmed) for each in
                sightings.of_article(tx, ID)]  # fmt: skip


def original(made):
    with made.read() as tx:
        known = sightings.original(tx, ID)
        return known.state, known.seen


def test_an_unchanged_article_leaves_a_time_and_no_row(held):
    assert original(held) == ("unknown", article(1).snapshot_time)
    record(held, again(1), again(2, 2))
    record(held, again(3))
    assert found(held) == []
    assert original(held) == ("answers", at(3))


def test_an_edit_is_a_row_with_its_version(held):
    (recorded,) = record(held, again(1, paragraphs=["第1号渡口停航。", "市民称赞出行方便。"]))
    with held.read() as tx:
        (edit,) = sightings.of_article(tx, ID)
    assert (edit.state, edit.seq, edit.confirmed) == ("edited", recorded.seq, at(1))
    assert edit.record_id == again(1).record_id


def test_gone_is_certain_the_second_time_some_minutes_later(held):
    assert not missed(held, 1)
    assert found(held) == [("gone", at(1), at(1), None)]
    assert original(held) == ("perhaps gone", at(1))
    assert not missed(held, 1, 29)
    assert missed(held, 1, 30)
    assert found(held) == [("gone", at(1), at(1, 30), at(1, 30))]
    assert missed(held, 5)
    assert found(held) == [("gone", at(1), at(5), at(1, 30))]
    assert original(held) == ("gone", at(5))


def test_what_was_gone_once_and_is_there_again_was_never_gone(held):
    missed(held, 1)
    record(held, again(2))
    assert found(held) == []
    assert not missed(held, 3)


def test_what_was_gone_is_back_and_may_go_again(held):
    missed(held, 1)
    missed(held, 2)
    record(held, again(3))
    record(held, again(4))
    assert [each[:2] for each in found(held)] == [("gone", at(1)), ("back", at(3))]
    assert not missed(held, 5)
    assert missed(held, 6)
    assert [each[0] for each in found(held)] == ["gone", "back", "gone"]


def test_a_moved_article_keeps_its_id_and_has_one_version(held):
    (recorded,) = record(held, again(1, number=7, formerly=ID, **ELSEWHERE))
    assert (recorded.article_id, recorded.seq) == (ID, None)
    with held.read() as tx:
        (move,) = sightings.of_article(tx, ID)
        assert (move.state, move.reason) == ("moved", "A01/1 to A06/7")
        assert sightings.place_of(tx, ID) == Place(ELSEWHERE["url"], "A06", 7)
        assert [each.n for each in versions.of_article(tx, ELSEWHERE["url"])] == [1]
    record(held, again(2, number=7, **ELSEWHERE))
    assert len(found(held)) == 1
    assert original(held) == ("moved", at(2))


def test_a_move_and_an_edit_at_once_are_both_told(held):
    text = ["第1号渡口昨日恢复通航，首班船载客9人。", "市民称赞出行方便。"]
    record(held, again(1, number=7, formerly=ID, paragraphs=text, **ELSEWHERE))
    assert sorted(each[0] for each in found(held)) == ["edited", "moved"]


def test_articles_that_change_places_keep_their_ids(held):
    other = f"{PAPER}/{DAY}/A01/2"
    one, two = article(1), article(2)
    swapped = [
        again(1, 1, headline=two.headline, paragraphs=two.paragraphs, formerly=other),
        again(2, 2, headline=one.headline, paragraphs=one.paragraphs, formerly=ID),
    ]
    assert [each.article_id for each in record(held, *swapped)] == [other, ID]
    with held.read() as tx:
        assert versions.of_article(tx, two.url)[0].article_id == ID
        assert versions.of_article(tx, one.url)[0].article_id == other


def test_the_same_text_at_another_place_of_the_edition_is_a_twin(held):
    with held.read() as tx:
        twin = twins.twin_of(tx, again(1, **ELSEWHERE))
        assert twin is not None
        assert (twin.article_id, twin.place) == (ID, Place(article(1).url, "A01", 1))
        assert twins.twin_of(tx, again(1)) is None
        assert twins.twin_of(tx, again(1, edition="2023-12-16", **ELSEWHERE)) is None
        assert twins.twin_of(tx, again(1, 3, **ELSEWHERE)) is None
        frame = {"headline": article(1).headline, "paragraphs": ["今日开奖号码另行公布。"]}
        assert twins.twin_of(tx, again(1, **frame, **ELSEWHERE)) is None


def test_what_stood_at_an_address_before_may_be_there_again(held):
    text = {"headline": "夜航船首航", "paragraphs": ["夜航船昨晚在码头首航，乘客看了两岸灯火。"]}
    (other,) = record(held, again(1, **text))
    assert other.article_id == f"{ID}~2"
    with held.read() as tx:
        back = twins.twin_of(tx, again(2), other.article_id)
        assert back is not None
        assert back.article_id == ID
        assert twins.twin_of(tx, again(2, **text), other.article_id) is None
    missed(held, 2)
    assert [each.article_id for each in record(held, again(3, formerly=ID))] == [ID]
    with held.read() as tx:
        standing = twins.held_at(tx, article(1).url)
    assert standing is not None
    assert standing.article_id == ID


def test_lists_count_what_is_certain_newest_first(held):
    record(held, again(1, 2, paragraphs=["第2号渡口昨日停航，首班船载客1人。", "方便。"]))
    missed(held, 2)
    with held.read() as tx:
        assert sightings.counted(tx, PAPER, DAY, at(1)) == {"seen": 1, "edited": 1}
        assert rereadings.suspected_days(tx, PAPER, at(0)) == {DAY}
        assert rereadings.suspected_days(tx, PAPER, at(3)) == set()
        assert [each.article_id for each in sightings.suspected(tx, PAPER, DAY)] == [ID]
    missed(held, 3)
    with held.read() as tx:
        every = sightings.since(tx, at(0), limit=9)
        assert [each.sighting.state for each in every] == ["gone", "edited"]
        assert sightings.since(tx, at(0), states=("edited",), limit=9) == every[1:]
        assert sightings.since(tx, at(0), papers_named=["metro"], limit=9) == []
        assert sightings.since(tx, at(2), limit=9) == every[:1]
        assert rereadings.suspected_days(tx, PAPER, at(0)) == set()
        assert sightings.suspected(tx, PAPER, DAY) == []


def test_a_text_that_cannot_be_read_is_no_edit(held):
    record(held, again(1, paragraphs=["锟斤拷"], decode_errors=50, characters=100))
    assert found(held) == []
