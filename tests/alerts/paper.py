"""Some weeks of three papers, of which it is known what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from newscrawl.alerts.evidence import Proposal
from newscrawl.index.answers import Answer, Question, answer
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.items import Article
from tests.makers import article
from tests.reports import FERRY, LIBRARY, MARKET

TITLES = {
    "hangzhou_daily": "杭州日报",
    "metro_express": "都市快报",
    "hangzhou_commerce": "每日商报",
}
UNTIL = date(2023, 12, 15)
MOUNTAIN = (
    "登莫干山的人今冬多了两成，石阶旁添了三处茶亭。",
    "雪后的莫干山迎来赏雪客，民宿订满到周日。",
    "夜宿莫干山，听竹林里的风声，民宿主人煮茶待客。",
    "护林员老丁巡查莫干山二十年，熟悉每一条山径。",
    "莫干山的竹笋今年晚熟，农户说要等到开春。",
    "摄影展以莫干山四季为题，展出八十幅作品。",
    "裸心谷旁边，莫干山又开了一家民宿，老屋改成书房。",
    "专家考察莫干山古道，测绘了七公里。",
)
ROAD = (
    "莫干山路今晚封道检修，公交改走环城北路。",
    "莫干山路口新装红绿灯，早高峰通行快了。",
    "一辆货车在莫干山路抛锚，交警二十分钟清障。",
    "莫干山路两侧的梧桐本周修剪，请行人绕行。",
)
CANAL = (
    "拱宸桥畔的灯会今晚开幕。",
    "拱宸桥边修船的师傅收了徒弟。",
    "清晨的拱宸桥上满是晨练的人。",
    "画家连着三天描摹拱宸桥。",
    "拱宸桥下货船排起长队。",
    "游客在拱宸桥头等候水上巴士。",
)
FILLER = "第{}号简讯：社区食堂添了{}张桌子，居民说饭菜可口。"


def articles() -> Iterator[Article]:
    """In the order of their arrival: mountain, road and canal of two days each, then the rest."""
    number = count(1)
    for place, text in enumerate((*MOUNTAIN, *ROAD, *CANAL)):
        yield _article(next(number), UNTIL - timedelta(days=place // 2), "本地新闻", [text])
    for paper in TITLES:
        yield _article(next(number), date(2023, 12, 1), "渡口恢复通航", FERRY, paper)
    yield _article(next(number), UNTIL, "新馆试开放", LIBRARY)
    yield _article(next(number), UNTIL, "市场重开", [*MARKET, "拱宸桥的老摊主也来了。"])
    yield _article(next(number), date(2023, 11, 16), "首日", ["边界上的第一篇，雨水不断。"])
    yield _article(next(number), date(2023, 11, 15), "前日", ["边界外的一篇，雨水不断。"])
    yield _article(next(number), date(2023, 6, 1), "夏日", ["荷花开了，只在这一篇里。"])
    for each in range(30):
        day = UNTIL - timedelta(days=each)
        yield _article(next(number), day, f"简讯{each}", [FILLER.format(each, each * 7 + 3)])


def _article(
    number: int, day: date, headline: str, paragraphs: list[str], paper: str = "hangzhou_daily"
) -> Article:
    return article(
        number,
        paper=paper,
        edition=day.isoformat(),
        url=f"https://example.com/{paper}/{number}.html",
        headline=headline,
        paragraphs=list(paragraphs),
    )


def proposal(query: str, **changes: object) -> Proposal:
    """Of the thirty days up to UNTIL, unless something else is said."""
    return Proposal(query, **({"until": UNTIL} | changes))  # type: ignore[arg-type]


def searched(
    searcher: Searcher, query: str, days: int = 30, papers: tuple[str, ...] = ()
) -> Answer:
    """What a search of the same days answers."""
    since = UNTIL - timedelta(days=days - 1)
    request = SearchRequest(query, papers, since, UNTIL, "newest")
    return answer(searcher, Question(request, timeline=True))
