"""What a backup came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Filled while the backup is made."""

    generation: str = ""
    files: int = 0
    """That belong to it, shared with earlier ones or not."""
    copied: int = 0
    copied_bytes: int = 0
    left_out: list[str] = field(default_factory=list)
    """The keys that are in the home and not in the backup."""
    mended: list[str] = field(default_factory=list)
    """Earlier copies that were damaged or lost, and were made anew."""
    problems: list[str] = field(default_factory=list)
    """What is damaged in the home, or could not be mended, a line each."""
    erased: list[str] = field(default_factory=list)
    """Copies that were removed, for the home has erased what is in them."""
    dropped: list[str] = field(default_factory=list)
    """Older backups that were removed."""
