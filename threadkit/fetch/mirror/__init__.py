"""Lists kept as git repositories on this machine."""
