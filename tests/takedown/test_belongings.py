"""An erasure takes what belongs to the erased article, and leaves what is another's."""

from __future__ import annotations

from contextlib import closing

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.catalogue import (
    belongings,
    editions,
    owners,
    quotations,
    targets,
    versions,
)
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.items import Image
from newscrawl.ops import erasing
from newscrawl.ops.outlaws import Outlaws
from newscrawl.text.traces import Traces
from tests.makers import DAY, PAPER, article, record, ruin
from tests.takedown import probe
from tests.takedown.erasures import left

ID = f"{PAPER}/{DAY}/A01/2"
HEADLINE = "第2号渡口恢复通航"
FORMULA = "新华社北京十二月十四日电"
ELSEWHERE = Place("metro_express", "2024-03-03", "list")
LISTS = Place(PAPER, DAY, "page")
PICTURE = Image("https://example.com/logo/column.png", "")


def test_i2_a_formula_takes_nothing_of_those_who_use_it_too(home, read, captured, erase):
    items = [
        article(number, paragraphs=[f"{FORMULA}（记者）第{number}号渡口昨日恢复通航。"])
        for number in range(61, 65)
    ]
    first, *_others = [each.article_id for each in read(*items)]
    again = [captured(Place(PAPER, DAY, "article"), each.url, each.body) for each in items]
    listing = captured(ELSEWHERE, "https://o.example/list.html", f"<li>{FORMULA} 别的事</li>")
    done = erase(first)
    assert (done.articles, done.records, dict(done.quoted)) == (1, 4, {})
    assert again[0] not in left(home)
    assert {*again[1:], listing, *(each.record_id for each in items[1:])} <= left(home)


def test_i2_what_was_read_again_belongs_to_its_article_also_where_it_quotes(home, captured, erase):
    quoting = captured(
        Place(PAPER, DAY, "article"), f"{article(3).url}?div=1", f"<aside>{HEADLINE}</aside>"
    )
    frame = captured(LISTS, "https://example.com/hzrb/list.html", f"<li>{HEADLINE}</li>")
    done = erase(ID)
    assert list(done.quoted) == [quoting]
    assert done.quoted[quoting] in {
        str(file.relative_to(home.snapshots)) for file in archive_files(home.snapshots)
    }
    assert quoting in left(home)
    assert frame not in left(home)


def test_i2_a_list_of_its_edition_goes_although_a_reprint_has_its_headline(
    home, read, captured, erase
):
    lines = [f"停航{each}天的渡口今晨恢复通航，码头上有{each}个人在等船。" for each in "三四五六"]
    mine, reprint = (
        article(71, headline="停航的渡口又通航了", paragraphs=lines),
        article(72, headline="停航的渡口又通航了", paragraphs=[*lines[:3], "本报有删节。"]),
    )
    first, second = [each.article_id for each in read(mine, reprint)]
    label = "<li>停航的渡口又通航了</li>"
    own = captured(LISTS, "https://example.com/hzrb/list.html", label)
    other = captured(ELSEWHERE, "https://o.example/list.html", label)
    done = erase(first)
    assert list(done.quoted) == [reprint.record_id]
    with closing(Catalogue.existing(home.catalogue)) as kept, kept.read() as view:
        named = versions.articles_read_from(view, done.quoted)
    assert named == {reprint.record_id: [second]}
    assert own not in left(home)
    assert {other, reprint.record_id} <= left(home)


def test_i2_a_short_headline_takes_nothing_outside_its_edition(home, read, captured, erase):
    """A paper of which nothing was read yet may have one like it."""
    [one] = read(article(73, headline="今天天气预报", paragraphs=["晴转多云，东北风三级。"]))
    label = "<li>今天天气预报</li><li>另一件大事</li>"
    own = captured(LISTS, "https://example.com/hzrb/list.html", label)
    other = captured(ELSEWHERE, "https://o.example/list.html", label)
    erase(one.article_id)
    assert own not in left(home)
    assert other in left(home)


def test_i2_a_short_text_that_was_imported_twice_goes_twice(home, held, captured, erase):
    text = ["王䶮䶯，男，", "六十二岁，", "上月离家，", "至今未归。"]
    notice = article(81, headline="寻人启事", paragraphs=text, url="import:imp/81", own_id="81")
    body = f"寻人启事 {notice.body}"
    notice.record_id = captured(Place(PAPER, "2024-05-01", "import"), notice.url, body)
    [kept] = record(held, notice)
    captured(Place(PAPER, "2024-05-02", "import"), notice.url, body)
    assert len(probe.found(home.snapshots, ["王䶮䶯"])["王䶮䶯"]) == 2
    assert erase(kept.article_id).records == 4
    assert probe.found(home.root, ["王䶮䶯", "寻人启事"]) == {}


