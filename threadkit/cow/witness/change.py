"""Changes one decision in kernel source: found by the names of functions, checked, replaced.

Nothing of the kernel's text is kept here. A place is found by its function and by what it
calls; if that is not as in 5.10, nothing is changed and the error says what was missing.
What is put there is our own, and as small as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from threadkit.cow.witness.problems import UnexpectedSource
from threadkit.cow.witness.variants import Reuse, Variant

MEMORY = "mm/memory.c"
HUGE_MEMORY = "mm/huge_memory.c"
FILES = (MEMORY, HUGE_MEMORY)
"""The files that a change may touch, below the root of the source."""

_PINNED = "page_maybe_dma_pinned"
_FORK = ((MEMORY, "copy_present_page"), (HUGE_MEMORY, "copy_huge_pmd"))
_REUSE = "do_wp_page"
_ANONYMOUS = re.compile(r"\n\tif \(PageAnon\(vmf->page\)\) (?=\{)")
_EXPECTED = ("page_count", "page_mapcount", "trylock_page", "unlock_page", "wp_page_reuse")
_ENDS = re.compile(r"^\}", re.MULTILINE)

_DECIDE: Mapping[Reuse, str] = {
    "mapcount_trylock": """\
/* threadkit: 1 reuse the page, 0 copy it. A busy page lock means a copy. */
static int threadkit_reuse(struct vm_fault *vmf, struct page *page)
{
	int reuse;

	if (PageKsm(page) || !trylock_page(page))
		return 0;
	reuse = reuse_swap_page(page, NULL);
	unlock_page(page);
	return reuse;
}
""",
    "mapcount_locked": """\
