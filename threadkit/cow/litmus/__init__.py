r"""The litmus language: one small text file asks one question about copy-on-write.

In the look of the kernel's ``tools/memory-model/litmus-tests``. ``#`` and ``(* ... *)``
are comments (for readers of the file; :func:`~threadkit.cow.litmus.format.format_litmus`
drops them, so what a reader of a verdict must know is a ``note``); white space is free, and
any of it in a text in quotes is one space; a byte-order mark at a file's begin is left out;
``\"`` and ``\\`` are the escapes there. Names are
``[A-Za-z_][A-Za-z0-9_-]*``, no word of the language and no ``r0``. Pages, actors and
references share one space of names, labels have their own. Values are 0..254, 0x.. too (255
stands for ``segv``). A file has these parts, in this order (``note``, ``ref``, ``beside`` and
``needs`` in any)::

    COW S4                                     # its name, equal to the file's
    question "Does the device miss the write?" # one English question; `exists` asks it
    note "What a reader must know."            # any number, shown with every verdict
    ref commit 70e806e4e645 "what it shows"    # commit|mail|claim|test|cve|doc, any number;
    ref mail <20200917193824.GL8409@ziepe.ca>  #   the note in quotes may be left out
    ref test "fork() with an iouring fixed buffer"     # tests and docs by a name in quotes,
    ref claim 7                                # a claim by its number, then CVE-2016-5195
    beside S4b S5                              # counterparts, shown together
    needs "a memory model"                     # what the model lacks, so that a verdict is none

    { x = anon rw 1 2;                         # page x, content of its two slots, mapped by parent
      thread helper of parent;                 # a second thread; shares all of parent's memory
      process tracer; }                        # an unrelated process

    parent: pin p = x write longterm;          # one after the other ...
    parent: fork child;
    par {                                      # ... and here every interleaving
      parent { write x[0] = 3 as stored; }
      child  { exit; }
      device { r0 = dma_out p[0] after stored; }
    }
    parent: r1 = read x[0];

    exists (device:r0 != 3 /\ parent:r1 = 3)   # or forall (...), ~exists (...)

    expect Never in mapcount_locked mapcount_ksm : "mail 20200917193824.GL8409@ziepe.ca"
    expect Always in refcount_nofork derived : "rules of section 1"

**Order.** Statements outside ``par`` run one after the other, each after everything
before it. Inside ``par`` an actor (in one column) keeps its order, ``after LABEL, LABEL``
waits for statements named ``as LABEL`` (which may stand anywhere before or in the same
``par``), and everything else interleaves; ``par`` ends when all its statements have. A
column of a process that another column forks begins when the fork is done, and so do the
columns of its threads. What no order of events allows is refused: waiting in a circle, using
a reference before it is taken or (if only perhaps) after it is given back, a statement of a
process behind its exit. Statements of another thread in the same ``par`` as ``exit``, and not
ordered with it, are left undone when the exit came first.

**Pages.** ``NAME = KIND rw|ro V0 V1 [word...];`` with KIND one of ``anon``, ``zeropage``,
``file`` (a private mapping of the page cache), ``shmem`` (the same of a tmpfs file),
``ksm``, ``swapped`` (out, slots on the swap device), ``thp`` (one PMD; slot 0 in its
lower, slot 1 in its upper half), ``hugetlb``. Words: ``pte_mapped`` (thp), ``mergeable``,
``readonly_pte`` (a writable mapping whose entry is write-protected: anon, thp, hugetlb),
``unfaulted`` (nothing mapped yet: not zeropage, ksm, swapped), ``clean`` (not dirty: anon,
thp, hugetlb), ``lru_pending`` (a per-CPU list holds a reference that lru_add_drain() drops:
anon, thp). hugetlb is never mergeable. Memory that nobody wrote (``zeropage``, ``unfaulted``
anon, thp, hugetlb) has the content 0 0.

**Actors.** ``parent`` exists from the start; ``fork`` makes others; ``thread`` and
``process`` declare them. A thread lives with its process, which may be one that is forked,
and ``exit`` and ``exec`` of one are of the whole process. ``device``, ``reclaim``, ``ksmd``,
``lockholder`` and ``noise`` belong to no process: they say ``parent.x`` where a process says
``x``; with a number behind (``noise2``) they are others of their kind. An operation of a
process on a page that it does not map gives the register (if any) ``segv``. A register that
is set twice keeps the last value.

**Operations** (REG is ``r0``, ``r1``...; P another process; H names a reference that the
operation makes or uses)::

    write x[0] = 2            REG = read x[0]
    fork P                    exit                    exec
    munmap x                  mprotect x none|r|rw    madvise x ADVICE
    clear_refs                uffd_wp x               uffd_unwp x
    uffd_continue x           (UFFDIO_CONTINUE: map the page cache's page)
    pin H = x [read|write] [longterm] [fast]          unpin H
    get H = x [read|write] [fast] [times 1024]        put H
    vmsplice H = x            REG = pipe_read H[0]    (end with put H)
    odirect_read_begin H = x  (GUP for writing; then device: dma_in)    odirect_end H
    odirect_write_begin H = x (GUP for reading; then device: dma_out)
    REG = process_vm_readv P.x[0]    process_vm_writev P.x[0] = 5
    REG = ptrace_read P.x[0]         ptrace_write P.x[0] = 5       (FOLL_FORCE)
    device: dma_in H[0] = 7          device: REG = dma_out H[0]
    ksmd: ksm_merge P.x P.y   (at most one merge)     ksm_unmerge x
    reclaim: swap_out P.x     (shrink_page_list)      reclaim: swap_in P.x (readahead)
    lockholder: lock H = P.x  lockholder: unlock H
    noise: get_page H = P.x   noise: put_page H       (speculative, transient)

ADVICE is ``DONTFORK DOFORK DONTNEED MERGEABLE UNMERGEABLE PAGEOUT WIPEONFORK COLLAPSE``.
``get`` and ``pin`` without a direction read (a ``dma_in`` through them is a wrong driver, which a
scenario may ask about). ``times N`` takes N references as one. A reference is given back,
once, by the operation that fits it; any actor may do that, and use it: ``unpin`` a pin,
``put`` a get or a vmsplice. Whoever watches memory behind ``uffd_wp`` lets every write through
at once (``uffd_events`` counts them); on a kernel the writer would sleep until he does.

**Conditions** join atoms with ``/\``, ``\/``, ``~`` and parentheses. An atom compares
(``= != < <= > >=``) a number with a register ``parent:r0``, the memory that an actor
would read ``parent:x[0]``, what a reference sees ``p[0]``, a counter (``copies``,
``lock_waits``, ``ptl_blocked``, ``reuses``, ``uffd_events``), or it is a predicate:
``same(A, B)`` (one page; A and B are ``parent:x`` or a reference), ``mapped(parent:x)``,
``writable()``, ``dirty()``, ``exclusive()``, ``ksm()``, ``anon()``, ``swapcache()``,
``swapped()``, ``huge()``, ``held(H)``, ``alive(P)``, ``harm(missed|wrong|unnecessary|broken)``
(broken: an invariant that is no harm to a user by itself, where the era promised it).
``mapped``, ``writable``, ``dirty``, ``swapped`` and ``huge`` ask about ``parent:x``, the others
about a reference too. ``~`` binds closest, then ``/\``, then ``\/``. ``segv`` compares (``=``,
``!=``) equal only to itself. A counter is compared with 0..9999.

``exists`` and ``forall`` ask for one final state and for all; ``~exists`` for none. The verdict
and its two counts speak of the formula in the parentheses, whichever of them stands before it:
``Observation NAME Always 1 0`` after ``~exists`` says that the formula holds in one final state
and fails in none, so that the answer is ``No``.

**Expectations** say what a source says: ``expect VERDICT in ERA... [derived|unverified] :
"source"`` with VERDICT ``Never``, ``Sometimes`` or ``Always``; ERA may be ``*`` alone; no era
gets two verdicts. They are checked beside the golden ``.expected`` file, and shown where a
verdict is.

**Kernels that did not have it.** Every scenario runs under every era. Where an era is older than
what a scenario uses, its rules are asked all the same, and the answer is marked.

**Bounds.** 65,536 characters, 8 pages, 16 actors, 64 statements, 100 atoms, 32 levels of
parentheses, names of 64 characters.
"""
