"""Where newscrawl keeps its data: one folder, and the names inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The data directory, `NEWSCRAWL_HOME`. Paths only: nothing is created or opened here."""

    root: Path

    @property
    def indexes(self) -> Path:
        """Search indexes: derived, safe to delete."""
        return self.root / "indexes"

    @property
    def snapshots(self) -> Path:
        """The archive: a folder per paper and edition day."""
        return self.root / "snapshots"

    @property
    def manifests(self) -> Path:
        """A manifest for each day that is over, `YYYY-MM-DD.txt`, and the stamps of their heads."""
        return self.root / "manifests"

    @property
    def folders(self) -> tuple[Path, ...]:
        """Those that every run needs, private."""
        return (self.indexes, self.snapshots, self.manifests, self.run, self.logs, self.cache)

    @property
    def catalogue(self) -> Path:
        """The SQLite catalogue."""
        return self.root / "newscrawl.db"

    @property
    def secret_key(self) -> Path:
        """What the addresses of subscribers are sealed with, where the environment has no key."""
        return self.root / "secret.key"

    @property
    def told(self) -> Path:
        """What people were told of lately: not of the catalogue, to outlive an older copy of it."""
        return self.root / "told"

    @property
    def run(self) -> Path:
        """Locks and paces: nothing here outlives the processes that use it."""
        return self.root / "run"

    @property
    def unheard(self) -> Path:
        """Which heartbeats were not heard the last time, and why: safe to delete."""
        return self.root / "unheard"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def cache(self) -> Path:
        """Private caches, 0700: jieba's dictionary."""
        return self.root / "cache"