/* threadkit: 1 reuse the page, 0 copy it, -1 it changed while its lock was waited for. */
static int threadkit_reuse(struct vm_fault *vmf, struct page *page)
{
	int reuse, waited, same = 1;

	if (PageKsm(page))
		return 0;
	waited = !trylock_page(page);
	if (waited) {
		get_page(page);
		pte_unmap_unlock(vmf->pte, vmf->ptl);
		lock_page(page);
		vmf->pte = pte_offset_map_lock(vmf->vma->vm_mm, vmf->pmd,
					       vmf->address, &vmf->ptl);
		same = pte_same(*vmf->pte, vmf->orig_pte);
	}
	reuse = same ? reuse_swap_page(page, NULL) : -1;
	unlock_page(page);
	if (waited)
		put_page(page);
	return reuse;
}
""",
}

_ACT = """{
		int reuse = threadkit_reuse(vmf, vmf->page);

		if (reuse > 0) {
			wp_page_reuse(vmf);
			return VM_FAULT_WRITE;
		}
		if (reuse < 0) {
			pte_unmap_unlock(vmf->pte, vmf->ptl);
			return 0;
		}
		goto copy;
	}"""


def changed(sources: Mapping[str, str], variant: Variant) -> dict[str, str]:
    """Return source with the decisions of a variant.

    Parameters
    ----------
    sources : mapping of str to str
        The text of each of :data:`FILES`, as the distribution has it.
    variant : Variant
        Which decisions.

    Returns
    -------
    dict of str to str
        All of :data:`FILES`; those of the stock variant are as they were.

    Raises
    ------
    UnexpectedSource
        A place is not as expected; nothing is changed.

    References
    ----------
    do_wp_page(), copy_present_page(), copy_huge_pmd() of 5.10.262; reuse_swap_page() as
    called by do_wp_page() of 2.6.29 to 5.8.
    """
    texts = dict(sources)
    if variant.reuse != "page_count":
        texts[MEMORY] = change_reuse(texts[MEMORY], variant.reuse)
    if not variant.fork_copy:
        for path, function in _FORK:
            texts[path] = never_calls(texts[path], function, _PINNED, path)
    return texts


def change_reuse(text: str, reuse: Reuse) -> str:
    """Let do_wp_page() decide about an anonymous page by another rule.

    Parameters
    ----------
    text : str
        Of mm/memory.c.
    reuse : str
        ``mapcount_locked`` or ``mapcount_trylock``.

    Raises
    ------
    UnexpectedSource
        The function, or its block for anonymous pages, is not as expected.
    """
    start, end = find_function(text, _REUSE, MEMORY)
    body = text[start:end]
    place = f"{MEMORY}, {_REUSE}()"
    blocks = list(_ANONYMOUS.finditer(body))
    if len(blocks) != 1:
        raise UnexpectedSource(place, f"{len(blocks)} blocks for anonymous pages, not one")
    first = blocks[0].end()
    last = _closing(body, first, "{}", place)
    _check_calls(body[first:last], _EXPECTED, place)
    body = body[:first] + _ACT + body[last:]
    return text[:start] + _DECIDE[reuse] + "\n" + body + text[end:]


def never_calls(text: str, function: str, called: str, path: str) -> str:
    r"""Replace the one call of a predicate in a function by ``false``.

    Parameters
    ----------
    text : str
        Of the file.
    function, called : str
        Names.
    path : str
        Of the file, for errors.

    Raises
    ------
    UnexpectedSource
        There is no such function, or not exactly one such call in it.

    Examples
    --------
    >>> never_calls("int f(int a)\n{\n  return !busy(at(a));\n}\n", "f", "busy", "x.c")
    'int f(int a)\n{\n  return !false;\n}\n'
    """
    start, end = find_function(text, function, path)
    place, body = f"{path}, {function}()", text[start:end]
    calls = list(re.finditer(rf"\b{called}(?=\()", body))
    if len(calls) != 1:
        raise UnexpectedSource(place, f"{len(calls)} calls of {called}(), not 1")
    last = _closing(body, calls[0].end(), "()", place)
    return text[:start] + body[: calls[0].start()] + "false" + body[last:] + text[end:]


def find_function(text: str, name: str, path: str) -> tuple[int, int]:
    r"""Find the definition of a function in kernel style.

    Parameters
    ----------
    text : str
        Of a C file: a definition begins and its last brace stands in the first column.
    name : str
        Of the function.
    path : str
        Of the file, for errors.

    Returns
    -------
    tuple of int
        Offset of its first line, and after its last brace.

    Raises
    ------
    UnexpectedSource
        It is not defined there, or more than once.

    Examples
    --------
    >>> text = "int g(void);\nstatic int\ng(void)\n{\n}\nint h(void)\n{\n\tg();\n}\n"
    >>> first, last = find_function(text, "g", "x.c")
    >>> text[first:last]
    'static int\ng(void)\n{\n}'
    """
    definition = rf"^(?:[a-z][\w \t*]*\s[\s*]*)??{name}\((?:[^;{{}}]*)\)[^;{{}}]*\n(?=\{{)"
    found = list(re.finditer(definition, text, re.MULTILINE))
    if len(found) != 1:
        raise UnexpectedSource(f"{path}, {name}()", f"defined {len(found)} times, not once")
    end = _ENDS.search(text, found[0].end())
    if end is None:
        raise UnexpectedSource(f"{path}, {name}()", "it has no end")
    return found[0].start(), end.end()


def _closing(text: str, opening: int, pair: str, place: str) -> int:
    depth = 0
    for position in range(opening, len(text)):
        depth += (text[position] == pair[0]) - (text[position] == pair[1])
        if depth == 0:
            return position + 1
    raise UnexpectedSource(place, f"a {pair[0]} has no end")


def _check_calls(block: str, expected: Iterable[str], place: str) -> None:
    called = set(re.findall(r"\b(\w+)\(", block))
    if missing := [name for name in expected if name not in called]:
        raise UnexpectedSource(place, f"it does not call {', '.join(missing)}")
    if "reuse_swap_page" in called:
        raise UnexpectedSource(place, "it already asks reuse_swap_page()")


def own_text(variant: Variant) -> str:
    """Return what a variant's change puts into the source: ours alone, none of the kernel's.

    Parameters
    ----------
    variant : Variant
        Which decisions.

    Examples
    --------
    >>> from threadkit.cow.witness.variants import VARIANTS
    >>> [len(own_text(one)) > 0 for one in VARIANTS]
    [False, True, True, True, True]
    """
    reuse = _DECIDE[variant.reuse] + _ACT if variant.reuse != "page_count" else ""
    fork = "" if variant.fork_copy else "".join(f"{f}: {_PINNED} is false\n" for _, f in _FORK)
    return reuse + fork
