"""An article as a query sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from newscrawl.items import Article
from newscrawl.query.tree import NameField, TextField
from newscrawl.text.runs import searchable, searchable_texts


@dataclass(frozen=True, slots=True)
class Subject:
    """The texts of one article, all of them folded and searchable, and its date."""

    headline: str = ""
    kicker: str = ""
    subhead: str = ""
    body: tuple[str, ...] = ()
    """A paragraph each."""
    source: str = ""
    paper: str = ""
    """The spider's name."""
    paper_title: str = ""
    """报名: 杭州日报."""
    page: str = ""
    page_name: str = ""
    authors: tuple[str, ...] = ()
    """Reporters and correspondents."""
    date: date | None = None
    """The edition's day; None where it cannot be read."""

    def texts(self, field: TextField | None) -> tuple[str, ...]:
        """The texts in which a field's words are looked for, one by one."""
        match field:
            case None:
                return (self.headline, self.kicker, self.subhead, *self.body)
            case "headline":
                return (self.headline,)
            case "body":
                return self.body
            case "source":
                return (self.source,)
            case "author":
                return self.authors

    def names(self, field: NameField) -> tuple[str, str]:
        """The code and the name that a field may be asked for."""
        if field == "paper":
            return self.paper, self.paper_title
        return self.page, self.page_name


def subject_of(article: Article, paper_title: str = "") -> Subject:
    """What `article` of the paper called `paper_title` offers to a query."""
    texts = iter(searchable_texts(list(_texts(article, paper_title))))
    headline, kicker, subhead, source, paper, title, page, page_name = islice(texts, 8)
    return Subject(
        headline=headline,
        kicker=kicker,
        subhead=subhead,
        body=tuple(islice(texts, len(article.paragraphs))),
        source=source,
        paper=paper,
        paper_title=title,
        page=page,
        page_name=page_name,
        authors=tuple(texts),
        date=day_of(article.edition),
    )


def _texts(article: Article, paper_title: str) -> Iterator[str]:
    yield from (article.headline, article.kicker, article.subhead, article.source)
    yield from (article.paper, paper_title, article.page, article.page_name)
    yield from article.paragraphs
    yield from article.reporters
    yield from article.correspondents


def folded(text: str) -> str:
    """A text as it is searched."""
    return searchable(text).text


def day_of(text: str) -> date | None:
    """The day of an edition; None where it cannot be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
