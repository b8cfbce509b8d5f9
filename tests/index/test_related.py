"""Related articles, found with every engine."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import versions
from newscrawl.index.documents import Given, documents_of
from newscrawl.index.reach import Reach
from newscrawl.index.related import related
from newscrawl.text.segment import segment
from tests.index.kinds import KINDS, engine
from tests.makers import ILLEGIBLE, article, catalogue, record, restored, ruin

FERRY = "钱塘江渡口昨日恢复通航，首班渡轮载客九十人，渡口两岸的市民称赞出行方便。"
TEXTS = {
    1: ("渡口恢复通航", FERRY),
    2: ("渡口通航首日", FERRY),
    3: ("渡轮票价公布", "渡轮通航之后，渡口管理处公布票价，往返两元，换乘公交免费。"),
    4: ("地铁延长运营", "市民周末出行，地铁末班车延长一小时，换乘公交免费。"),
    5: ("茶园开采", "龙井茶开采，茶农说今年的茶比往年早了五天。"),
    6: ("茶价走高", "龙井茶价格走高，茶园里采茶的工人不够。"),
    7: ("江边渡口旧影", "老照片里的渡口停着木船，通航之前两岸靠它来往，渡轮是后来的事。"),
}


@pytest.fixture(scope="module", params=KINDS)
def ask(request, tmp_path_factory):
    """The numbers of the articles related to one of them."""
    kind, place = engine(request.param), tmp_path_factory.mktemp("related")
    made = catalogue(place / "newscrawl.db")
    record(made, *(article(n, headline=h, paragraphs=[b]) for n, (h, b) in TEXTS.items()))
    (build := place / "build").mkdir()
    kind.create(build)
    writer = kind.writer(build)
    with made.read() as connection:
        found = versions.after(connection, 0, 100)
    writer.write(documents_of(map(Given, found)), len(found), Reach(found[-1].seq))
    writer.close()
    reader = kind.reader(build)

    def ask(number, most=5):
        with made.read() as connection:
            near = related(reader, connection, found[number - 1], segment, most)
        return [version.article.number for version in near]

    ask.made = made
    yield ask
    reader.close()
    made.close()


def test_what_shares_the_telling_words_is_found(ask):
    assert set(ask(5)) == {6}
    assert set(ask(1)) >= {3, 7}


def test_an_article_and_its_reprints_are_not_related_to_themselves(ask):
    assert not {1, 2} & set(ask(1))
    assert not {1, 2} & set(ask(2))


def test_of_each_story_one_is_shown(ask):
    assert len({1, 2} & set(ask(3))) == 1


def test_one_common_word_is_not_enough(ask):
    assert 5 not in ask(1)


def test_no_more_than_asked_for(ask):
    assert len(ask(1, most=1)) == 1
    assert ask(1, most=1) == ask(1)[:1]


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_what_cannot_be_read_any_more_is_passed(ask, how):
    kept = ruin(ask.made, how, 3)
    assert set(ask(1)) >= {7}
    restored(ask.made, kept)
    assert set(ask(1)) >= {3, 7}
