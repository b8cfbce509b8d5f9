"""Whether reprints become one story, and different reports of the same subject do not.

Every article of the corpus gets one reprint, made by rule (`reprints`), at most three days away.
Beside them lie the hardest others: for many articles the one of other times that is most like it,
brought into its days, and the forms that papers print daily. All is recorded in any order as a
crawl does it, and every pair of articles that became one story counts. Whatever the corpus itself
brings twice counts as different. The rule was tuned on the even weeks of the corpus only; the odd
weeks are measured.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, count, islice
from pathlib import Path
from statistics import median

from sqlalchemy import Connection

from benchmarks import corpus
from benchmarks.figures import Figure, Skipped
from benchmarks.forms import forms
from benchmarks.reprints import KINDS
from benchmarks.sizes import Size
from newscrawl.catalogue import articles, placement, prospects, runs, snapshots, stories
from newscrawl.catalogue.connection import Catalogue
from newscrawl.items import Article
from newscrawl.text.reprints import Body

PRECISION, RECALL, MILLISECONDS = 0.99, 0.95, 0.5
PAPER = "corpus"
SEED = 20231215
FORM_DAYS = 4
FAR_DAYS = 28
"""From here on, and an even number of weeks, nothing is a reprint any more."""
TIMED = 1_000
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """An article, and of what it is the report."""

    own_id: str
    day: date
    title: str
    text: str
    subject: str
    """The own id of the corpus' article; articles of one subject belong together."""
    kind: str
    """original, a kind of reprint, other (brought into other days) or form."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles, each by the places of the two."""

    wanted: frozenset[tuple[int, int]]
    made: frozenset[tuple[int, int]]

    @property
    def right(self) -> frozenset[tuple[int, int]]:
        return self.wanted & self.made


def measure(size: Size, work: Path) -> tuple[Figure | Skipped, ...]:
    """Precision, recall, and what it costs to place an article."""
    source = corpus.find()
    if source is None:
        return (Skipped("stories", corpus.MISSING),)
    dice = random.Random(SEED)  # noqa: S311 - to be drawn again, not to be secret
    pieces = _pieces(_originals(source, size.story_documents), size.story_others, dice)
    dice.shuffle(pieces)
    catalogue = Catalogue.open(work / "newscrawl.db")
    try:
        with catalogue.write() as connection:
            made = record(connection, pieces)
        plain, joining = (_cost(catalogue, pieces, later) for later in (FAR_DAYS, 0))
    finally:
        catalogue.close()
    pairs = Pairs(wanted(pieces), together(made))
    return (*_figures(pieces, pairs), _cost_figure(plain, joining, len(pieces)))


def record(connection: Connection, pieces: Sequence[Piece]) -> list[int]:
    """Record them as a crawl does; the story of each."""
    runs.register(connection, PAPER, PAPER)
    every = [_article(number, piece) for number, piece in enumerate(pieces)]
    snapshots.add_all(connection, [_capture(article) for article in every])
    seqs = [articles.record(connection, article).seq or 0 for article in every]
    found = stories.of_seqs(connection, seqs)
    return [found[seq] for seq in seqs]


def wanted(pieces: Sequence[Piece]) -> frozenset[tuple[int, int]]:
    """The pairs that belong together: one subject, days that are near."""
    subjects: dict[str, list[int]] = defaultdict(list)
    for place, piece in enumerate(pieces):
        subjects[piece.subject].append(place)
    near = timedelta(days=prospects.WINDOW_DAYS)
    return frozenset(
        (one, other)
        for places in subjects.values()
        for one, other in combinations(places, 2)
        if abs(pieces[one].day - pieces[other].day) <= near
    )


