"""How fast and how large newscrawl is, against the plainest way of doing the same."""
