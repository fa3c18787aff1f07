"""Words by what they do: verbs by class and form, adjectives that judge, words that open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def joined(some: Iterable[str]) -> str:
    """Write words as alternatives of a phrase.

    Parameters
    ----------
    some : iterable of str
        The words.

    Examples
    --------
    >>> joined({"b", "a"})
    'a|b'
    """
    return "|".join(sorted(some))


GOOD: Final = _words(
    "acceptable adequate amazing appropriate awesome beautiful beneficial better best"
    " brilliant clean cleaner clear consistent convenient convincing cool correct decent easy"
    " easier efficient elegant excellent fair fantastic fast faster feasible fine flexible"
    " good great happy harmless helpful ideal important interesting legitimate logical lovely"
    " natural neat nice nicer obvious ok okay perfect plausible portable preferable promising"
    " proper reasonable reliable right robust safe safer sane sensible simple simpler smart"
    " solid sound straightforward sufficient superior trivial true useful valid valuable"
    " welcome well worthwhile"
)
BAD: Final = _words(
    "absurd ambiguous annoying arbitrary awful awkward bad bizarre bogus broken buggy bugged"
    " clumsy complex complicated confusing costly crap crappy crazy cumbersome dangerous dead"
    " difficult disgusting dubious dumb error-prone evil excessive expensive false fragile"
    " fundamentally garbage gross hacky hard harmful hideous hopeless horrible horrid horrific"
    " idiotic illegal impossible impractical inaccurate inappropriate incomplete inconsistent"
    " inconvenient incorrect inefficient inelegant inferior insane insecure insufficient"
    " invalid irrelevant lousy meaningless messy misguided misleading moot moronic nasty"
    " nonsense nonsensical obnoxious obscure odd overkill overengineered painful pathetic"
    " pointless poor problematic questionable racy redundant ridiculous risky rubbish sad"
    " scary shit silly sloppy slow slower stale strange stupid suboptimal subtle superfluous"
    " suspicious terrible tricky trash ugly unacceptable unclear undefined undesirable unfair"
    " unfortunate unhelpful unlikely unmaintainable unnecessary unneeded unreadable"
    " unreasonable unrelated unreliable unsafe unstable untrue unusable unusual useless vague"
    " verbose weak weird worse worst worthless wrong"
)
CHANGES: Final = _words(
    "add adjust allow annotate avoid backport bump change clarify clean clear collapse"
    " combine convert copy correct create deduplicate define delete deprecate disable document"
    " drop edit eliminate enable encapsulate expand export expose extend extract factor fix"
    " fold free generalize guard handle hide implement improve include indent initialize"
    " inline insert integrate introduce isolate kill limit list mark merge migrate mention"
    " modify move nuke omit open-code optimize order pass patch place prevent protect put"
    " reduce refactor reformat register relax remove rename reorder reorganize rephrase"
    " replace reserve reset restore restrict restructure reuse revert rework rewrite rip"
    " separate set shorten silence simplify skip sort spell split squash stop store strip swap"
    " switch teach tidy tighten trim turn unify unroll update upgrade use wire wrap"
)
TESTS: Final = _words(
    "analyze audit benchmark bisect boot build capture check compare compile debug diagnose"
    " evaluate examine experiment instrument investigate measure observe profile reproduce"
    " retest retry run test trace try validate verify"
)
SENDS: Final = _words(
    "attach collect cook forward mail paste post prepare provide pull push rebase report"
    " repost resend resubmit respin send share spin submit upload"
)
_CLASSES: Final[dict[str, frozenset[str]]] = {
    "change": CHANGES,
    "test": TESTS,
    "send": SENDS,
    "see": _words(
        "see notice find hit spot discover encounter experience witness catch get recognize"
    ),
    "look": _words("look read grep dig search review study inspect browse scan skim investigate"),
    "think": _words(
        "think believe suspect guess assume suppose imagine reckon doubt feel bet expect hope fear"
        " wonder figure consider wish"
    ),
    "know": _words("know understand remember recall realize realise grok forget learn"),
    "say": _words(
        "say tell ask write suggest propose note claim argue state describe explain comment reply"
        " discuss point answer respond complain call quote refer"
    ),
    "err": _words("miss overlook misread misunderstand mistake confuse screw botch mess"),
    "accept": _words("apply queue take pick accept commit reject nack approve"),
    "agree": _words("agree concur support ack sign like love appreciate enjoy"),
    "object": _words("disagree object oppose hate dislike refuse mind insist"),
    "want": _words("want prefer need require plan intend"),
    "fail": _words(
        "fail crash oops hang panic deadlock corrupt leak race regress break cause trigger warn"
        " stall explode die lose"
    ),
    "show": _words("print return show display output log dump emit indicate prove demonstrate"),
    "mean": _words("mean imply lead result depend allow contain hold ensure guarantee"),
    "happen": _words("work help solve matter happen occur exist remain seem appear belong suffice"),
    "act": _words(
        "give go come keep leave let start begin wait make do call lock unlock map allocate"
        " access fault fork load assign schedule iterate walk loop wake"
    ),
}
MORE_ORDERS: Final = _words(
    "assume be beware bring call care choose cc come consider count cut declare do draw"
    " elaborate ensure enjoy explain expect feel figure file find focus follow forget get give"
    " go grab have hold ignore install keep lay learn leave let load look make maintain name"
    " note notice open pick play please point prefer print quote raise read record refer relax"
    " rely remember replace require respect rest return review say scan see show sleep specify"
    " spend start state stick stay submit suggest suppose take talk tell think throw touch"
    " track treat trust unpack verify view wait wake watch work write"
)
ORDERS: Final = CHANGES | TESTS | SENDS | MORE_ORDERS
"""Verbs, as they stand in orders."""

OBJECTS: Final = _words(
    "the a an it this that these those them your my our its their his any all each every both"
    " one some only no me us him her up out off in into to from with for on about if whether"
    " sure not when by as instead at over under back through what which how why where here"
    " there yourself <ident> <call> <path> <sha> <number> <option> <url> <version> <said> via"
    " using until once before after something everything anything more less another two both"
)
"""What stands behind the verb of an order."""

LEADS: Final = _words(
    "and or also just please instead maybe , - * perhaps now ok 1 2 3 : first second third"
    " next alternatively anyway well again then so but simply better rather finally yes no"
    " yeah still kindly nit nits minor <number> ) ( . + # actually possibly preferably ideally"
    " otherwise additionally furthermore further likewise similarly today hm hmm oh ah right"
    " sorry unfortunately fwiw btw personally"
)
"""Words before the sentence proper."""

SUBORDINATES: Final = _words(
    "if when while although though since because as after before once unless until whenever"
    " given in for with without on at from to by during despite except like assuming instead"
    " considering"
)
"""Words that open a part which ends at a comma, before the sentence proper."""

SUBJECTS: Final = {
    **{word: "i" for word in ("i", "we")}, "you": "you",
    **dict.fromkeys(("he", "she", "they", "somebody", "someone", "people", "one", "who"), "they"),
    **{word: "it" for word in ("it", "that", "this", "these", "those", "which")}, "there": "there",
    **{word: "none" for word in ("nobody", "nothing", "none")},
}  # fmt: skip
"""Pronouns, by person."""

MODALS: Final = _words("will would can could should may might must shall ought cannot")
NEGATIONS: Final = _words("not never no nothing without hardly nobody none neither nor nowhere")

_IRREGULAR: Final[dict[str, str]] = {
    "see": "saw seen", "find": "found", "hit": "hit", "get": "got gotten", "read": "read",
    "catch": "caught", "think": "thought", "bet": "bet", "feel": "felt", "know": "knew known",
    "understand": "understood", "forget": "forgot forgotten", "say": "said", "tell": "told",
    "write": "wrote written", "misread": "misread", "misunderstand": "misunderstood",
    "mistake": "mistook mistaken", "take": "took taken", "mean": "meant", "show": "shown",
    "leave": "left", "lose": "lost", "break": "broke broken", "lead": "led", "give": "gave given",
    "go": "went gone", "come": "came", "keep": "kept", "let": "let", "begin": "began begun",
    "make": "made", "build": "built", "run": "ran", "send": "sent", "resend": "resent",
    "spin": "spun", "respin": "respun", "put": "put", "set": "set", "reset": "reset",
    "split": "split", "rewrite": "rewrote rewritten", "hang": "hung", "hold": "held",
    "hide": "hid hidden",
    "dig": "dug", "teach": "taught", "wake": "woke woken", "spell": "spelt", "do": "did done",
}  # fmt: skip
_DOUBLED: Final = _words(
    "add drop fix grep plan split run hit spot dig get log map skip stop strip swap trim wrap"
    " spin respin submit resubmit put set reset cut begin let bet omit"
) - {"add", "fix"}


def _forms(verb: str) -> Iterator[tuple[str, str]]:
    yield verb, "base"
    stem = verb.removesuffix("e")
    if verb in _DOUBLED:
        stem = verb + verb[-1]
    soft = verb.endswith("y") and verb[-2] not in "aeou"
    if soft:
        yield verb[:-1] + "ies", "s"
    else:
        yield verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "go", "o", "z")) else "s"), "s"
    yield (verb if verb.endswith("ee") else stem) + "ing", "ing"
    if verb in _IRREGULAR:
        for past in _IRREGULAR[verb].split():
            yield past, "past"
    else:
        yield (verb[:-1] + "i" if soft else stem) + "ed", "past"


def verb_forms() -> dict[str, tuple[str, str]]:
    """Return the forms of all verbs: class and ``base``, ``s``, ``ing`` or ``past``.

    Returns
    -------
    dict
        Of a form that two verbs or two tenses share, the first stands; the plain form goes first.

    Examples
    --------
    >>> found = verb_forms()
    >>> found["tried"], found["dropping"], found["saw"], found["prints"]
    (('test', 'past'), ('change', 'ing'), ('see', 'past'), ('show', 's'))
    """
    found: dict[str, tuple[str, str]] = {}
    for name, verbs in _CLASSES.items():
        for verb in sorted(verbs):
            for form, tense in _forms(verb):
                found.setdefault(form, (name, tense))
    return found


_NOUNS: Final[dict[str, str]] = {
    "change": "patch patches series commit commits version versions revision patchset diff change"
    " changes fix merge backport tree branch",
    "code": "code function functions driver drivers kernel api syscall struct lock variable flag"
    " compiler macro helper caller callers field pointer page pages process thread task device"
    " filesystem hardware userspace <call> <ident> <path> <option>",
    "result": "log logs output test tests result results trace report reports bug bugs regression"
    " error errors warning warnings crash numbers number benchmark machine system box splat oops",
    "people": "people user users maintainer maintainers developer developers reviewer reviewers"
    " company companies everyone everybody anybody nobody folks contributor contributors",
    "idea": "idea approach solution problem point question reason goal plan concern alternative"
    " option way thing issue argument proposal suggestion intent intention purpose advantage",
    "text": "mail email message thread list comment changelog documentation description tag tags"
    " link links subject title name document text cover letter comments",
}
NOUNS: Final = {word: name for name, words in _NOUNS.items() for word in words.split()}
"""What a sentence is about, by its subject."""

OPINIONS: Final[dict[str, str]] = {
    **dict.fromkeys(sorted(GOOD), "good"),
    **dict.fromkeys(sorted(BAD), "bad"),
}
