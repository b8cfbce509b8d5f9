"""What is said of a subscription before it is saved, with every engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newscrawl.alerts import lint
from newscrawl.alerts.backtest import backtest
from newscrawl.alerts.evidence import Evidence
from newscrawl.alerts.lint import Caps, Other, cost
from newscrawl.query.limits import Limits
from tests.alerts.paper import UNTIL, proposal, searched

WIDE = Caps(share=1.0, clauses=1000, cost=1_000_000)
"""So that only what is asked about is said."""


def remarks(searcher, query, *others, caps=WIDE, **changes):
    return backtest(searcher, proposal(query, **changes), others, caps).remarks


def kinds(searcher, query, *others, caps=WIDE, **changes):
    return [each.kind for each in remarks(searcher, query, *others, caps=caps, **changes)]


def test_of_a_good_subscription_nothing_is_said(searcher):
    assert remarks(searcher, "莫干山", Other("别的", "拱宸桥")) == []


class TestNever:
    def test_nothing_in_the_whole_archive(self, searcher):
        [remark] = remarks(searcher, "没有这个词")
        assert remark.kind == "nothing"
        assert remark.says.startswith("nothing held has it so far: ")

    def test_nothing_in_these_days_alone_is_not_never(self, searcher):
        assert kinds(searcher, "荷花") == []

    def test_nothing_in_the_papers_that_are_wanted(self, searcher):
        assert kinds(searcher, "莫干山", papers=("都市快报",)) == ["nothing"]
        [remark] = remarks(searcher, "莫干山", papers=("都市快报",))
        assert remark.says.startswith("nothing held of its papers has it so far")
        assert kinds(searcher, "渡口", papers=("都市快报",)) == []

    @pytest.mark.parametrize("query", ["莫干山 -莫干山", "莫干山路 -莫干山", "渡口!渡口路 -渡口"])
    def test_what_contradicts_itself(self, searcher, query):
        [remark] = remarks(searcher, query)
        assert remark.kind == "never"
        assert "excludes as well" in remark.says

    @pytest.mark.parametrize(
        ("query", "over"),
        [
            ("莫干山 date:[2020-01-01 TO 2020-02-01]", True),
            ("莫干山 (date:2020 OR date:2021)", True),
            ("莫干山 OR 渡口 date:2020", False),
            ("莫干山 -date:2020", False),
        ],
    )
    def test_days_that_are_over(self, searcher, query, over):
        found = remarks(searcher, query)
        assert ("never" in [each.kind for each in found]) == over
        assert any("are over" in each.says for each in found) == over

    def test_a_day_of_last_week_may_still_be_edited(self, searcher):
        for days, over in ((7, False), (8, True)):
            day = UNTIL - timedelta(days=days)
            assert ("never" in kinds(searcher, f"莫干山 date:{day}")) == over

    def test_what_may_have_been_meant_is_offered(self, searcher):
        [remark] = remarks(searcher, "渡口管理处公布")
        assert "渡口 管理处 公布 (3 篇)" in remark.says
        [remark] = remarks(searcher, "镀口")
        assert "渡口 (3 篇)" in remark.says


class TestEverything:
    @pytest.mark.parametrize("query", ["-民宿", "paper:杭州日报", "食堂 OR -民宿", "date:2023-12"])
    def test_no_word_must_stand(self, searcher, query):
        [remark] = [each for each in remarks(searcher, query) if each.kind == "everything"]
        assert "no word of it must stand" in remark.says

    def test_too_many_of_all_articles(self, searcher):
        found, every = (searched(searcher, query).total for query in ("食堂", "date:[2020 TO *]"))
        below, at = Caps(share=(found - 1) / every), Caps(share=found / every, cost=9999)
        [remark, *_] = remarks(searcher, "食堂", caps=below)
        assert remark.kind == "everything"
        assert f"({found} of {every})" in remark.says
        assert "everything" not in kinds(searcher, "食堂", caps=at)

    def test_the_share_is_of_the_papers_that_are_wanted(self, searcher, monkeypatch):
        monkeypatch.setattr(lint, "ARTICLES", 1)
        half = Caps(share=0.5)
        assert "everything" not in kinds(searcher, "渡口", caps=half)
        assert "everything" in kinds(searcher, "渡口", papers=("都市快报",), caps=half)

    def test_of_few_articles_no_share_is_told(self, searcher):
        assert kinds(searcher, "渡口", papers=("都市快报",), caps=Caps(cost=9999)) == []

    def test_a_query_that_never_fires_fires_not_on_everything(self, searcher):
        assert kinds(searcher, "-渡口 -(-渡口)") == ["never"]


class TestLongerName:
    def test_a_term_that_stands_only_in_a_longer_name(self, searcher):
        [remark] = remarks(searcher, "拱宸")
        assert remark.kind == "longer name"
        assert "“拱宸” stands only within “拱宸桥” in all 7 articles" in remark.says
        assert "write 拱宸桥;" in remark.says
        assert remark.says.endswith("write 拱宸!拱宸桥")

    def test_the_place_is_that_of_the_term_in_the_query(self, searcher):
        query = "民宿 OR headline:拱宸 OR 拱宸"
        [remark] = remarks(searcher, query)
        start, end = remark.place
        assert query[start:end] == "拱宸"
        assert "民宿 OR headline:拱宸 OR 拱宸桥" in remark.says

    def test_nearly_always_is_enough(self, searcher, monkeypatch):
        assert kinds(searcher, "莫干山") == []
        monkeypatch.setattr(lint, "NEARLY", 0.3)
        [remark] = remarks(searcher, "莫干山")
        assert "“莫干山” stands only within “莫干山路” in 4 of 12 articles" in remark.says

    def test_few_articles_say_nothing(self, searcher, monkeypatch):
        monkeypatch.setattr(lint, "LEAST", 8)
        assert kinds(searcher, "拱宸") == []

    def test_older_articles_tell_where_there_are_few_of_these_days(self, searcher):
        assert len(searched(searcher, "拱宸", days=1).rows) < lint.LEAST
        assert kinds(searcher, "拱宸", days=1) == ["longer name"]

    def test_the_whole_name_and_what_is_guarded_are_right(self, searcher):
        assert kinds(searcher, "拱宸桥") == []
        assert "longer name" not in kinds(searcher, "拱宸!拱宸桥")
        assert kinds(searcher, "莫干山 -拱宸") == []


class TestTwin:
    def test_a_narrower_one(self, searcher):
        [remark] = remarks(searcher, "莫干山 民宿", Other("山", "莫干山"))
        assert remark.kind == "twin"
        assert (
            "all that it finds, 山 (莫干山) finds as well: you hear of a story once" in remark.says
        )
        assert "twice" not in remark.says

    def test_a_wider_one_is_none(self, searcher):
        assert kinds(searcher, "莫干山", Other("民宿", "莫干山 民宿")) == []
        assert kinds(searcher, "莫干山 OR 拱宸桥", Other("山", "莫干山")) == []

    def test_one_that_finds_the_same(self, searcher):
        [remark] = remarks(searcher, "民宿", Other("山", "莫干山 民宿"))
        assert "finds the same as 山 (莫干山 民宿)" in remark.says

    def test_one_that_is_the_same(self, searcher):
        [remark] = remarks(searcher, "莫干山   民宿", Other("山", "莫干山 民宿"))
        assert "the same as 山:" in remark.says
        found = remarks(searcher, "没有这个词", Other("无", "没有这个词"))
        assert [each.kind for each in found] == ["nothing", "twin"]

    def test_where_nothing_is_found_only_the_same_is_a_twin(self, searcher):
        assert kinds(searcher, "荷花", Other("山", "莫干山")) == []

    def test_papers_count(self, searcher):
        both = Other("渡口", "渡口", ("metro_express", "hangzhou_daily"))
        assert kinds(searcher, "渡口", both) == []
        assert kinds(searcher, "渡口", both, papers=("metro_express",)) == ["twin"]
        assert kinds(searcher, "渡口", Other("渡口", "渡口"), papers=("metro_express",)) == ["twin"]
        assert kinds(searcher, "渡口", both, papers=("hangzhou_daily", "metro_express")) == ["twin"]

    def test_what_is_in_doubt_is_read(self, searcher):
        assert kinds(searcher, "莫干山路", Other("山", "莫干山!莫干山路")) == []
        assert kinds(searcher, "莫干山 民宿", Other("山", "莫干山!莫干山路")) == ["twin"]
        assert kinds(searcher, '"莫干山 民宿"~9', Other("山", '"莫干山 民宿"~30')) == ["twin"]

    def test_one_hit_more_beyond_the_first_few_makes_it_none(self, searcher, monkeypatch):
        monkeypatch.setattr(lint, "ARTICLES", 3)
        other = Other("山", "莫干山 -专家 OR 拱宸桥")
        assert kinds(searcher, "莫干山", other) == []
        assert kinds(searcher, "莫干山 -专家", other) == ["twin"]

    def test_a_few_are_named(self, searcher):
        others = [Other(f"山{number}", f"莫干山 OR 词{number}") for number in range(9)]
        assert kinds(searcher, "莫干山", *others) == ["twin"] * 3

    def test_one_that_cannot_be_read_any_more_is_passed(self, searcher):
        found = kinds(searcher, "民宿", Other("坏", "(("), Other("山", "莫干山"))
        assert found == ["twin"]

    def test_of_very_many_hits_the_newest_are_compared(self, searcher, monkeypatch):
        monkeypatch.setattr(lint, "COMPARED", 2)
        [remark] = remarks(searcher, "莫干山", Other("山", "莫干山 -专家"))
        assert "its newest 2 hits, 山" in remark.says


class TestCostly:
    def test_many_clauses(self, searcher):
        query = "莫干山 " + " ".join(f"-词{number}" for number in range(5))
        assert kinds(searcher, query, caps=Caps(clauses=5)) == ["everything", "costly"]
        assert kinds(searcher, query, caps=Caps(clauses=6, share=1)) == []

    def test_d5_many_words_in_every_article(self, searcher):
        query = "-" + " -".join(f"词{number}" for number in range(5))
        found = remarks(searcher, query, caps=Caps(cost=4_999))
        assert [each.kind for each in found] == ["everything", "costly"]
        assert "about 5,000 words" in found[1].says
        assert kinds(searcher, query, caps=Caps(cost=5_000)) == ["everything"]

    @pytest.mark.parametrize(
        ("query", "needs", "words"),
        [
            ("莫干山", "莫干山", 1),
            ("莫干山 -民宿", "莫干山", 2),
            ("莫干山!莫干山路", "莫干山", 2),
            ('"莫干山 民宿"~3', "莫干山 民宿", 4),
            ("(莫干山 OR 拱宸桥) -民宿", "莫干山 OR 拱宸桥", 3),
            ("莫干山 paper:杭州日报", "莫干山", 2),
        ],
    )
    def test_it_is_the_share_of_articles_that_may_match_times_the_words(
        self, searcher, query, needs, words
    ):
        every = searched(searcher, "date:[2020 TO *]").total
        share = searched(searcher, needs).total / every
        with searcher.catalogue.view():
            assert cost(Evidence(searcher, proposal(query))) == round(1000 * share * words)

    def test_more_articles_have_the_words_than_the_subscription_finds(self, searcher):
        with searcher.catalogue.view():
            narrow = Evidence(searcher, proposal("莫干山 -民宿 -专家"))
            assert cost(narrow) > 1000 * narrow.found.total * 3 / narrow.articles


def test_the_gravest_comes_first(searcher):
    query = "拱宸 OR -食堂"
    found = kinds(searcher, query, Other("全部", "-食堂 OR 拱宸 OR 民宿"), caps=Caps(clauses=1))
    assert found == ["everything", "longer name", "twin", "costly"]


def test_limits_are_those_of_the_person(searcher):
    other = Other("长", "莫干山 OR 拱宸桥")
    assert kinds(searcher, "莫干山", other) == ["twin"]
    assert kinds(searcher, "莫干山", other, limits=Limits(clauses=1)) == []
