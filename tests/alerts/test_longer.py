"""Longer names around a term, in texts of our own."""

from __future__ import annotations

import pytest

from newscrawl.alerts.evidence import Reading
from newscrawl.alerts.longer import (
    Longer,
    cut_word,
    guarded,
    longer_names,
    nameable,
    with_leaf,
)
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import subject_of
from newscrawl.query.tree import Guard, Term
from newscrawl.text.segment import segment
from tests.makers import article


def read(*texts, story=None):
    """Each text an article of a story of its own."""
    return [
        Reading(
            number,
            story or number,
            subject_of(article(number, headline="无题", paragraphs=text.split("\n"))),
        )
        for number, text in enumerate(texts, 1)
    ]


def names(query, *texts, **changes):
    return longer_names(parse(query), read(*texts, **changes), segment)


def test_a_name_that_goes_on_alike():
    found = names(
        "莫干山", "莫干山路堵车", "莫干山路修好", "莫干山路，绿灯", "登莫干山去", "莫干山雪"
    )
    assert found == [Longer("莫干山路", within=3, having=5)]
    assert found[0].share == 3 / 5


def test_a_name_is_whole():
    texts = (
        "临空经济示范区",
        "在临空经济示范区里",
        "临空经济示范区今年",
        "临空经济示范区招商",
        "临空经济",
    )
    assert [each.text for each in names("临空经济", *texts)] == ["临空经济示范区"]


def test_what_nearly_always_goes_on_alike_is_part_of_the_longer_name():
    some = ["湘湖新城建设提速", "湘湖新城建设收官", "湘湖新城建设启动", "湘湖新城建设"]
    assert [each.text for each in names("湘湖", *some)] == ["湘湖新城建设"]
    more = [*some, "湘湖新城，夜", "湘湖新城，雪", "湘湖新城，雨"]
    assert [each.text for each in names("湘湖", *more)] == ["湘湖新城"]


def test_a_name_ends_where_a_word_does():
    assert "路灯" in segment("莫干山路灯")
    assert names("莫干山", "莫干山路灯亮", "莫干山路灯坏", "莫干山路灯换") == [
        Longer("莫干山路灯", within=3, having=3)
    ]
    assert names("莫干山", *[f"莫干山路{word}" for word in ("灯亮", "口堵", "面平")]) == []


def test_a_name_begins_where_a_word_does():
    assert names("人民", "两国人民，", "各国人民，", "外国人民，") == []
    assert names("国人", *["德国人，"] * 3) == [Longer("德国人", within=3, having=3)]


def test_a_number_before_the_term_is_no_name():
    assert names("亚运", "第19届亚运，", "第18届亚运，", "第17届亚运，") == []


def test_a_name_that_begins_before_the_term():
    texts = ("小王伟来了", "小王伟走了", "见小王伟", "王伟说", "王伟去")
    assert names("王伟", *texts) == [Longer("小王伟", within=3, having=5)]


def test_a_term_that_stands_by_itself_as_well_is_not_only_in_the_name():
    texts = ("莫干山路通了。莫干山下雪。", "莫干山路，堵", "莫干山路，修", "莫干山路，灯", "雪")
    assert names("莫干山", *texts) == [Longer("莫干山路", within=3, having=4)]
    lines = ("莫干山路通了。\n莫干山下雪。", "莫干山路，堵", "莫干山路，修", "莫干山路，灯", "雪")
    assert names("莫干山", *lines) == [Longer("莫干山路", within=3, having=4)]


def test_particles_make_no_name():
    assert names("杭州", "杭州的路", "杭州的桥", "杭州的山", "杭州的水") == []
    assert names("杭州", "来到杭州", "回到杭州", "走到杭州") == []


def test_punctuation_and_other_scripts_end_a_name():
    assert names("杭州", "杭州，西湖", "杭州，运河", "杭州，湘湖") == []
    assert names("杭州", "杭州G20", "杭州G20", "杭州G20") == []


