"""A deliverer of its own process: waits for a line, then leases all that is due and says what."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from newscrawl.catalogue import leases
from newscrawl.catalogue.connection import Catalogue
from tests.makers import NOW

UNTIL = NOW.replace("2023", "2024")


def main() -> None:
    catalogue = Catalogue.open(Path(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        with catalogue.write() as tx:
            leased = leases.take(tx, NOW, UNTIL, 2)
        if not leased:
            break
        print("\n".join(each.key for each in leased))
        time.sleep(0.05)  # so that the other has its turn, on a busy machine too
    catalogue.close()


if __name__ == "__main__":
    main()
