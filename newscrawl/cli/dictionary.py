"""`newscrawl dictionary add|remove|list`: words that the segmenter shall not cut."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.catalogue import dictionary
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.cli.holding import index_held, progress_bar
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.store import Store
from newscrawl.text.segment import use_cache, user_word

Words = Annotated[list[str], typer.Argument(metavar="WORD...", help="Words with Han characters.")]


def add(words: Words) -> None:
    """Add words, and index anew the articles that contain them."""
    for word in _change(words, dictionary.add, "added"):
        print(f"{word}: was there already", file=sys.stderr)


def remove(words: Words) -> None:
    """Remove words, and index anew the articles that contain them.

    Exit status 1: a word was not there.
    """
    unknown = _change(words, dictionary.remove, "removed")
    for word in unknown:
        print(f"{word}: no such word; `newscrawl dictionary list` shows them", file=sys.stderr)
    if unknown:
        raise typer.Exit(1)


def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print every word, a line each."""
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        with catalogue.read() as connection:
            words = dictionary.words(connection)
    finally:
        catalogue.close()
    if as_json:
        print(json.dumps(words, ensure_ascii=False, indent=2))
        return
    if not words:
        print("no words yet: `newscrawl dictionary add WORD` adds one", file=sys.stderr)
    for word in words:
        print(word)


COMMANDS: dict[str, Callable[..., None]] = {"add": add, "remove": remove, "list": list_all}


def _change(
    given: list[str], change: Callable[[Transaction, list[str]], list[str]], done: str
) -> list[str]:
    """Change the dictionary, then let the index follow: nothing is undone if that is cut short.

    Returns the words that made no difference.
    """
    words = [user_word(word) for word in given]
    home = settings.home()
    catalogue = Catalogue.existing(home.catalogue)
    use_cache(home.cache)
    try:
        with catalogue.write() as connection:
            changed = change(connection, words)
        anew = _follow(home, catalogue)
    finally:
        catalogue.close()
    print(f"{len(changed)} {done}, {anew} articles indexed anew")
    return [word for word in dict.fromkeys(words) if word not in changed]


def _follow(home: Home, catalogue: Catalogue) -> int:
    store = Store.of(home)
    if not store.exists():
        return 0
    with index_held(home, store, catalogue), progress_bar("articles") as progress:
        return indexer.follow_dictionary(store, catalogue, progress)
