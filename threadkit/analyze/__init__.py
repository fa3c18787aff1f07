"""Text to findings: where a quoted passage comes from."""
