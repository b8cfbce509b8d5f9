"""Which language a page is in: Chinese, or English where the reader prefers it."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request

from newscrawl.alerts.feeds import Language

_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en"}
_FIRST: Language = "zh"


def language_of(request: Request) -> Language:
    """`?lang=` where it names one of ours, else what Accept-Language prefers, else Chinese."""
    asked = _LANGUAGES.get(request.query_params.get("lang", ""))
    return asked or preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> Language:
    """Of an Accept-Language header: the language of ours with the highest weight, or Chinese."""
    weighed = list(_weighed(header))
    best = max(weighed, key=lambda one: one[0], default=(0.0, _FIRST))
    return best[1] if best[0] > 0 else _FIRST


def _weighed(header: str) -> Iterator[tuple[float, Language]]:
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        language = _LANGUAGES.get(tag.strip().lower().partition("-")[0])
        if language:
            yield _weight(weight), language


def _weight(text: str) -> float:
    """Of `q=0.8`; one that cannot be read counts as none."""
    if not text.strip():
        return 1.0
    name, _, number = text.strip().partition("=")
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
