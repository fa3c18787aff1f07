"""Every mistake is named where it is: § marks the place in these texts."""

from __future__ import annotations

import pytest

from threadkit.cow.litmus.errors import LitmusError
from threadkit.cow.litmus.parse import parse

HEAD = 'COW T question "?"'
INITIAL = "{ x = anon rw 1 2; y = thp rw 1 2; thread t of parent; process q; }"


def complain(marked: str) -> str:
    place = marked.index("§")
    text = marked.replace("§", "")
    with pytest.raises(LitmusError) as caught:
        parse(text, "T")
    error = caught.value
    before = text[:place].split("\n")
    assert (error.line, error.column) == (len(before), len(before[-1]) + 1), str(error)
    assert str(error).startswith(f"T:{error.line}:{error.column}: expected ")
    assert error.exit_code == 2
    shown, caret = error.context().split("\n")
    line = text.split("\n")[error.line - 1]
    assert len(shown) <= 100
    if len(line) < 100 and line.isprintable():
        assert (shown, len(caret)) == (line, error.column)
    return f"{error.expected} | {error.found}"


STATEMENTS = {
    "parent: §wirte x[0] = 3;": "an operation (did you mean 'write'?) | 'wirte'",
    'parent: §"r0" = read x[0];': 'a register (r0 to r99) | "r0"',
    "parent: exec;\n§42": "an actor, 'par', 'exists', 'forall' or '~exists' | '42'",
    "parent: §;": "an operation | ';'",
    "parent: write x[0] = 3 as§;": "a label | ';'",
    "parent: write x[0] = 3 §}": "';' | '}'",
    "parent: write x §= 3;": "'[' | '='",
    "parent: write x[§2] = 3;": "a slot (0 to 1) | '2'",
    "parent: write x[0] = §255;": "a value (0 to 254) | '255'",
    "parent: write x[0] = §0xfff;": "a value (0 to 254) | '0xfff'",
    "parent: write x[0] = §12345678901;": "a value (0 to 254) | '12345678901'",
    "parent: write §z[0] = 3;": "a page (x, y) | 'z'",
    "parent: write §parent.x[0] = 3;": "a page of its own: 'write' names no process | 'parent'",
    "parent: §read x[0];": "a register for what it gives (r0 = read ...) | 'read'",
    "parent: §r0 = write x[0] = 3;": "no register: 'write' gives no value | 'r0'",
    "parent: r0 §read x[0];": "'=' | 'read'",
    "parent: munmap x §now;": "';' ('munmap' takes no words) | 'now'",
    "parent: mprotect x§;": "one of none, r, rw | ';'",
    "parent: mprotect x r §rw;": "';' ('mprotect' takes one word) | 'rw'",
    "parent: mprotect x §w;": "one of none, r, rw (did you mean 'rw'?) | 'w'",
    "parent: pin p = x §longtrem;": (
        "one of read, write, longterm, fast (did you mean 'longterm'?) | 'longtrem'"
    ),
    "parent: pin p = x read §write;": "each word once, and one direction | 'write'",
    "parent: pin p = x fast §fast;": "each word once, and one direction | 'fast'",
    "parent: get p = x §longterm;": "one of read, write, fast | 'longterm'",
    "parent: get p = x times §0;": "how many references (1 to 65535) | '0'",
    "parent: pin p = x §times 2;": "';' | 'times'",
    "parent: pin §par = x;": "a reference ('par' is a word of the language) | 'par'",
    "parent: pin §r1 = x;": "a reference ('r1' is a word of the language) | 'r1'",
    f"parent: pin §{'n' * 65} = x;": f"a name of at most 64 characters | '{'n' * 65}'",
    "parent: pin §x = x;": "a new name for a reference (this is a page of line 2 already) | 'x'",
    "parent: pin §device = x;": ("a name for a reference that is no kernel actor's | 'device'"),
    "parent: pin p = x;\nparent: get §p = y;": (
        "a new name for a reference (this is a reference of line 3 already) | 'p'"
    ),
    "parent: fork §parent;": (
        "a new name for a process (this is the first process already) | 'parent'"
    ),
    "parent: fork c;\nparent: fork §c;": (
        "a new name for a process (this is a process of line 3 already) | 'c'"
    ),
    "parent: fork §q;": "a new name for a process (this is a process of line 2 already) | 'q'",
    "§child: exit;": "an actor (parent, q, t) | 'child'",
    "parent: fork child;\n§chlid: exit;": (
        "an actor (child, parent, q, t) (did you mean 'child'?) | 'chlid'"
    ),
    "§c: exec;\nparent: fork c;": "a process that exists (c comes at 4) | 'c'",
    "reclaim: swap_out §c.x;\nparent: fork c;": "a process that exists (c comes at 4) | 'c'",
    "par { parent { exec; } §parent { exit; } }": "one column for each actor | 'parent'",
    "par { §}": "a column (ACTOR { ... }) | '}'",
    "par { parent { §} }": "an operation | '}'",
    "§device: write x[0] = 3;": "a process or thread: 'write' needs one | 'device'",
    "§parent: swap_out parent.x;": (
        "device, reclaim, ksmd, lockholder or noise: 'swap_out' is theirs | 'parent'"
    ),
    "reclaim: swap_out x§;": "'.' | ';'",
    "reclaim: swap_out §t.x;": "a process (parent, q) | 't'",
    "reclaim: swap_out parent.§z;": "a page (x, y) | 'z'",
    "q: ptrace_write x§[0] = 3;": "'.' | '['",
    "ksmd: ksm_merge parent.x §parent.x;": "another page than the first | 'parent'",
    "ksmd: ksm_merge parent.x q.x;\nksmd: §ksm_merge parent.x parent.y;": (
        "at most one ksm_merge | 'ksm_merge'"
    ),
    "parent: unpin §p;": "a reference (there is none) | 'p'",
    "parent: pin p1 = x;\nparent: unpin §p;": "a reference (p1) (did you mean 'p1'?) | 'p'",
    "parent: unpin §p;\nparent: pin p = x;": (
        "a reference that is taken before, in every order of events | 'p'"
    ),
    "par { parent { pin p = x write; }\ndevice { dma_in §p[0] = 7; } }": (
        "a reference that is taken before, in every order of events | 'p'"
    ),
    "parent: get p = x;\nparent: unpin §p;": "a reference of pin (this is of get) | 'p'",
    "lockholder: lock p = parent.x;\ndevice: r0 = dma_out §p[0];": (
        "a reference of pin or get or odirect_write_begin (this is of lock) | 'p'"
    ),
    "parent: pin p = x;\nparent: unpin p;\nparent: unpin §p;": (
        "a reference that is held, in every order of events (line 4 ends it) | 'p'"
    ),
    "parent: pin p = x;\npar { parent { unpin p; }\ndevice { r0 = dma_out §p[0]; } }": (
        "a reference that is held, in every order of events (line 4 ends it) | 'p'"
    ),
    "parent: exit;\n§parent: exec;": "an actor that lives (parent exits at line 3) | 'parent'",
    "parent: exit;\n§t: exec;": "an actor that lives (parent exits at line 3) | 't'",
    "parent: exec as a;\nq: exec as §a;": "a new label (line 3 has this one) | 'a'",
    "parent: exec as a;\nq: exec after §b;": "a label (a) | 'b'",
    "parent: exec as one;\nq: exec after §onee;": "a label (one) (did you mean 'one'?) | 'onee'",
    "parent: exec after §a;": "a label (there is none) | 'a'",
    "parent: exec after §a;\nq: exec as a;": (
        "a label of an earlier statement, or of the same par | 'a'"
    ),
    "parent: exec as a after §a;": ("statements that do not wait for each other in a circle | 'a'"),
    "par { parent { exec after §b; exec as a; } q { exec after a; exec as b; } }": (
        "statements that do not wait for each other in a circle | 'b'"
    ),
    "parent: exec as a;\nq: exec after a, §a;": "each label once | 'a'",
    "parent: exec as a §as b;": "';' | 'as'",
    "parent: exec as a;\nq: exec after a §after a;": "';' | 'after'",
    "par { parent { exec; } c { fork §c; } }": "a child that is not its own parent | 'c'",
}


