"""`python -m newscrawl.index HOME [ENGINE:DIRECTORY]`: the indexer as a process of its own."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from pathlib import Path

from newscrawl import logs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.handed import Handed
from newscrawl.index.priority import give_way
from newscrawl.index.store import Store
from newscrawl.text.segment import use_cache


def main() -> int:
    """Index until idle; 0 also when another indexer is at work."""
    parser = argparse.ArgumentParser(prog="newscrawl.index")
    parser.add_argument("home", type=Path)
    parser.add_argument("index", nargs="?", default="", metavar="ENGINE:DIRECTORY")
    parser.add_argument("--idle", type=float, default=5.0, metavar="SECONDS")
    options = parser.parse_args()
    logs.begin()
    home = Home(options.home)
    use_cache(home.cache)
    give_way()
    # Python aborts at its end where a thread still reads sys.stdin itself.
    handed = Handed(open(sys.stdin.fileno(), "rb", closefd=False))  # noqa: SIM115
    try:
        catalogue = Catalogue.open(home.catalogue)
        gc.freeze()  # what is loaded by now stays, and is not looked through again and again
        indexer.run(Store.of(home, options.index), catalogue, handed, options.idle)
    except NewscrawlError as error:
        logging.getLogger("newscrawl.index").error("%s", error)
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
