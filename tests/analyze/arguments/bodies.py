"""Bodies of mail for properties: quotations, replies and oddities in any order."""

from __future__ import annotations

from hypothesis import strategies as st

_LINES = (
    "> It is slow.\n", "> Is it? And why\n", "> not?\n", ">> Old words, e.g. these.\n", ">\n", "\n",
    "> +\tif (a)\n", "On Tue, 1 Sep 2020, Bo wrote:\n", "No, it is wrong.\n", "Yes. I agree.\n",
    "But why does do_wp_page() leak?\n", "- one\n- two\n", "Acked-by: Ann <ann@example.org>\n",
    "See v5.9-rc1 because it is 2x slower\n", "Thanks,\nAnn\n", "diff --git a/x b/x\n", ">>>> \u2026\n",
    "|\n", "-- \n", "\tcode();\n", "\u202e!?\x00 .\n",
)  # fmt: skip

bodies = st.one_of(
    st.lists(st.sampled_from(_LINES), max_size=40).map("".join), st.text(max_size=200)
)
"""Any body; most look like a reply."""
