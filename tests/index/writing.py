"""A writer to be killed: `python -m tests.index.writing ENGINE DIRECTORY` writes until it is.

Article n is version 2n-1, and is replaced by version 2n. Each mark is printed once it holds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from newscrawl.index.documents import Document
from newscrawl.index.reach import Reach
from tests.index.kinds import engine
from tests.index.shelf import document
from tests.makers import article

BATCH = 7


def documents(after: int) -> Iterator[Document]:
    """The versions beyond a number, without end."""
    seq = after
    while True:
        seq += 1
        yield document(seq, article((seq + 1) // 2), () if seq % 2 else (seq - 1,))


def main() -> None:
    """Write batches until somebody ends it."""
    kind, directory = engine(sys.argv[1]), Path(sys.argv[2])
    writer = kind.writer(directory)
    endless = documents(writer.mark)
    while True:
        batch = [next(endless) for _number in range(BATCH)]
        writer.write(iter(batch), BATCH, Reach(batch[-1].seq))
        writer.upkeep(ending=batch[-1].seq % 3 == 0)
        writer.tidy(lambda: False)
        sys.stdout.write(f"{writer.mark}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
