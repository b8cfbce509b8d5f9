"""`python -m newscrawl.index.worker`: answers the searches of a pool, one after the other.

It keeps what costs time to load: the index, jieba's dictionary, the grammar.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.answers import answer
from newscrawl.index.bounds import Bounds
from newscrawl.index.current import CurrentSearcher
from newscrawl.index.serving import serve
from newscrawl.query.parse import parse
from newscrawl.text.segment import segment, use_cache


def main() -> None:
    """Answer until the pool closes its end."""
    home, pipe, bounds = _called()
    use_cache(home.cache)
    current = CurrentSearcher(home)
    with suppress(NewscrawlError):  # told to whoever asks, as long as it holds
        current.get()
    _warm_up()
    serve(pipe, lambda asked: answer(current.get(), asked), bounds)
    current.close()


def _warm_up() -> None:
    parse("预热")
    segment("预热")


def _called() -> tuple[Home, Connection, Bounds]:
    parser = argparse.ArgumentParser(prog="newscrawl.index.worker")
    parser.add_argument("home", type=Path)
    parser.add_argument("--pipe", type=int, required=True, metavar="DESCRIPTOR")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--megabytes", type=int, required=True)
    given = parser.parse_args()
    return Home(given.home), Connection(given.pipe), Bounds(given.seconds, given.megabytes)


if __name__ == "__main__":
    main()
