"""The command line: options in, one pipeline call, text out."""
