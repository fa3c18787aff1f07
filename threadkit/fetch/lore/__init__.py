"""Threads from public-inbox servers, and the names of what they have."""
