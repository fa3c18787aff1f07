"""A debate as a static web site: values in, text of pages out. No SQL, no network."""
