"""newscrawl: whole Chinese newspapers, kept faithfully and found again."""

__version__ = "0.1.0"
