from newscrawl.extract.normalise import LINE, normalise
from newscrawl.items import Article, Image


def test_a15_every_text_is_cleaned_and_bounded() -> None:
    article = normalise(
        Article(
            paper="hangzhou_daily",
            edition="2023-12-15",
            url="https://hzdaily.example/1",
            headline="\u202e题" * 1_000_000,
            kicker=" 引\u200b题\n二 ",
            reporters=["张\u0000三", "\u200b", " "],
            paragraphs=["　　一\r\n二 ", "", "\ufeff　", "Wi-Fi\n7"],
            images=[Image("javascript:x", "恶"), Image("http://a.example/1.jpg", " 图\n说 ")],
        )
    )
    assert len(article.headline) == LINE
    assert article.headline.startswith("题题")
    assert article.kicker == "引题 二"
    assert article.reporters == ["张三"]
    assert article.paragraphs == ["一二", "Wi-Fi 7"]
    assert article.images == [Image("http://a.example/1.jpg", "图 说")]


def test_a_clean_article_stays_as_it_is() -> None:
    article = Article("p", "2023-12-15", "u", headline="题　目", paragraphs=["甲", "乙"], number=3)
    assert normalise(article) == article
    assert normalise(article) is not article
