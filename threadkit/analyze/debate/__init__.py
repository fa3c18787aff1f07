"""A conversation's arguments put together: claims, who answers whom, what stays open."""
