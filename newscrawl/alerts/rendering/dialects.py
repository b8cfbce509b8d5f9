"""The ways in which channels write text, marks and links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from newscrawl.alerts.rendering.formats import Format
from newscrawl.alerts.rendering.inert import inert, unlinked
from newscrawl.query.highlight import Passage


def _same(text: str) -> str:
    return text


def _bare_link(label: str, url: str) -> str:
    return f"{label} {url}"


def _markdown_link(label: str, url: str) -> str:
    return f"[{label}]({url})"


def _html_link(label: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(label)}</a>'


@dataclass(frozen=True, slots=True)
class Dialect:
    """How text that may come from a page is written so that it stays text, and what is ours."""

    disarm: Callable[[str], str]
    """Gives as many characters as it gets."""
    escape: Callable[[str], str]
    mark: tuple[str, str]
    """Before and after a word that is marked."""
    link: Callable[[str, str], str]
    """From a label and an address, both ours."""
    between: str
    """Between the links of an article."""
    newline: str

    def text(self, text: str) -> str:
        return self.escape(self.disarm(text))

    def marked(self, passage: Passage) -> str:
        """Disarmed as a whole first, so that a mark inside of `evil.com` hides nothing."""
        text = self.disarm(passage.text)
        before, after = self.mark
        parts: list[str] = []
        past = 0
        for start, end in passage.spans:
            parts.append(self.escape(text[past:start]))
            parts.append(before + self.escape(text[start:end]) + after)
            past = end
        return "".join(parts) + self.escape(text[past:])


PLAIN = Dialect(inert, _same, ("【", "】"), _bare_link, "\n", "\n")
MARKDOWN = Dialect(inert, _same, ("**", "**"), _markdown_link, " · ", "  \n")
HTML = Dialect(inert, escape, ("<b>", "</b>"), _html_link, " · ", "<br/>")
LETTER = Dialect(unlinked, _same, ("【", "】"), _bare_link, "\n", "\n")
LETTER_HTML = Dialect(unlinked, escape, ("<mark>", "</mark>"), _html_link, " · ", "<br>\n")

DIALECTS: dict[Format, Dialect] = {"plain": PLAIN, "markdown": MARKDOWN, "html": HTML}
"""Of the channels that are not ours."""
