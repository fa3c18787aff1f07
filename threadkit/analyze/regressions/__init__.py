"""Regressions in mail: what broke, since which commit, who says so, and what became of it."""
