from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from newscrawl.catalogue import versions
from newscrawl.catalogue.recognition import was_news
from newscrawl.catalogue.schema import aliases, stories
from newscrawl.items import Image
from tests.makers import ILLEGIBLE, article, catalogue, record, ruin


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def test_an_id_comes_from_paper_edition_page_and_number(made):
    [recorded] = record(made, article(3))
    assert recorded.article_id == "hangzhou_daily/2023-12-15/A01/3"
    assert (recorded.n, recorded.seq, recorded.state) == (1, 1, "sound")


def test_without_page_and_number_the_own_id_or_the_url_names_it(made):
    own, digest = record(
        made,
        article(1, page="", number=0, own_id="20231215-07"),
        article(2, page="", number=0),
    )
    assert own.article_id == "hangzhou_daily/20231215-07"
    paper, _, tail = digest.article_id.partition("/")
    assert paper == "hangzhou_daily"
    assert len(tail) == 12


def test_an_unchanged_text_adds_no_version(made):
    record(made, article())
    [again] = record(made, article(record_id="<urn:uuid:second>"))
    assert (again.seq, again.n) == (None, 1)


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_a_spoiled_row_keeps_no_later_reading_from_being_recorded(made, how):
    record(made, article())
    ruin(made, how, 1)
    edited = ["渡口的首班船提前到六点。", *article().paragraphs]
    with made.read() as view:
        assert was_news(view, article(paragraphs=edited))
    [recorded] = record(made, article(paragraphs=edited, record_id="<urn:uuid:second>"))
    assert (recorded.n, recorded.state) == (2, "sound")
    with made.read() as view:
        assert versions.by_seq(view, [recorded.seq])[recorded.seq].article.paragraphs == edited


@pytest.mark.parametrize("name", ["headline", "kicker", "subhead"])
@pytest.mark.parametrize("blanks", [" \n", "\n "])
def test_where_a_heading_is_broken_makes_no_version(made, name, blanks):
    held, read = blanks
    record(made, article(**{name: f"渡口{held}恢复"}))
    [again] = record(made, article(**{name: f"渡口{read}恢复"}, record_id="<urn:uuid:second>"))
    assert (again.seq, again.n) == (None, 1)
    [other] = record(made, article(**{name: "渡口恢复"}, record_id="<urn:uuid:third>"))
    assert other.n == 2


def seen(made, **changes):
    [recorded] = record(made, article(**changes, record_id="<urn:uuid:second>"))
    return recorded.n


BODY = ["渡口今晨恢复通航。", "市民称赞出行方便。"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"paragraphs": [*BODY, "浏览次数：123"]}, {"paragraphs": [*BODY, "浏览次数：1,124"]}),
        ({"paragraphs": BODY}, {"paragraphs": [*BODY, "阅读 12 次 | 点赞 3"]}),
        (
            {"paragraphs": ["今天是2023年12月15日 星期五", *BODY]},
            {"paragraphs": ["今天是2023年12月16日 星期六", *BODY]},
        ),
        (
            {"images": [Image("https://paper.example/a.jpg?t=1701")]},
            {"images": [Image("https://cdn.example/big/a.jpg?t=1702")]},
        ),
    ],
    ids=["counted on", "counts since", "today", "a picture without its cache"],
)
def test_what_a_site_counts_and_dates_by_in_the_text_makes_no_version(made, before, after):
    record(made, article(**before))
    assert seen(made, **after) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"paragraphs": [*BODY, "今年已有1.2万人到访"]},
            {"paragraphs": [*BODY, "今年已有2万人到访"]},
        ),
        ({"paragraphs": ["今天是国庆节。"]}, {"paragraphs": ["今天是国庆节，也是中秋节。"]}),
        (
            {"images": [Image("https://paper.example/i.php?id=1")]},
            {"images": [Image("https://paper.example/i.php?id=2")]},
        ),
        (
            {"images": [Image("https://p.example/a.jpg", "甲")]},
            {"images": [Image("https://p.example/a.jpg", "乙")]},
        ),
    ],
    ids=["a figure of the text", "a day of the text", "another picture", "another caption"],
)
def test_what_the_paper_wrote_makes_one(made, before, after):
    record(made, article(**before))
    assert seen(made, **after) == 2


@pytest.mark.parametrize(
    ("headline", "known"), [("湘湖初冬即景图", "1"), ("湘湖初冬即影", "1"), ("拱宸桥夜色", "1~2")]
)
def test_a_picture_is_known_by_most_of_its_headline(made, headline, known):
    record(made, article(headline="湘湖初冬即景", paragraphs=[]))
    [recorded] = record(
        made, article(headline=headline, paragraphs=[], record_id="<urn:uuid:second>")
    )
    assert recorded.article_id == f"hangzhou_daily/2023-12-15/A01/{known}"


def test_an_article_is_known_by_its_headline_wherever_that_is_broken(made):
    record(made, article(headline="渡口 恢复"))
    changed = {"headline": "渡口\n恢复", "paragraphs": ["全文更换。"]}
    [recorded] = record(made, article(**changed, record_id="<urn:uuid:second>"))
    assert (recorded.article_id, recorded.n) == ("hangzhou_daily/2023-12-15/A01/1", 2)


