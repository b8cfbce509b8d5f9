from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.text.citation import citation
from tests.makers import article

TAKEN = datetime(2023, 12, 15, 16, 30, tzinfo=UTC)
URL = "https://paper.example/hzrb/2023/12/15/article_detail_1_20231215A053.html"
HEADLINE = "从“营商”到“赢商”"


def cited(url=URL, **values):
    given = {"headline": HEADLINE, "page": "A05", "reporters": ["方亮", "郑丽华"]} | values
    return citation(article(3, **given), "杭州日报", TAKEN, url)


def test_an_article_is_cited_as_the_standard_has_it():
    assert cited() == (
        f"方亮, 郑丽华. {HEADLINE}[N/OL]. 杭州日报, 2023-12-15(A05)[2023-12-16]. {URL}."
    )


@pytest.mark.parametrize(
    ("reporters", "correspondents", "written"),
    [
        ([], [], ""),
        (["方亮"], [], "方亮. "),
        (["方亮"], ["余杭区委宣传部"], "方亮, 余杭区委宣传部. "),
        (["方亮", "郑丽华"], ["林晚舟"], "方亮, 郑丽华, 林晚舟. "),
        (["方亮", "郑丽华"], ["林晚舟", "何听澜"], "方亮, 郑丽华, 林晚舟, 等. "),
        (["方亮"], ["方亮"], "方亮. "),
    ],
)
def test_three_authors_stand_and_more_are_others(reporters, correspondents, written):
    found = cited(reporters=reporters, correspondents=correspondents)
    assert found.partition(HEADLINE)[0] == written


@pytest.mark.parametrize(
    ("headline", "written"),
    [
        ("雾霾来袭，如何突围？", "雾霾来袭，如何突围？[N/OL]. "),
        ("渡口今晨\n恢复通航", "渡口今晨 恢复通航[N/OL]. "),
        ("渡口恢复通航。", "渡口恢复通航[N/OL]. "),
        ("", "无标题[N/OL]. "),
    ],
)
def test_a_title_keeps_its_punctuation_and_ends_with_none_twice(headline, written):
    assert cited(headline=headline, reporters=[]).startswith(written)


def test_without_a_page_there_are_no_brackets():
    assert "2023-12-15[2023-12-16]" in cited(page="")


@pytest.mark.parametrize(
    ("page", "cited_as"), [("第5版", "(5)"), ("A05版", "(A05)"), ("副刊", "(副刊)")]
)
def test_a_page_is_its_number(page, cited_as):
    assert f"2023-12-15{cited_as}[2023-12-16]" in cited(page=page)


@pytest.mark.parametrize("url", ["import:express/1", "javascript:alert(1)", ""])
def test_what_was_not_read_on_the_web_is_cited_from_paper(url):
    assert cited(url) == f"方亮, 郑丽华. {HEADLINE}[N]. 杭州日报, 2023-12-15(A05)."
