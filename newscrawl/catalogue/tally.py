"""What is held of an edition, counted against its own index; and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, null, select

from newscrawl.catalogue.schema import entries, pages


@dataclass(frozen=True, slots=True)
class Tally:
    """An edition by its own index, against what is held of it."""

    pages: int = 0
    pages_held: int = 0
    pages_empty: int = 0
    articles: int = 0
    articles_held: int = 0
    late: int = 0
    picture_only: int = 0
    gone: int = 0
    failed: int = 0
    images: int = 0
    images_held: int = 0
    images_gone: int = 0

    @property
    def complete(self) -> bool:
        """Everything listed is held, or known to be gone."""
        return (
            self.pages > 0
            and self.pages_held == self.pages
            and self.articles_held + self.gone == self.articles
            and not self.failed
        )

    @property
    def images_missing(self) -> int:
        """Pictures that are listed, and neither held nor known to be gone."""
        return self.images - self.images_held - self.images_gone

    @property
    def held(self) -> str:
        """`16/16 版  143/143 篇`."""
        return f"{self.pages_held}/{self.pages} 版  {self.articles_held}/{self.articles} 篇"

    def line(self, title: str, day: str, *, pictures: bool = True) -> str:
        """`杭州日报 2023-12-15  16/16 版  143/143 篇  (2 late, 1 picture only, 0 failed)`.

        Without `pictures`, none are fetched and none are missed.
        """
        counts = [
            f"{self.late} late",
            f"{self.picture_only} picture only",
            f"{self.failed} failed",
        ]
        if self.gone:
            counts.append(f"{self.gone} gone")
        if pictures and self.images_missing:
            plural = "" if self.images_missing == 1 else "s"
            counts.append(f"{self.images_missing} picture{plural} missing")
        return f"{title} {day}  {self.held}  ({', '.join(counts)})"


def tally_of(connection: Connection, edition: int) -> Tally:
    """Count the edition."""
    page_states: dict[str, int] = {
        state: count
        for state, count in connection.execute(
            select(pages.c.state, func.count())
            .where(pages.c.edition_id == edition)
            .group_by(pages.c.state)
        )
    }
    rows = connection.execute(
        select(entries.c.kind, entries.c.state, entries.c.late, entries.c.picture_only).where(
            entries.c.edition_id == edition
        )
    ).all()
    articles = [row for row in rows if row.kind == "article"]
    images = [row for row in rows if row.kind == "image"]
    return Tally(
        pages=sum(page_states.values()),
        pages_held=page_states.get("held", 0) + page_states.get("empty", 0),
        pages_empty=page_states.get("empty", 0),
        articles=len(articles),
        articles_held=sum(row.state == "held" for row in articles),
        late=sum(row.late for row in articles),
        picture_only=sum(row.picture_only for row in articles),
        gone=sum(row.state == "gone" for row in articles),
        failed=sum(row.state == "failed" for row in articles),
        images=len(images),
        images_held=sum(row.state == "held" for row in images),
        images_gone=sum(row.state == "gone" for row in images),
    )


def missing_of(connection: Connection, edition: int) -> list[tuple[str, str]]:
    """`(URL, reason)` of what is listed and neither held nor gone, also from earlier runs."""
    wanting = ("listed", "failed")
    of_pages = select(pages.c.url, null()).where(
        pages.c.edition_id == edition, pages.c.state.in_(wanting)
    )
    of_entries = select(entries.c.url, entries.c.reason).where(
        entries.c.edition_id == edition, entries.c.state.in_(wanting)
    )
    rows = [*connection.execute(of_pages), *connection.execute(of_entries)]
    return [(url, reason or "not read") for url, reason in rows]
