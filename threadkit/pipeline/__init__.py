"""Joins the stages: what the command line and the notebooks call."""
