"""The Tantivy engine, and the only importer of tantivy: for millions of articles."""
