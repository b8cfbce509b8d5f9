"""`newscrawl show ID|URL`: one article, its snapshot time and its original URL."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue import covered, editions, sightings, versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.editions import ListedPage
from newscrawl.catalogue.sightings import Original, Sighting
from newscrawl.catalogue.versions import Capture, Version
from newscrawl.catalogue.withdrawn import Tombstone
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.results.headings import with_plain_headings
from newscrawl.results.sightings import KINDS, ORIGINAL, why
from newscrawl.results.wrapping import say
from newscrawl.terminal import number, printing
from newscrawl.text.citation import citation
from newscrawl.text.dates import shown


class NoSuchArticle(NewscrawlError):
    """Nothing is held under this id or URL."""


def show(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    cite: Annotated[
        bool, typer.Option("--cite", help="Print its citation alone, as GB/T 7714 has it.")
    ] = False,
    n: Annotated[
        str, typer.Option("--version", metavar="N", help="An earlier version, from 1 on.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print an article as it was captured last, its versions, and whether it is still there."""
    if cite and as_json:
        raise UsageError("--cite or --json, not both: the data has the citation, too")
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        with catalogue.read() as connection:
            if redacted := _redacted(connection, wanted):
                _say_redacted(*redacted)
            shelf = _Shelf.of(connection, wanted, n)
    finally:
        catalogue.close()
    with printing():
        if cite:
            print(shelf.citation)
        elif as_json:
            print(json.dumps(_data(shelf), ensure_ascii=False, indent=2))
        else:
            _print(shelf)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """An article with all that is known of it."""

    every: list[Version]
    """Oldest first."""
    version: Version
    """The one that is shown."""
    capture: Capture
    page: ListedPage | None
    original: Original
    found: list[Sighting]

    @classmethod
    def of(cls, connection: Transaction, wanted: str, n: str) -> _Shelf:
        """Of what has this id or URL; the version N of it, the newest without one.

        Raises NoSuchArticle, UsageError.
        """
        newest = newest_of(connection, wanted)
        every = versions.of_article(connection, newest.article_id)
        number_of = number("--version", 1, newest.n)(n) if n else newest.n
        version = next(each for each in every if each.n == number_of)
        return cls(
            every=every,
            version=version,
            capture=versions.capture_of(connection, version),
            page=editions.page_of(connection, version.article),
            original=sightings.original(connection, version.article_id),
            found=sightings.of_article(connection, version.article_id),
        )

    @property
    def citation(self) -> str:
        taken = datetime.fromisoformat(self.capture.captured_at)
        version, url = self.version, self.capture.requested_url
        return citation(version.article, version.paper_title, taken, url)


def newest_of(connection: Transaction, wanted: str) -> Version:
    """The newest version of the article with this id or URL. Raises NoSuchArticle, TakenDown."""
    found = versions.of_article(connection, wanted)
    if not found or found[-1].taken_down:
        article_id = found[-1].article_id if found else wanted
        tombstone = covered.of_article(connection, article_id)
        if tombstone := tombstone or covered.of_wanted(connection, wanted):
            raise tombstone.refusal(wanted)
    if not found:
        raise NoSuchArticle(f"{wanted}: not held; `newscrawl search` finds what is")
    return found[-1]


def _redacted(connection: Transaction, wanted: str) -> tuple[Version, Tombstone] | None:
    """The newest version of an article whose text is taken down, and nothing else of it."""
    found = versions.of_article(connection, wanted)
    tombstone = covered.of_article(connection, found[-1].article_id) if found else None
    return (found[-1], tombstone) if tombstone and tombstone.scope == "redact" else None


def _say_redacted(version: Version, tombstone: Tombstone) -> None:
    """On stderr: it is no text of the article. The error that follows says the rest."""
    article = with_plain_headings(version.article)
    place = (version.paper_title, article.edition, article.page, article.page_name)
    for line in (
        " ".join(filter(None, place)),
        article.headline,
        f"正文已撤下 {tombstone.since}",
    ):
        print(line, file=sys.stderr)
    taken = _time(version.first_seen)
    print(f"快照生成时间：{taken}  摘要：sha256:{version.digest}", file=sys.stderr)


def _data(shelf: _Shelf) -> dict[str, Any]:
    version, page = shelf.version, shelf.page
    return {
        "id": version.article_id,
        "version": version.n,
        "state": version.state,
        "paper_title": version.paper_title,
        **asdict(with_plain_headings(version.article)),
        "capture": asdict(shelf.capture),
        "page_url": page.url if page else None,
        "page_pdf": page.pdf_url if page else None,
        "versions": [
            {
                "version": each.n,
                "time": each.first_seen,
                "state": each.state,
                "record_id": each.article.record_id,
            }
            for each in shelf.every
        ],
        "original": asdict(shelf.original),
        "sightings": [asdict(each) for each in shelf.found],
        "citation": shelf.citation,
    }


def _print(shelf: _Shelf) -> None:
    version = shelf.version
    article = with_plain_headings(version.article)
    console = Console(highlight=False)
    place = (version.paper_title, article.edition, article.page, article.page_name)
    say(console, " ".join(filter(None, place)), "cyan")
    for text, style in (
        (article.kicker, ""),
        (article.headline, "bold"),
        (article.subhead, ""),
        (" ".join((*article.reporters, *article.correspondents)), "dim"),
    ):
        if text:
            say(console, text, style)
    for paragraph in article.paragraphs:
        console.print()
        say(console, f"　　{paragraph}")
    for image in article.images:
        line = f"\n[图] {image.caption} {image.url}".rstrip()
        console.print(line, style="dim", markup=False, soft_wrap=True)
    console.print()
    for line in _about(shelf):
        console.print(line, style="dim", markup=False, soft_wrap=True)


def _about(shelf: _Shelf) -> Iterator[str]:
    """What stands below the text, a line each."""
    version, capture, page = shelf.version, shelf.capture, shelf.page
    yield f"快照生成时间：{_time(capture.captured_at)}"
    yield f"信息原文地址：{capture.requested_url}"
    yield f"原文现状：{ORIGINAL[shelf.original.state].format(_time(shelf.original.seen))}"
    if page and page.pdf_url:
        yield f"版面PDF：{page.pdf_url}"
    yield f"摘要：{capture.payload_digest}"
    yield f"版本：{version.n} ({version.state})"
    for each in shelf.every:
        if each is not version:
            age = "较早" if each.n < version.n else "较新"
            yield f"  {age}的版本 {each.n}：{_time(each.first_seen)} ({each.state})"
    for sighting in shelf.found:
        if sighting.confirmed and sighting.state != "edited":
            yield f"  {_time(sighting.seen_at)} {KINDS[sighting.state]} {why(sighting)}"
    yield f"编号：{version.article_id}"
    yield f"引用格式：{shelf.citation}"


def _time(utc: str) -> str:
    return shown(datetime.fromisoformat(utc))
