"""`newscrawl show ID|URL`: one article, its snapshot time and its original URL."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue import editions, versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.editions import ListedPage
from newscrawl.catalogue.versions import Capture, Version
from newscrawl.errors import NewscrawlError
from newscrawl.results.headings import with_plain_headings
from newscrawl.results.wrapping import say
from newscrawl.terminal import printing
from newscrawl.text.dates import shown


class NoSuchArticle(NewscrawlError):
    """Nothing is held under this id or URL."""


def show(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print an article as it was captured last."""
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        with catalogue.read() as connection:
            version = newest_of(connection, wanted)
            capture = versions.capture_of(connection, version)
            page = editions.page_of(connection, version.article)
    finally:
        catalogue.close()
    with printing():
        if as_json:
            print(json.dumps(_data(version, capture, page), ensure_ascii=False, indent=2))
        else:
            _print(version, capture, page)


def newest_of(connection: Transaction, wanted: str) -> Version:
    """The newest version of the article with this id or URL. Raises NoSuchArticle."""
    found = versions.of_article(connection, wanted)
    if not found:
        raise NoSuchArticle(f"{wanted}: not held; `newscrawl search` finds what is")
    return found[-1]


def _data(version: Version, capture: Capture, page: ListedPage | None) -> dict[str, Any]:
    return {
        "id": version.article_id,
        "version": version.n,
        "state": version.state,
        "paper_title": version.paper_title,
        **asdict(with_plain_headings(version.article)),
        "capture": asdict(capture),
        "page_url": page.url if page else None,
        "page_pdf": page.pdf_url if page else None,
    }


def _print(version: Version, capture: Capture, page: ListedPage | None) -> None:
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
    taken = shown(datetime.fromisoformat(capture.captured_at))
    for name, value in (
        ("快照生成时间", taken),
        ("信息原文地址", capture.requested_url),
        ("版面PDF", page.pdf_url if page else None),
        ("摘要", capture.payload_digest),
        ("版本", f"{version.n} ({version.state})"),
        ("编号", version.article_id),
    ):
        if value:
            console.print(f"{name}：{value}", style="dim", markup=False, soft_wrap=True)