@pytest.mark.parametrize(("program", "message"), STATEMENTS.items())
def test_a_statement(program: str, message: str) -> None:
    assert complain(f"{HEAD}\n{INITIAL}\n{program}\nexists (copies > 0)\n") == message


CONDITIONS = {
    "exists §copies > 0": "'(' | 'copies'",
    "exists (§coppies > 0)": (
        "ACTOR:REGISTER, ACTOR:PAGE[SLOT], REFERENCE[SLOT], a predicate or a counter"
        " (did you mean 'copies'?) | 'coppies'"
    ),
    "exists (parent:§r1 = 0)": "a register that parent sets (r0) | 'r1'",
    "exists (q:§r0 = 0)": "a register that q sets (there is none) | 'r0'",
    "exists (§child:r0 = 0)": "an actor (parent, q, t) | 'child'",
    "exists (parent:x §= 0)": "'[' | '='",
    "exists (§device:x[0] = 0)": "a process or thread (parent, q, t) | 'device'",
    "exists (parent:§z[0] = 0)": "a page (x, y) | 'z'",
    "exists (§h[0] = 0)": "a reference (p) | 'h'",
    "exists (parent:r0 §/\\ copies = 1)": "a comparison (= != < <= > >=) | '/\\'",
    "exists (parent:r0 = §255)": "a value (0 to 254) | '255'",
    "exists (parent:r0 < §segv)": "a number ('segv' has no order) | 'segv'",
    "exists (copies = §segv)": "a number (0 to 9999) | 'segv'",
    "exists (§maped(parent:x))": "a predicate (did you mean 'mapped'?) | 'maped'",
    "exists (mapped(p§))": "':' | ')'",
    "exists (same(parent:x§))": "',' | ')'",
    "exists (same(§h, p))": "a reference (p) | 'h'",
    "exists (held(p§, p))": "')' | ','",
    "exists (alive(§child))": "a process or thread (parent, q, t) | 'child'",
    "exists (harm(§leak))": "one of missed, wrong, unnecessary, broken | 'leak'",
    "~§forall (copies = 0)": "'exists' | 'forall'",
    "exists (copies = 0) §/\\ (copies = 1)": "'expect' or the end of the file | '/\\'",
    'exists (copies = 0) expect §No in * : "s"': "one of Never, Sometimes, Always | 'No'",
    'exists (copies = 0) expect Never §* : "s"': "'in' | '*'",
    'exists (copies = 0) expect Never in §: "s"': "an era, or '*' alone | ':'",
    'exists (copies = 0) expect Never in * §a : "s"': "':' | 'a'",
    'exists (copies = 0) expect Never in a §a : "s"': "each era once | 'a'",
    'exists (copies = 0) expect Never in a : "s" expect Always in b §a : "s"': (
        "one verdict for an era (Never above) | 'a'"
    ),
    'exists (copies = 0) expect Never in a derived §"s"': "':' | \"s\"",
}


