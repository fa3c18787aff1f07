"""Bytes from outside. The only folder that reads mail files or opens the network."""
