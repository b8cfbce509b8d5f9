"""What an edit changed in an article: headings, credits, place, pictures, and the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newscrawl.items import Article
from newscrawl.text.changes import Change, changes, is_compared, size
from newscrawl.text.clean import on_one_line


@dataclass(frozen=True, slots=True)
class Edits:
    """The differences of two versions of an article."""

    fields: Mapping[str, Change]
    """By their Chinese names, in the order of reading."""
    body: tuple[Change, ...]
    """In the order of reading."""
    whole: bool
    """Whether all of both bodies was compared: of what is far too long only the beginning is."""

    @property
    def characters(self) -> int:
        """How many were left out and added."""
        return size((*self.fields.values(), *self.body))


def edits(before: Article, after: Article) -> Edits:
    """Compare two versions; every character of a clause counts, blanks around it do not."""
    pairs = {name: (read(before), read(after)) for name, read in _FIELDS.items()}
    fields = {name: _change(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    pictures = [_pictures(each, named=False) for each in (before, after)]
    if pictures[0] == pictures[1]:
        pictures = [_pictures(each, named=True) for each in (before, after)]
    if pictures[0] != pictures[1]:
        fields["图片"] = _change(*pictures)
    bodies = before.paragraphs, after.paragraphs
    return Edits(fields, tuple(changes(*bodies, exact=True)), is_compared(*bodies))


def _pictures(article: Article, *, named: bool) -> str:
    """By their captions; `named`: by the names of their files as well, where another picture has
    the caption of the one before it.
    """
    told = ((image.caption, image.url.rpartition("/")[2]) for image in article.images)
    return "；".join(
        f"{caption} {name}".strip() if named else caption or name for caption, name in told
    )


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
}
