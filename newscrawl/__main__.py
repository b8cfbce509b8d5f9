"""`python -m newscrawl`: the `newscrawl` command."""

from __future__ import annotations

from newscrawl.cli import main

if __name__ == "__main__":
    main()