@pytest.mark.parametrize(("condition", "message"), CONDITIONS.items())
def test_a_condition(condition: str, message: str) -> None:
    program = "parent: r0 = read x[0];\nparent: pin p = x;"
    assert complain(f"{HEAD}\n{INITIAL}\n{program}\n{condition}\n") == message


HEADS = {
    "§": "'COW' | the end of the file",
    "§cow T": "'COW' | 'cow'",
    "COW §1": "a name | '1'",
    "COW §forall": "a name ('forall' is a word of the language) | 'forall'",
    "COW T §note": "'question' | 'note'",
    "COW T question §why": "a question in quotes | 'why'",
    'COW T question §" "': "words between the quotes | none",
    'COW T question "§\\n"': r"""'\"' or '\\' in a text | '\n'""",
    'COW T question §"a\x1b[0m"': r"characters that print | '\x1b'",
    'COW T question §"a\u202eb"': r"characters that print | '\u202e'",
    'COW T question §"why': "a text that ends with '\"' | the end of the file",
    "COW T §(* why": "a comment that ends with '*)' | the end of the file",
    "COW T §$": "a word or a sign of the language | '$'",
    "COW T\nquestion\t§\0": r"a word or a sign of the language | '\x00'",
    "§\ufeffCOW T": r"a word or a sign of the language | '\ufeff'",
    HEAD + " §nota": "'note', 'ref', 'beside', 'needs' or '{' | 'nota'",
    HEAD + " ref §comit": (
        "one of commit, mail, claim, test, cve, doc (did you mean 'commit'?) | 'comit'"
    ),
    HEAD + " ref commit §70e806": "a commit (7 to 40 digits 0-9 a-f) | '70e806'",
    HEAD + " ref commit §70E806E4E645": "a commit (7 to 40 digits 0-9 a-f) | '70E806E4E645'",
    HEAD + " ref mail §x": "a Message-ID in <> | 'x'",
    HEAD + " ref mail §<x>": "a Message-ID in <> | '<'",
    HEAD + " ref claim §x": "the number of a claim | 'x'",
    HEAD + " ref cve §2016-5195": "a CVE (CVE-2016-5195) | '2016-5195'",
    HEAD + " ref doc §pinning": "a doc by its name, in quotes | 'pinning'",
    HEAD + " beside §T": "another scenario than this one | 'T'",
    HEAD + " beside A §A": "each counterpart once | 'A'",
    HEAD + " beside A beside §A": "each counterpart once | 'A'",
    HEAD + " beside §{": "the name of a counterpart | '{'",
    HEAD + " §{ process q; }": "at least one page in it | '{'",
    HEAD + " { §4 = anon rw 1 2; }": "a page, 'thread', 'process' or '}' | '4'",
    HEAD + " { x = §anno rw 1 2; }": (
        "one of anon, zeropage, file, shmem, ksm, swapped, thp, hugetlb (did you mean 'anon'?)"
        " | 'anno'"
    ),
    HEAD + " { x = anon §wr 1 2; }": "'rw' or 'ro' | 'wr'",
    HEAD + " { x = anon rw 1§; }": "a value (0 to 254) | ';'",
    HEAD + " { x = anon rw 1 §256; }": "a value (0 to 254) | '256'",
    HEAD + " { x = anon rw 1 2 §pte_mapped; }": (
        "a word for anon pages ('pte_mapped' is none) | 'pte_mapped'"
    ),
    HEAD + " { x = anon rw 1 2 §}": (
        "';' or one of pte_mapped, mergeable, readonly_pte, unfaulted, clean, lru_pending | '}'"
    ),
    HEAD + " { x = anon rw 1 2 clean §clean; }": "each word once | 'clean'",
    HEAD + " { x = anon ro 1 2 §readonly_pte; }": (
        "'rw' with 'readonly_pte': an ro mapping has no other entries | 'readonly_pte'"
    ),
    HEAD + " { x = anon rw 0 0 clean §unfaulted; }": (
        "'unfaulted' without 'clean': nothing is mapped yet | 'unfaulted'"
    ),
    HEAD + " { x = zeropage rw §0 1; }": "the content 0 0 of memory that nobody wrote | '0'",
    HEAD + " { x = anon rw §1 2 unfaulted; }": (
        "the content 0 0 of memory that nobody wrote | '1'"
    ),
    HEAD + " { x = anon rw 1 2; } §exists (copies = 0)": (
        "a statement before the condition | 'exists'"
    ),
    HEAD + " { x = anon rw 1 2; thread t §x; }": "'of' | 'x'",
    HEAD + " { x = anon rw 1 2; thread t of §x; } parent: exec; exists (copies = 0)": (
        "a process (parent) | 'x'"
    ),
    HEAD + " { x = anon rw 1 2; §x = anon rw 1 2; } parent: exec; exists (copies = 0)": (
        "a new name for a page (this is a page of line 1 already) | 'x'"
    ),
}


@pytest.mark.parametrize(("text", "message"), HEADS.items())
def test_the_head_and_the_initial_state(text: str, message: str) -> None:
    assert complain(text) == message


def test_an_unreadable_name_is_shown_harmlessly() -> None:
    error = LitmusError("T", 1, 4, "a name", "'\\x1b'", "\tab\x1b[31m")
    assert error.context() == " ab\ufffd[31m\n   ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    text = f"{HEAD} {'(* so *) ' * 400} ?"
    with pytest.raises(LitmusError) as caught:
        parse(text)
    shown, caret = caught.value.context().split("\n")
    assert len(shown) <= 100
    assert shown[len(caret) - 1] == "?"
