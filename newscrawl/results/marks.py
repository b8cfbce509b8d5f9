"""Changes of a text as a Chinese reader expects them: 〔删：…〕〔增：…〕, or in colour."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from newscrawl.text.changes import Change, Mark, pieces

_STYLES: dict[Mark, str] = {"同": "", "删": "red strike", "增": "green underline"}
_BRACKETS: dict[Mark, str] = {"同": "{}", "删": "〔删：{}〕", "增": "〔增：{}〕"}
_NAMES: dict[Mark, str] = {"同": "same", "删": "left_out", "增": "added"}


def marked(change: Change, *, colour: bool) -> Text:
    """A change with its characters marked, by colour or by brackets."""
    text = Text()
    for mark, characters in pieces(change):
        if colour:
            text.append(characters, _STYLES[mark])
        else:
            text.append(_BRACKETS[mark].format(characters))
    return text


def in_colour(console: Console) -> bool:
    """Whether colours are seen there."""
    return console.is_terminal and console.color_system is not None and not console.no_color


def pieces_data(change: Change) -> list[dict[str, str]]:
    """As JSON has it: `[{"same": "…"}, {"left_out": "…"}, {"added": "…"}]`."""
    return [{_NAMES[mark]: characters} for mark, characters in pieces(change)]


def changes_data(made: Iterable[Change]) -> list[dict[str, object]]:
    """As JSON has it."""
    return [
        {"before": each.before, "after": each.after, "pieces": pieces_data(each)} for each in made
    ]
