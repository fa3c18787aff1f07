"""Display names and addresses in a normal form, for telling people apart."""

from __future__ import annotations

import re
import unicodedata

_FREEMAIL = """
gmail.com outlook.com hotmail.com live.com yahoo.com aol.com icloud.com me.com msn.com  gmx.de
gmx.net gmx.com web.de t-online.de posteo.de mailbox.org fastmail.com free.fr gmane.org  proton.me
protonmail.com zoho.com mail.ru yandex.ru qq.com 163.com 126.com sina.com  foxmail.com aliyun.com
naver.com orange.fr wanadoo.fr users.noreply.github.com
"""
FREEMAIL = frozenset(_FREEMAIL.split())
"""Providers that strangers share, so that a common domain says nothing."""

_COMMON = """
wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo zheng  liang
xie tang song deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye  cheng wei su
lu ding ren yao shen zhong cui tan lei fan jin shi kim lee park choi jung kang  cho yoon jang lim
chung nguyen tran le pham hoang phan vu dang bui smith johnson williams  brown jones miller davis
wilson anderson taylor thomas moore martin jackson thompson white  harris clark lewis walker hall
allen young king wright scott green baker adams nelson hill  campbell mitchell roberts carter
phillips evans turner parker collins edwards stewart  singh kumar sharma gupta patel khan ali
ahmed shah jain reddy rao das roy verma mishra  müller muller mueller schmidt schneider fischer
weber meyer wagner becker schulz hoffmann  garcia rodriguez martinez lopez gonzalez hernandez
perez sanchez silva santos rossi  tanaka suzuki sato takahashi watanabe yamamoto ivanov smirnov
petrov kuznetsov  hansen andersen nielsen jensen larsen olsen johansson andersson karlsson
"""
COMMON = frozenset(_COMMON.split())
"""Surnames, and first names as frequent: a full name with one of these is not evidence that two addresses are one person."""

_ROLE_WORDS = """
admin administrator all announce automation autotest autobuild bot bugs bugzilla builder  buildbot
ci committer contact cron cve daemon devel developers devs discuss donotreply  gerrit github
gitlab group help info infra intern jenkins kernel linux list lists lkml  maintainer maintainers
majordomo mail mailer mailing nobody noreply notification  notifications owner patch patches
patchwork postmaster project qa reviews robot root  security server service stable subscribe
support syzbot sysadmin team test tests tree  undisclosed unsubscribe user users via webmaster
"""
_ROLES = frozenset(_ROLE_WORDS.split())
_SHARED = frozenset({"notifications", "notification", "noreply", "no-reply", "donotreply"})
_TITLES = frozenset(("dr", "prof", "mr", "mrs", "ms", "jr", "sr", "ii", "iii", "iv", "phd"))
_PLAIN = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
_DIGIT = re.compile(r"\d")
_VIA = re.compile(r"\s+via\s+\S.*$", re.IGNORECASE)
_FOR = re.compile(r"^(\S*(?:bot|robot)\S*) for \S.*$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_GITHUB_NOREPLY = re.compile(r"^\d+\+([^@]+@users\.noreply\.github\.com)$")


def display(name: str) -> str:
    """Return a name as people write it: no company, no list, first name first.

    Parameters
    ----------
    name : str
        A display name of a mail header.

    Returns
    -------
    str
        Empty if it is only an address.

    Examples
    --------
    >>> display("Doe, Jane (ACME)"), display("Jane Doe via Lists"), display("tip-bot2 for Joe")
    ('Jane Doe', 'Jane Doe', 'tip-bot2')
    """
    clean = " ".join(name.replace('"', " ").split()).strip("' ")
    if _PLAIN.fullmatch(clean):
        return clean
    if "@" in clean and " " not in clean:
        return ""
    clean = _FOR.sub(r"\1", _VIA.sub("", clean)).strip("' ")
    shorter = " ".join(_ASIDE.sub(" ", clean).split()) or clean
    last, comma, first = shorter.partition(", ")
    is_turned = comma and "," not in first and 1 <= len(last.split()) <= 2
    if is_turned and first[:1].isupper() and first.lower().strip(". ") not in _TITLES | {"inc"}:
        return f"{first} {last}"
    return shorter


def full_name(name: str) -> tuple[str, ...]:
    """Return the words of a person's full name, folded; empty if it is none.

    At least two words of two letters; titles, initials, accents and case do not count.
    Names of roles, lists and robots are none.

    Parameters
    ----------
    name : str
        A display name of a mail header.

    Returns
    -------
    tuple of str
        At least two words in lower case, or none.

    Examples
    --------
    >>> full_name("Jané Q. Doe"), full_name("kernel test robot"), full_name("Jane")
    (('jane', 'doe'), (), ())
    """
    plain = display(name).casefold()
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in parts if not unicodedata.combining(c))
    if _DIGIT.search(plain):
        return ()
    words = [w for w in _WORD.findall(plain) if len(w) > 1 and w not in _TITLES]
    if len(words) < 2 or not _ROLES.isdisjoint(words) or any(w.endswith("bot") for w in words):
        return ()
    return tuple(words)


