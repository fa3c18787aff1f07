"""Postings of patches to revisions, revisions to series, and what became of them."""
