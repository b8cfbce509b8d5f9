"""What a query means, written a second time: over find and split, sharing only the folding.

A query is a plain tuple here: ("and", q, q), ("or", q, q), ("not", q), ("text", field, text),
("word", field, text) with a text that is written without quotation marks,
("prefix", field, text), ("near", field, texts, n), ("guard", field, text, others),
("name", field, text) or ("date", first, last) with dates as they are printed.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

from newscrawl.items import Article
from newscrawl.text.fold import fold


def han(character: str) -> bool:
    return character in "〇々" or any(
        first <= ord(character) <= last
        for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFD))
    )


def latin(character: str) -> bool:
    return character.isalnum() and not han(character)


@cache
def squeeze(text: str) -> str:
    """Without the blanks and line breaks that are layout; what is left of these is a blank."""
    return _removed(_removed(fold(text), "\n").replace("\n", " "), " ")


def _removed(text: str, blank: str) -> str:
    before, *rest = f"|{text}|".split(blank)
    joined, gap = before, ""
    for after in rest:
        gap += blank
        if not after:  # one of several in a row
            continue
        one, other = before[-1], after[0]
        alone = not han(before[-2:-1] or "|") and not han(after[1:2] or "|")
        goes = han(one) or han(other) if blank == "\n" else han(one) and han(other) and alone
        joined += after if goes else gap + after
        before, gap = after, ""
    return joined[1:-1]


def places(written: str, text: str, prefix: bool = False) -> list[tuple[int, int]]:
    """Where `written` stands, be its blanks layout or not: that lies with what stands around."""
    found = []
    alone, first, last = squeeze(written), squeeze(f"一{written}")[1:], squeeze(f"{written}一")[:-1]
    for wanted in {alone, first, last, fold(written)}:
        start = text.find(wanted)
        while start != -1:
            end = start + len(wanted)
            before, after = text[:start][-1:], text[end:][:1]
            cut = before and latin(before) and latin(wanted[0])
            cut = cut or (after and latin(after) and latin(wanted[-1]) and not prefix)
            found += [] if cut else [(start, end)]
            start = text.find(wanted, start + 1)
    return found


def parts(word: str) -> list[str]:
    """What unquoted words ask for: what stands between their punctuation, a name's blanks left out.

    All blanks are wide ones.
    """
    kept = {mark: f"|{mark}|" for mark in "，：；？"}  # full-width, they are no sign of a word's
    plain = squeeze("".join(kept.get(c, c) for c in word))
    return "".join(c if _belongs(c, at, plain) else " " for at, c in enumerate(plain)).split()


def _belongs(c: str, at: int, word: str) -> bool:
    if han(c) or latin(c):
        return True
    if c in "%‰℃":
        return word[:at][-1:].isdigit()
    if c == ",":
        thousands = word[at + 1 : at + 5]
        grouped = thousands[:3].isdigit() and len(thousands) > 2 and not thousands[3:].isdigit()
        return word[:at][-1:].isdigit() and grouped
    signs = "-._/:·&'’@*#+=~^"
    before, after = word[:at].rstrip(signs)[-1:], word[at:].lstrip(signs)[:1]
    return c in signs and lone(before) and lone(after)


def lone(character: str) -> bool:
    """Whether it is there, and a letter or digit of no Han script."""
    return character != "" and latin(character)


def near(texts: list[str], distance: int, text: str) -> bool:
    for chosen in product(*(places(one, text) for one in texts)):
        gaps = [(one[1], other[0]) for one, other in pairwise(sorted(chosen))]
        if all(end <= start and _units(text[end:start]) <= distance for end, start in gaps):
            return True
    return False


def _units(text: str) -> int:
    return len("".join(c if latin(c) else f" {c} " for c in text).split())


def guarded(wanted: str, others: list[str], text: str) -> bool:
    covers = [place for other in others for place in places(other, text)]
    return any(
        not any(first <= start and end <= last for first, last in covers)
        for start, end in places(wanted, text)
    )


def texts_of(article: Article, field: str | None) -> list[str]:
    anywhere = [article.headline, article.kicker, article.subhead, *article.paragraphs]
    by_field = {
        None: anywhere,
        "headline": [article.headline],
        "body": article.paragraphs,
        "source": [article.source],
        "author": article.reporters + article.correspondents,
    }
    return [squeeze(text) for text in by_field[field]]


def holds(query: tuple, article: Article, title: str) -> bool:
    """Whether a search for `query` finds `article` of the paper called `title`."""
    kind, *rest = query
    if kind in ("and", "or"):
        return {"and": all, "or": any}[kind](holds(part, article, title) for part in rest)
    if kind == "not":
        return not holds(rest[0], article, title)
    if kind == "date":
        return rest[0] <= article.edition <= rest[1]
    if kind == "name":
        names = {"paper": (article.paper, title), "page": (article.page, article.page_name)}
        return fold(rest[1]) in [fold(name) for name in names[rest[0]]]
    texts = texts_of(article, rest[0])
    if kind == "near":
        return any(near(rest[1], rest[2], text) for text in texts)
    if kind == "guard":
        return any(guarded(rest[1], rest[2], text) for text in texts)
    if kind == "word":
        return all(any(places(part, text) for text in texts) for part in parts(rest[1]))
    return any(places(rest[1], text, kind == "prefix") for text in texts)