def test_i2_of_several_articles_at_one_address_each_has_its_own_lines(home, held, captured, erase):
    place, url = Place(PAPER, "2024-05-01", "import"), "https://example.com/all.html"
    items = [
        article(number, headline=f"启事{number}", paragraphs=[f"{number}"], url=url, own_id=own)
        for number, own in ((82, "82"), (83, "83"))
    ]
    for each in items:
        each.record_id = captured(place, url, each.headline)
    first, _second = record(held, *items)
    again = [captured(place, url, each.headline) for each in items]
    erase(first.article_id)
    assert again[0] not in left(home)
    assert {items[1].record_id, again[1]} <= left(home)


def test_a_reading_belongs_to_the_article_that_stood_there_then(held, captured, ordered):
    place, url = Place(PAPER, DAY, "article"), "https://example.com/moving.html"
    then, now = (
        article(91, url=url, headline="先在这里的报道", paragraphs=["甲乙丙丁" * 20]),
        article(92, url=url, headline="后来的另一篇", paragraphs=["戊己庚辛" * 20]),
    )
    before = captured(place, url, "0")
    then.record_id = captured(place, url, "1")
    [first] = record(held, then)
    unchanged = captured(place, url, "2")
    now.record_id = captured(place, url, "3")
    [second] = record(held, now)
    assert second.article_id != first.article_id
    later = captured(place, url, "4")
    readings = {before, then.record_id, unchanged, now.record_id, later}
    with held.read() as view:
        assert owners.of_held(view, readings) == readings
        marks = targets.places_of(view, [first.article_id, second.article_id])
    ordered(first.article_id, "erase")
    with held.read() as view:
        assert owners.of_held(view, readings) == {now.record_id, later}
        mine = belongings.captures_of(view, [first.article_id], marks)
    assert mine == {before, then.record_id, unchanged}


def test_a_picture_that_another_day_shows_too_is_not_outlawed(held, ordered):
    days = ("2023-12-14", "2023-12-18")
    with held.write() as tx:
        for day in days:
            editions.open_edition(tx, PAPER, day, "https://example.com/", f"{day}T00:00:00Z")
    ids = []
    for number, day in enumerate(days, start=41):
        shown = [PICTURE, Image(f"https://example.com/{number}.jpg", "")]
        url = f"https://example.com/{number}"
        item = article(number, edition=day, url=url, images=shown)
        ids.append(record(held, item)[0].article_id)

    def outlawed(url):
        with held.read() as view:
            return Outlaws.of(view).cover(url)

    ordered(ids[0], "erase")
    assert outlawed("https://example.com/41.jpg")
    assert not outlawed(PICTURE.url)
    ordered(ids[1], "erase")  # the other is not emptied yet, and does not show it for long
    assert outlawed(PICTURE.url)


def test_i4_an_erased_text_at_the_address_of_another_takes_only_itself(
    home, held, read, captured, erase
):
    long = ["停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民，带着相机。"]
    [gone] = read(article(30, paragraphs=long))
    other = article(31, headline="另一篇报道", paragraphs=["与渡口没有关系的另一件事情。"])
    read(other)
    unchanged = captured(Place(PAPER, DAY, "article"), other.url, other.body)
    erase(gone.article_id)
    back = article(30, url=other.url, paragraphs=long)
    [met] = read(back)
    assert met.state == "erased"
    erasing.resume(home, held)
    assert back.record_id not in left(home)
    assert {other.record_id, unchanged} <= left(home)


@pytest.mark.parametrize("how", ["no JSON", "no UTF-8", "lacks a field"])
def test_a_spoiled_row_of_another_article_is_looked_through_all_the_same(held, how):
    with held.read() as view:
        named = "SELECT seq FROM versions WHERE article_id LIKE '%/3'"
        seq = view.exec_driver_sql(named).scalar_one()
    ruin(held, how, seq)
    headline = Traces.of(["第3号渡口恢复通航"], [])
    with held.read() as view:
        assert quotations.shared(view, headline).common == headline
        assert belongings.addresses_of(view, [ID]) == []


def test_the_work_grows_with_a_day_and_not_with_its_square(held):
    def steps(day, many):
        """Of SQLite's machine, in thousands."""
        items = [
            article(number, edition=day, url=f"https://example.com/{day}/{number}")
            for number in range(100, 100 + many)
        ]
        for each in items:
            each.record_id = (
                f"<urn:uuid:{each.number:08d}-0000-4000-8000-{day.replace('-', '')}0000>"
            )
        ids = [each.article_id for each in record(held, *items)]
        counted = [0]

        def count():
            counted[0] += 1

        with held.read() as view:
            marks = targets.places_of(view, ids)
            view.connection.driver_connection.set_progress_handler(count, 1000)
            belongings.addresses_of(view, ids)
            belongings.captures_of(view, ids, marks)
            view.connection.driver_connection.set_progress_handler(None, 0)
        return counted[0]

    few, many = steps("2020-01-01", 100), steps("2020-01-02", 400)
    assert many < 8 * few
