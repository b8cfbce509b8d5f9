"""Articles, and queries that are likely to find them or to miss them narrowly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from newscrawl.items import Article
from newscrawl.text.fold import fold
from tests.query.oracle import han, parts

TITLES = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}
DAYS = ("2023-11-30", "2023-12-01", "2023-12-15", "2024-02-29")
PAGES = (("A01", "要闻"), ("A05", "城市"), ("", ""))
PIECES = (
    "临空经济", "臨空經濟", "临空", "营商环境", "莫干山", "莫干山路", "莫干山镇", "王 伟", "陈　浩",
    "AI", "ＡＩ", "MAIN", "main", "5G手机", "A股", "2026", "2026年", "12026", "COVID-19", "PM2.5",
    "𠮷", "䶮", "㛃", "，", "。", "“好”", "临空\n经济", " New York ", "new\nyork", "·", "的",
    "2，026",
)  # fmt: skip
WORDS = (
    "临空经济", "临空", "空经", "經濟", "营商环境", "莫干山", "干山", "王伟", "陈浩", "ai", "AI",
    "main", "Ａｉ", "5G手机", "5g", "手机", "A股", "股", "2026", "2026年", "COVID-19", "PM2.5",
    "𠮷", "䶮", "㛃", "的", "York", "york", "没有",
)  # fmt: skip
PHRASES = (
    "王 伟",
    "AI，",
    "New York",
    "，临空",
    "“好”",
    "好”",
    "2026年 main",
    "。莫干山路",
    "的 AI",
)
UNQUOTED = (
    "临空经济，营商环境", "，临空", "莫干山、临空。", "《莫干山》：AI！", "AI；没有", "AI，5G手机",
    "王伟·陈浩", "2026年…main", "COVID-19：20，26", "PM2.5、2026", "PM2.5／5G手机", "2026·AI",
    "AI,MAIN", "2,026", "2026,2026", "2，026", "AI：2026", "#临空#", "2026%", "Ａ股_AI",
    "临空　经济", "临空　莫干山", "莫　干　山，AI", "王　伟　临空", "的　莫干山　的　股",
)  # fmt: skip
GUARDS = (
    ("莫干山", ["莫干山路"]), ("莫干山", ["莫干山路", "莫干山镇"]), ("临空", ["临空经济"]),
    ("2026", ["2026年"]), ("手机", ["5G手机"]), ("经济", ["臨空經濟"]),
)  # fmt: skip
TEXT_FIELDS = (None, None, None, "headline", "body", "source", "author")


def articles() -> st.SearchStrategy[Article]:
    text = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(
        lambda pieces: "".join(pieces).strip()
    )
    return st.builds(
        Article,
        paper=st.sampled_from(list(TITLES)),
        edition=st.sampled_from(DAYS),
        url=st.just("http://paper.example/1"),
        headline=text,
        kicker=text,
        subhead=text,
        paragraphs=st.lists(text, min_size=1, max_size=4),
        source=st.sampled_from(["", "新华社", "临空经济报"]),
        reporters=st.lists(st.sampled_from(["王伟", "陈浩"]), max_size=2),
    ).flatmap(lambda article: st.sampled_from(PAGES).map(lambda page: _paged(article, page)))


def _paged(article: Article, page: tuple[str, str]) -> Article:
    article.page, article.page_name = page
    return article


def leaves() -> st.SearchStrategy[tuple]:
    field = st.sampled_from(TEXT_FIELDS)
    words = st.sampled_from(WORDS)
    return st.one_of(
        st.tuples(st.just("text"), field, words),
        st.tuples(st.just("text"), field, st.sampled_from(PHRASES)),
        *[st.tuples(st.just("word"), field, st.sampled_from(UNQUOTED))] * 2,
        st.tuples(st.just("prefix"), field, st.sampled_from(("MA", "临空", "20", "COVID", "yor"))),
        st.tuples(
            st.just("near"),
            field,
            st.lists(words, min_size=2, max_size=3),
            st.integers(0, 4),
        ),
        st.sampled_from(GUARDS).flatmap(
            lambda g: st.tuples(st.just("guard"), field, *map(st.just, g))
        ),
        st.one_of(
            st.tuples(
                st.just("name"), st.just("paper"), st.sampled_from(["杭州日报", "metro_express"])
            ),
            st.tuples(st.just("name"), st.just("page"), st.sampled_from(["a05", "Ａ０１", "要闻"])),
        ),
        st.lists(st.sampled_from(DAYS), min_size=2, max_size=2).map(
            lambda days: ("date", min(days), max(days))
        ),
    )


def queries(simple: st.SearchStrategy[tuple] | None = None) -> st.SearchStrategy[tuple]:
    """Queries of such leaves; without any, of the words above."""

    def longer(shorter: st.SearchStrategy[tuple]) -> st.SearchStrategy[tuple]:
        return st.one_of(
            st.tuples(st.just("and"), shorter, shorter),
            st.tuples(st.just("or"), shorter, shorter),
            st.tuples(st.just("not"), shorter),
        )

    simple = leaves() if simple is None else simple
    return st.one_of(simple, longer(simple), longer(longer(simple) | simple))


@st.composite
def written(draw: st.DrawFn, query: tuple) -> str:
    """`query` in one of the ways in which people write it."""
    return Writer(lambda *ways: draw(st.sampled_from(ways))).query(query)


class Writer:
    """Writes queries, leaving every choice that makes no difference to `one_of`."""

    def __init__(self, one_of: Callable[..., str]) -> None:
        self.one_of = one_of

    def query(self, query: tuple) -> str:
        match query:
            case ("and", one, other):
                before, after = self.operand(one, "not"), self.operand(other, "not")
                wide = () if spells_a_name(before, after) else ("　",)
                return before + self.one_of(" ", " AND ", " ＡＮＤ ", "\n", *wide) + after
            case ("or", one, other):
                either = self.one_of(" OR ", "　ＯＲ　")
                return self.operand(one, "and", "not") + either + self.operand(other, "and", "not")
            case ("not", one):
                return self.one_of("-", "－", "NOT ") + self.operand(one)
            case ("date", first, last):
                day = [f"date:{first}"] if first == last else []
                ranges = f"date:[{first} TO {last}]", f"date：[ {first}　TO {last} ]"
                return self.one_of(*ranges, *day)
            case (kind, field, *rest):
                scope = self.one_of(f"{field}:", f"{field}：", f"{field}: ") if field else ""
                return scope + self.text(kind, *rest)
        raise AssertionError(query)

    def operand(self, query: tuple, *tighter: str) -> str:
        """What binds tighter may do without parentheses."""
        text = self.query(query)
        if query[0] not in ("and", "or", "not"):
            return text
        bare = ("{}",) if query[0] in tighter else ()
        return self.one_of("({})", "（{}）", "( {}　)", *bare).format(text)

    def text(self, kind: str, *rest: Any) -> str:
        match kind, *rest:
            case "prefix", text:
                return self.unit(text) + self.one_of("*", "＊")
            case "near", texts, distance:
                return f'"{" ".join(texts)}"{self.one_of("~", "～")}{distance}'
            case "guard", text, others:
                return self.one_of("!", "！").join(map(self.unit, (text, *others)))
            case "word", text:
                return f"({text})" if "　" in text else str(text)
        return self.unit(rest[0])

    def unit(self, text: str) -> str:
        quoted = f'"{text}"' if "“" in text or "”" in text else f"“{text}”"
        if parts(text) != [fold(text)]:
            return quoted
        spaced = ("　".join(text),) if all(map(han, text)) else ()
        return self.one_of(text, f'"{text}"', f"＂{text}＂", quoted, *spaced)


def spells_a_name(before: str, after: str) -> bool:
    """Whether a wide blank between two written queries would be layout, as in 王　伟."""
    alone = not any(map(han, before[-2:-1] + after[1:2]))
    return alone and han(before[-1]) and han(after[0])
