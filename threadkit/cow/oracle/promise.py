"""What a kernel promises of references: which of them stay with their owner's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Coherence = Literal["always", "unless_forked", "none"]
"""A reference sees its owner's memory, for as long as the owner keeps it mapped;
``unless_forked``: until the owner forks; ``none``: it may or it may not."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How far references may be relied on.

    The defaults are what a user may wish for, and by which harm is told. What a kernel
    really promised is weaker: FOLL_GET was promised nothing in 5.9..5.18.

    Attributes
    ----------
    pin_write : Coherence
        FOLL_PIN and FOLL_WRITE (I2w).
    pin_read : Coherence
        FOLL_PIN and FOLL_LONGTERM for reading, of anonymous memory (I2r).
    pin_read_file : Coherence
        The same of memory that a file or the zero page lies behind, until it is written (I2r).
    get_write : Coherence
        FOLL_GET and FOLL_WRITE (I2w); also ptrace.
    odirect : Coherence
        A direct read into memory (I2w): a FOLL_GET, later a FOLL_PIN.
    process_vm : Coherence
        process_vm_writev, for as long as it takes (I2w).
    pins_stay_home : bool
        The child never sees what a device writes through a pin that its parent took
        before fork (I10).
    fork_may_skip : bool
        The child may lack pages, those that look pinned (a proposal of 2020).

    References
    ----------
    Documentation/core-api/pin_user_pages.rst; the cover letters
    20220126095557.32392-1-david@redhat.com and 20220315104741.63071-1-david@redhat.com.

    Examples
    --------
    >>> Promise() == STRICT, Promise(get_write="none").pin_write
    (True, 'always')
    """

    pin_write: Coherence = "always"
    pin_read: Coherence = "always"
    pin_read_file: Coherence = "always"
    get_write: Coherence = "always"
    odirect: Coherence = "always"
    process_vm: Coherence = "always"
    pins_stay_home: bool = False
    fork_may_skip: bool = False


STRICT = Promise()
"""Every reference for writing, and every long-term pin, stays with its owner's memory."""
