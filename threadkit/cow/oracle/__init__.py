"""What users may expect of memory: a second engine that knows no kernel.

The kernel engine (:mod:`threadkit.cow.kernel`) says what pages and counts do; this one
says only which *values* a program may see, from what is promised:

* each process has its own bytes after fork; what lies behind a private mapping (a file,
  the zero page, a merged page) is never changed by a write;
* a reference is bound to the memory it was taken of. One with a promise is that memory:
  it sees its owner's writes (I2r) and the owner sees the device's (I2w). One without may
  see any value that the memory has had since, but never another process's (I1);
* the owner's own munmap, MADV_DONTNEED, exec or exit ends the bond;
* swap, KSM, the page lock, clear_refs, userfaultfd and passing references change no value;
* fork is an interval: a store of a sibling thread may reach the child until it ends, page
  by page.

The two share no code, only the syntax tree. So a run of the kernel engine that did no
harm must end in what this one allows, and what it does not allow must carry a harm:
:mod:`threadkit.cow.fuzz` compares them.

"No promise" is a set of values (:data:`~threadkit.cow.oracle.memory.Values`), not a search.
"""

from __future__ import annotations

from threadkit.cow.oracle.allowed import Allowed, Violation, allowed
from threadkit.cow.oracle.promise import STRICT, Promise
from threadkit.cow.oracle.search import OracleBoundError

__all__ = ["STRICT", "Allowed", "OracleBoundError", "Promise", "Violation", "allowed"]
