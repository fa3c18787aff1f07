"""A change finds its place in source of the expected shape, and refuses any other.

The source here is a toy of our own: it has the names and the shape that the change looks
for, and no line of the kernel.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.witness.change import (
    FILES,
    HUGE_MEMORY,
    MEMORY,
    changed,
    find_function,
    never_calls,
    own_text,
)
from threadkit.cow.witness.problems import UnexpectedSource
from threadkit.cow.witness.variants import VARIANTS, variant

TOY = {
    MEMORY: """\
int do_wp_page(struct vm_fault *vmf); /* a declaration is no definition */

static inline int
copy_present_page(int a,
		  int b)
{
	return page_maybe_dma_pinned(at(a)) ? 0 : b;
}

static int do_wp_page(struct vm_fault *vmf)
	__releases(vmf->ptl)
{
	first();
	if (PageAnon(vmf->page)) {
		if (page_count(p) + page_mapcount(p) && trylock_page(p)) {
			unlock_page(p);
			return wp_page_reuse(vmf);
		}
	} else {
		other();
	}
copy:
	return last();
}

static int fault(void)
{
	return do_wp_page(0);
}
""",
    HUGE_MEMORY: """\
int copy_huge_pmd(void)
{
	if (one() &&
	    page_maybe_dma_pinned(page))
		return 1;
	return 0;
}
""",
}


def made(key: str, sources=TOY) -> dict[str, str]:
    found = variant(key)
    assert found is not None
    return changed(sources, found)


def test_stock_is_left_alone():
    assert made("built_stock") == TOY


def test_two_switches_are_independent():
    fork, reuse, both = map(
        made, ("built_refcount_nofork", "built_mapcount_forkcopy", "built_mapcount_locked")
    )
    assert "threadkit_reuse" not in fork[MEMORY]
    assert "page_maybe_dma_pinned" in reuse[MEMORY]
    assert reuse[HUGE_MEMORY] == TOY[HUGE_MEMORY]
    assert changed(fork, variant("built_mapcount_forkcopy")) == both
    for name in FILES:
        assert "page_maybe_dma_pinned" not in both[name]


def test_only_the_block_is_replaced():
    text = made("built_mapcount_locked")[MEMORY]
    for kept in (
        "first();",
        "} else {\n\t\tother();",
        "copy:\n\treturn last();",
        "static int fault",
    ):
        assert kept in text
    for gone in ("page_count(p)", "trylock_page(p)"):
        assert gone not in text
    assert text.index("static int threadkit_reuse(") < text.index("static int do_wp_page(")
    assert text.count("{") == text.count("}")


def test_rules_differ_in_the_lock_alone():
    locked, trylock = (made(f"built_mapcount_{lock}")[MEMORY] for lock in ("locked", "trylock"))
    assert "lock_page(page);" in locked.replace("trylock_page", "").replace("unlock_page", "")
    assert "\tlock_page(" not in trylock
    assert "reuse_swap_page(page, NULL)" in locked
    assert "reuse_swap_page(page, NULL)" in trylock


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (MEMORY, "static int do_wp_page", "static int do_other_page", r"do_wp_page\(\): defined 0"),
        (MEMORY, "PageAnon(", "PageKsm(", "0 blocks for anonymous pages"),
        (MEMORY, "trylock_page(p)", "1", "does not call trylock_page"),
        (MEMORY, "wp_page_reuse(vmf)", "reuse_swap_page(p)", "does not call wp_page_reuse"),
        (MEMORY, "unlock_page(p);", "unlock_page(p); reuse_swap_page(p);", "already asks"),
        (MEMORY, "page_maybe_dma_pinned(at(a))", "page_is_pinned(a)", "0 calls of page_maybe"),
        (HUGE_MEMORY, "one()", "page_maybe_dma_pinned(x)", "2 calls of page_maybe"),
        (HUGE_MEMORY, "copy_huge_pmd", "copy_huge_page", r"copy_huge_pmd\(\): defined 0 times"),
    ],
)
def test_other_source_is_refused(file, old, new, says):
    sources = TOY | {file: TOY[file].replace(old, new)}
    assert sources != TOY
    before = dict(sources)
    with pytest.raises(UnexpectedSource, match=says):
        made("built_mapcount_locked", sources)
    assert sources == before


def test_changed_source_is_not_changed_again():
    once = made("built_mapcount_locked")
    with pytest.raises(UnexpectedSource):
        made("built_mapcount_locked", once)


def test_what_is_ours_is_all_that_is_added():
    for one in VARIANTS:
        added = set(made(one.key)[MEMORY].splitlines()) - set(TOY[MEMORY].splitlines())
        ours = set(own_text(one).splitlines())
        strange = {line for line in added if line not in ours and "false" not in line}
        # The block's own first line stays as it was, with our brace.
        assert strange <= {"\tif (PageAnon(vmf->page)) {", "\t} else {"}


NAME = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)


@given(st.lists(NAME, min_size=1, max_size=6, unique=True), st.data())
def test_functions_are_found_among_others(names, data):
    text = "".join(
        f"static int {name}(int a)\n{{\n\tif (a) {{\n\t\tb();\n\t}}\n}}\n\n" for name in names
    )
    name = data.draw(st.sampled_from(names))
    start, end = find_function(text, name, "x.c")
    assert text[start:].startswith(f"static int {name}(")
    assert text[start:end].count("{") == text[start:end].count("}") == 2


@given(st.text(alphabet="f(){}; \n\tx", max_size=60))
def test_any_text_is_searched_or_refused(text):
    try:
        start, end = find_function(text, "f", "x.c")
    except UnexpectedSource:
        return
    assert text[start:end].endswith("}")


def test_a_call_without_end_is_refused():
    with pytest.raises(UnexpectedSource, match="no end"):
        never_calls("int f(int a)\n{\n\treturn g((a;\n}\n", "f", "g", "x.c")
