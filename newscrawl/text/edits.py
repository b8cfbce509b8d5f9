"""What an edit changed in an article: headings, credits, place, pictures, and the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newscrawl.items import Article
from newscrawl.text.changes import Change, changes, size
from newscrawl.text.clean import on_one_line


@dataclass(frozen=True, slots=True)
class Edits:
    """The differences of two versions of an article."""

    fields: Mapping[str, Change]
    """By their Chinese names, in the order of reading."""
    body: tuple[Change, ...]
    """In the order of reading."""

    @property
    def characters(self) -> int:
        """How many were left out and added."""
        return size((*self.fields.values(), *self.body))


def edits(before: Article, after: Article) -> Edits:
    """Compare two versions; every character of a clause counts, blanks around it do not."""
    pairs = {name: (read(before), read(after)) for name, read in _FIELDS.items()}
    fields = {name: _change(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    return Edits(fields, tuple(changes(before.paragraphs, after.paragraphs, exact=True)))


def _change(before: str, after: str) -> Change:
    if before and after:
        return Change("改为", before, after)
    return Change("删去" if before else "增加", before, after)


_FIELDS: Mapping[str, Callable[[Article], str]] = {
    "引题": lambda article: on_one_line(article.kicker),
    "主题": lambda article: on_one_line(article.headline),
    "副题": lambda article: on_one_line(article.subhead),
    "记者": lambda article: "、".join(article.reporters),
    "通讯员": lambda article: "、".join(article.correspondents),
    "来源": lambda article: article.source,
    "版面": lambda article: " ".join(filter(None, (article.page, article.page_name))),
    "图片": lambda article: "；".join(
        image.caption or image.url.rpartition("/")[2] for image in article.images
    ),
}