def test_an_edit_adds_a_version_and_only_the_newest_is_live(made):
    record(made, article())
    changed = article(
        record_id="<urn:uuid:second>",
        paragraphs=["第1号渡口昨日恢复通航，首班船载客70人。", "市民称赞出行方便。"],
    )
    [recorded] = record(made, changed)
    assert (recorded.n, recorded.article_id) == (2, "hangzhou_daily/2023-12-15/A01/1")
    with made.read() as connection:
        assert [each.live for each in versions.after(connection, 0, 10)] == [False, True]


def test_another_article_at_a_known_address_gets_an_id_of_its_own(made):
    record(made, article())
    other = article(
        record_id="<urn:uuid:second>", headline="本周气温回升", paragraphs=["周末多云转晴。"]
    )
    [recorded] = record(made, other)
    assert recorded.article_id == "hangzhou_daily/2023-12-15/A01/1~2"
    assert recorded.n == 1
    [again] = record(made, other)
    assert (again.article_id, again.seq) == (recorded.article_id, None)


def own(own_id, **changes):
    """An imported article: no page, no number, and a URL shared by all of them."""
    url = "https://example.com/all.html"
    made = {"page": "", "number": 0, "own_id": own_id, "url": url, "record_id": f"<urn:{own_id}>"}
    return article(1, **(made | changes))


def test_own_ids_at_one_address_are_articles_of_their_own_and_the_first_keeps_it(made):
    given = [
        own(str(number), headline=f"标题{number}", paragraphs=[f"{number}" * 9])
        for number in range(3)
    ]
    ids = [each.article_id for each in record(made, *given)]
    assert ids == [f"hangzhou_daily/{number}" for number in range(3)]
    again = record(made, *(replace(each, record_id=f"{each.record_id}2") for each in given))
    assert [(each.article_id, each.seq) for each in again] == [(each, None) for each in ids]
    with made.read() as connection:
        assert connection.scalars(select(aliases.c.article_id)).all() == ids[:1]


def test_different_articles_under_one_own_id_are_found_again_each(made):
    other = own("7", headline="本周气温回升", paragraphs=["周末多云转晴。"], record_id="<urn:b>")
    taken = own("7~3", headline="别的", record_id="<urn:c>")
    third = own("7", headline="桂花开了", paragraphs=["满城飘香。"], record_id="<urn:d>")
    given = [own("7"), other, taken, third]
    ids = [each.article_id.partition("/")[2] for each in record(made, *given)]
    assert ids == ["7", "7~2", "7~3", "7~4"]
    again = record(made, *(replace(each, record_id=f"{each.record_id}2") for each in given))
    assert [each.seq for each in again] == [None] * 4


def test_another_article_at_a_known_address_keeps_an_id_that_is_free(made):
    record(made, article(1))
    other = article(2, url=article(1).url, headline="本周气温回升", paragraphs=["周末多云转晴。"])
    [recorded] = record(made, other)
    assert recorded.article_id == "hangzhou_daily/2023-12-15/A01/2"


def test_http_https_and_div_variants_are_one_article(made):
    url = article().url
    record(made, article())
    variant = article(url=url.replace("https", "http") + "?div=1#article", record_id="<urn:x>")
    [again] = record(made, variant)
    assert again.seq is None
    with made.read() as connection:
        assert len(connection.execute(select(aliases)).all()) == 1


def test_one_body_is_one_story(made):
    text = ["同一篇通稿，说的是渡口恢复通航的消息，各报都登了，一字未改。"]
    record(made, article(1, paragraphs=text), article(2, paragraphs=text), article(3))
    with made.read() as connection:
        assert len(connection.execute(select(stories)).all()) == 2


@pytest.mark.parametrize(
    ("errors", "state"), [(0, "sound"), (1, "flagged"), (10, "flagged"), (11, "quarantined")]
)
def test_undecodable_characters_flag_or_quarantine(made, errors, state):
    [recorded] = record(made, article(decode_errors=errors, characters=10_000))
    assert recorded.state == state


def test_a15_a_shortened_article_is_flagged_and_found(made):
    [recorded] = record(made, article(shortened=True))
    assert recorded.state == "flagged"
    with made.read() as connection:
        assert [each.live for each in versions.after(connection, 0, 10)] == [True]


def test_a_quarantined_version_leaves_the_earlier_one_live(made):
    record(made, article())
    broken = article(
        record_id="<urn:uuid:second>",
        paragraphs=["第1号渡口\ufffd\ufffd\ufffd恢复通航。"],
        decode_errors=3,
        characters=12,
    )
    record(made, broken)
    with made.read() as connection:
        assert [each.live for each in versions.after(connection, 0, 10)] == [True, False]


def test_every_field_of_an_article_comes_back(made):
    whole = article(
        kicker="引题",
        subhead="副题",
        reporters=["林知远"],
        correspondents=["苏晓棠"],
        source="新华社",
        continuation="下转A02版",
        polygon=[(1.0, 2.0), (3.0, 4.0)],
        late=True,
        charset="gb18030",
    )
    record(made, whole)
    with made.read() as connection:
        [version] = versions.after(connection, 0, 10)
    restored = version.article
    restored.polygon = [tuple(point) for point in restored.polygon or []]
    assert restored == whole
