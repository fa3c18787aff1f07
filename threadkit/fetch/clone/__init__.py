"""Commits: from a local clone, and from cgit."""