def test_reprints_of_one_story_are_no_evidence():
    texts = ("莫干山路堵", "莫干山路堵", "莫干山路堵", "莫干山路堵")
    assert names("莫干山", *texts, story=7) == []
    assert names("莫干山", *texts) != []


def test_what_stands_in_few_is_by_chance():
    assert names("莫干山", "莫干山路堵", "莫干山路修", "莫干山雪", "莫干山雨") == []
    assert names("莫干山", *["莫干山路堵"] * 3, *[f"莫干山，{n}" for n in range(40)]) == []


def test_a_term_that_ends_in_a_word_of_which_several_names_are_made():
    some = ["奥林匹克运动会开幕", "奥林匹克精神", "奥林匹克，会旗", "夏季奥林匹克运动会"]
    assert [each for each in names("奥林匹", *some) if each.share > 0.8] == []
    assert cut_word(parse("奥林匹"), read(*some), 0.9) == Longer("奥林匹克", 4, 4)
    assert cut_word(parse("林匹克"), read(*some), 0.9) == Longer("奥林匹克", 4, 4)
    assert cut_word(parse("奥林匹"), read(*some, "奥林匹亚"), 0.9) is None
    assert cut_word(parse("奥林匹"), read(*some, story=1), 0.9) is None, "it is one story"


def test_a_whole_word_is_no_part_of_one():
    some = ["亚运开幕", "亚运闭幕", "看亚运", "亚运，会旗", "第19届亚运", "亚运的夜"]
    assert cut_word(parse("亚运"), read(*some), 0.9) is None


def test_what_is_guarded_against_is_not_said_again():
    texts = ["莫干山路，堵"] * 4 + ["莫干山镇，办"] * 3 + ["莫干山，雪"]
    assert [each.text for each in names("莫干山", *texts)] == ["莫干山路", "莫干山镇"]
    assert [each.text for each in names("莫干山!莫干山路", *texts)] == ["莫干山镇"]


def test_a_term_is_looked_for_in_its_field():
    assert names("headline:莫干山", *["莫干山路，堵"] * 4) == []
    assert [each.text for each in names("body:莫干山", *["莫干山路，堵"] * 4)] == ["莫干山路"]


def test_a_single_character_has_names_too():
    assert [each.text for each in names("A", "A股，涨", "A股，跌", "A股，平")] == ["a股"]


def test_which_terms_may_be_parts_of_names():
    query = '莫干山 (headline:拱宸桥 OR 西湖!西湖路) -渡口 author:王伟 paper:杭州日报 临空* "a b"~2'
    assert [show(each) for each in nameable(parse(query))] == [
        "莫干山",
        "headline:拱宸桥",
        "西湖!西湖路",
    ]


def test_of_many_terms_the_first_are_looked_at():
    query = " OR ".join(f"词{number}" for number in range(30))
    assert len(list(nameable(parse(query)))) == 10


def test_where_a_term_stands_very_often_the_first_places_tell():
    texts = ["莫干山，" * 20 + "莫干山路，堵"] * 3
    assert names("莫干山", *texts) == []
    assert names("莫干山", *["莫干山路，" * 500] * 3) == [Longer("莫干山路", 3, 3)]


def test_a_guard_is_made_and_grows():
    one = guarded(Term("莫干山", "body"), "莫干山路")
    assert one == Guard(Term("莫干山", "body"), (Term("莫干山路", "body"),))
    assert show(guarded(one, "莫干山镇")) == "body:莫干山!莫干山路!莫干山镇"


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("山", "水"),
        ("山 河", "水 河"),
        ("(山 河) OR 山", "水 河 OR 水"),
        ("山 -山", "水 -山"),
        ("-山", "-山"),
    ],
)
def test_a_leaf_is_replaced_where_it_must_stand(query, changed):
    assert with_leaf(parse(query), Term("山"), Term("水")) == parse(changed)