def together(made: Sequence[int]) -> frozenset[tuple[int, int]]:
    """The pairs that became one story."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, story in enumerate(made):
        places[story].append(place)
    return frozenset(pair for each in places.values() for pair in combinations(each, 2))


def _originals(source: Path, documents: int) -> list[Piece]:
    """The articles of the corpus' odd weeks."""
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        records = (json.loads(line) for line in islice(lines, documents))
        every = [
            Piece(
                each["id"],
                date.fromisoformat(each["date"]),
                each["title"],
                each["text"],
                each["id"],
                "original",
            )
            for each in records
        ]
    return [piece for piece in every if piece.day.toordinal() // 7 % 2]


def _pieces(originals: list[Piece], others: int, dice: random.Random) -> list[Piece]:
    reprints = [_reprint(number, piece, dice) for number, piece in enumerate(originals)]
    near = list(islice(_others(originals, dice), others))
    days = [piece.day for piece in originals[:1]] * FORM_DAYS
    daily = [
        Piece(f"form-{n}", days[0] + timedelta(days=n % FORM_DAYS), "", text, f"form-{n}", "form")
        for n, text in enumerate(forms(others, dice))
    ]
    return [*originals, *reprints, *near, *daily]


def _reprint(number: int, piece: Piece, dice: random.Random) -> Piece:
    kind = tuple(KINDS)[number % len(KINDS)]
    text = "\n".join(KINDS[kind](piece.text.split("\n"), dice))
    title = dice.choice(("", "聚焦｜", "记者观察：")) + piece.title[: dice.randint(6, 20)]
    return Piece(f"{piece.own_id}-r", _near(piece.day, dice), title, text, piece.subject, kind)


def _others(originals: list[Piece], dice: random.Random) -> Iterator[Piece]:
    """For one article after another, the one of far days that is most like it, in its days."""
    bodies = [Body.of(piece.text) for piece in originals]
    marked: dict[int, list[int]] = defaultdict(list)
    for place, body in enumerate(bodies):
        for mark in body.marks:
            marked[mark].append(place)
    likes: list[tuple[float, int, int]] = []
    for place, body in enumerate(bodies):
        shared = Counter(other for mark in body.marks for other in marked[mark])
        far = [
            (len(body.shingles & bodies[other].shingles) / len(body.shingles), other)
            for other, _marks in shared.most_common(50)
            if abs((originals[other].day - originals[place].day).days) > FAR_DAYS
        ]
        if far:
            likes.append((max(far)[0], place, max(far)[1]))
    for number, (_share, place, other) in enumerate(sorted(likes, reverse=True)):
        found = originals[other]
        day = _near(originals[place].day, dice)
        yield Piece(f"other-{number}", day, found.title, found.text, found.subject, "other")


def _near(day: date, dice: random.Random) -> date:
    return day + timedelta(days=dice.randint(-prospects.WINDOW_DAYS, prospects.WINDOW_DAYS))


def _article(number: int, piece: Piece) -> Article:
    seconds = f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
    return Article(
        paper=PAPER,
        edition=piece.day.isoformat(),
        url=f"import:{PAPER}/{piece.own_id}",
        headline=piece.title,
        paragraphs=piece.text.split("\n"),
        own_id=piece.own_id,
        snapshot_time=f"2024-12-31T{seconds}.000000+00:00",
        record_id=f"<urn:uuid:{number:08d}-0000-4000-8000-000000000000>",
    )


def _capture(article: Article) -> dict[str, object]:
    return {
        "record_id": article.record_id,
        "kind": "import",
        "paper": PAPER,
        "day": article.edition,
        "requested_url": article.url,
        "url": article.url,
        "captured_at": article.snapshot_time,
        "status": 200,
        "path": f"{PAPER}/{article.edition}/x.warc.gz",
        "offset": 0,
        "length": 1,
        "payload_digest": "sha256:" + "0" * 64,
    }


def _cost(catalogue: Catalogue, pieces: Sequence[Piece], later: int) -> float:
    """Milliseconds to place an article so many days later, median; nothing is kept."""
    taken: list[float] = []
    with catalogue.read() as connection:
        numbers = count(10 * len(pieces))
        for piece in pieces[:TIMED]:
            article_id = f"{PAPER}/{piece.own_id}"
            day = (piece.day + timedelta(days=later)).isoformat()
            began = time.perf_counter()
            placement.place(connection, article_id, day, next(numbers), Body.of(piece.text))
            taken.append(time.perf_counter() - began)
        connection.rollback()
    return 1000 * median(taken)


def _figures(pieces: Sequence[Piece], pairs: Pairs) -> Iterator[Figure]:
    right = len(pairs.right)
    wrong = sorted(pairs.made - pairs.wanted)
    named = [" / ".join(pieces[place].title[:20] for place in pair) for pair in wrong[:SHOWN]]
    yield _share(
        f"stories together: precision, {len(pieces):,} articles",
        right,
        len(pairs.made),
        PRECISION,
        (f"{len(wrong)} pairs are wrong, among them {'; '.join(named)}",) if wrong else (),
    )
    yield _share(
        "stories together: recall", right, len(pairs.wanted), RECALL, (_by_kind(pieces, pairs),)
    )


def _share(name: str, right: int, of: int, least: float, notes: tuple[str, ...]) -> Figure:
    share = right / of if of else 0.0
    return Figure(
        name=name,
        ours=f"{right:,} of {of:,}",
        baseline="",
        result=f"{share:.4f}",
        target=f"≥ {least}",
        met=share >= least,
        notes=notes,
    )


def _by_kind(pieces: Sequence[Piece], pairs: Pairs) -> str:
    """The recall of every kind of reprint."""
    of, right = Counter[str](), Counter[str]()
    for pair in pairs.wanted:
        kinds = {pieces[place].kind for place in pair} - {"original"}
        for kind in kinds:
            of[kind] += 1
            right[kind] += pair in pairs.made
    return ", ".join(f"{kind} {right[kind] / of[kind]:.3f}" for kind in KINDS if of[kind])


def _cost_figure(plain: float, joining: float, held: int) -> Figure:
    return Figure(
        name=f"stories cost: placing an article among {held:,}",
        ours=f"{plain:.2f} ms",
        baseline="",
        result=f"{plain:.2f} ms",
        target=f"≤ {MILLISECONDS} ms",
        met=plain <= MILLISECONDS,
        notes=(f"with its reprint among them {joining:.2f} ms",),
    )
