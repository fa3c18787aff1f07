"""Acceptability of arguments, and argument graphs as files that other programs read."""
