"""The Whoosh engine: words in Whoosh for ranking, grams in a side table for finding.

Both are kept in parts by the quarter of the edition's day, so that a day's commit touches a small
index. A posting is two bytes for the version and one for what the word adds to its score.
"""