def is_relayed(name: str, email: str) -> bool:
    """Say whether a list or a service speaks here for the person that is named.

    Parameters
    ----------
    name : str
        The display name.
    email : str
        The address.

    Returns
    -------
    bool
        True if the address is not the writer's own.

    Examples
    --------
    >>> is_relayed("Jane Doe via Lists", "dev@lists.example.org")
    True
    >>> is_relayed("Jane Doe", "notifications@github.com"), is_relayed("Jane Doe", "jd@x.org")
    (True, False)
    """
    if " via " not in name.lower() and email.partition("@")[0].lower() not in _SHARED:
        return False
    return bool(full_name(name))


def mailbox(email: str) -> str:
    """Return the mailbox an address is delivered to, in lower case.

    Parameters
    ----------
    email : str
        The address as written.

    Returns
    -------
    str
        Two addresses with one mailbox reach one person.

    Examples
    --------
    >>> mailbox("Jane+Lists@Example.org"), mailbox("j.doe@googlemail.com")
    ('jane@example.org', 'jdoe@gmail.com')
    >>> mailbox("syzbot+0123abcd@bot.example.org")
    'syzbot@bot.example.org'

    References
    ----------
    RFC 5233 (subaddressing).
    """
    lower = email.strip().casefold()
    noreply = _GITHUB_NOREPLY.match(lower)
    if noreply:
        return noreply[1]
    local, at, domain = lower.rpartition("@")
    if not at:
        return lower
    base, plus, tag = local.partition("+")
    if plus and base and tag:
        local = base
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def is_role(email: str) -> bool:
    """Say whether an address belongs to a task, a list or a robot.

    Parameters
    ----------
    email : str
        The address as written.

    Returns
    -------
    bool
        True if no person need be behind it.

    Examples
    --------
    >>> is_role("linux-mm@kvack.org"), is_role("syzbot@example.org"), is_role("jane@example.org")
    (True, True, False)
    """
    words = re.split(r"[^a-z]+", email.partition("@")[0].lower())
    return any(word in _ROLES or word.endswith("bot") for word in words)


def organisation(email: str) -> str:
    """Return the domain that one organisation runs, or ``""`` for one that strangers share.

    Parameters
    ----------
    email : str
        The address as written.

    Returns
    -------
    str
        The registered domain, in lower case.

    Examples
    --------
    >>> organisation("a@lists.example.org"), organisation("a@b.ac.uk"), organisation("a@gmail.com")
    ('example.org', 'b.ac.uk', '')
    """
    domain = email.rpartition("@")[2].lower()
    labels = domain.split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    family = ".".join(labels[-3:] if second else labels[-2:])
    return "" if FREEMAIL & {domain, family} or family.startswith("yahoo.") else family


def spelled(words: tuple[str, ...]) -> frozenset[str]:
    """Return the usual local parts for a full name, without separators.

    Parameters
    ----------
    words : tuple of str
        A full name, as :func:`full_name` gives it.

    Returns
    -------
    frozenset of str
        In lower case.

    Examples
    --------
    >>> sorted(spelled(("jane", "doe")))
    ['doe', 'doej', 'doejane', 'jane', 'janed', 'janedoe', 'jdoe']
    """
    first, last = words[0].replace("-", ""), words[-1].replace("-", "")
    every = "".join(words).replace("-", "")
    initials = "".join(word[0] for word in words)
    forms = {first + last, last + first, first[0] + last, first + last[0], last + first[0]}
    forms |= {first, last, every, every.replace("'", "").replace("\u2019", "")}
    return frozenset(forms | ({initials} if len(initials) > 2 else set()))


def local_part(email: str) -> str:
    """Return what stands before the @, in lower case, as the owner wrote it.

    Parameters
    ----------
    email : str
        The address as written.

    Returns
    -------
    str
        Without the hash that gmane put behind it.

    Examples
    --------
    >>> local_part("Jane@example.org"), local_part("jane-HgOvQuBEEgTQT0dZR+AlfA@public.gmane.org")
    ('jane', 'jane')
    """
    local, _, domain = email.rpartition("@")
    if domain == "public.gmane.org":  # gmane hid addresses behind a hash of the domain
        local = local.rpartition("-")[0] or local
    return local.lower()


def spells(local: str, words: tuple[str, ...]) -> bool:
    """Say whether the local part of an address is made from the name.

    Parameters
    ----------
    local : str
        A local part in lower case.
    words : tuple of str
        A full name, as :func:`full_name` gives it.

    Returns
    -------
    bool
        True if digits at its end are all that differs.

    Examples
    --------
    >>> spells("jane.doe2", ("jane", "doe")), spells("xx", ("jane", "doe"))
    (True, False)
    """
    return re.sub(r"[^a-z]", "", local) in spelled(words)
