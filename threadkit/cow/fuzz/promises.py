"""What each kernel's policy promises of references, so that breaking it is a bug."""

from __future__ import annotations

from threadkit.cow.oracle import Promise
from threadkit.cow.oracle.promise import Coherence
from threadkit.cow.policy import Policy


def promise_of(policy: Policy) -> Promise:
    """Return what a user of one kernel may rely on.

    Parameters
    ----------
    policy : Policy
        Its decisions.

    Returns
    -------
    Promise
        With PageAnonExclusive pins are coherent, long-term ones of files from
        FAULT_FLAG_UNSHARE on non-anonymous pages on, and other references until fork.
        Before that nothing is promised: the mapcount rule kept references until fork as
        long as nobody else mapped the page, but not over swap and fork together.

    References
    ----------
    a7f226604170 (5.19), 84209e87c696 (6.2); "FOLL_PIN is reliable, FOLL_GET without
    fork": 20220315104741.63071-1-david@redhat.com.

    Examples
    --------
    >>> promise_of(Policy()).pin_write, promise_of(Policy(anon_exclusive=True)).get_write
    ('none', 'unless_forked')
    """
    pins: Coherence = "always" if policy.anon_exclusive and policy.gup_pin else "none"
    gets: Coherence = "unless_forked" if policy.anon_exclusive else "none"
    of_files: Coherence = pins if policy.gup_read == "unshare_longterm" else "none"
    return Promise(
        pin_write=pins,
        pin_read=pins,
        pin_read_file=of_files,
        get_write=gets,
        odirect=pins if policy.odirect == "pin" else gets,
        process_vm=pins if policy.process_vm == "pin" else gets,
        pins_stay_home=pins == "always",
        fork_may_skip=policy.copy_present_pte == "skip",
    )
