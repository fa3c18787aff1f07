"""Bytes to text when the label on the bytes cannot be trusted.

The rule, in order: what was declared; the declared charset with a few damaged
characters; UTF-8; windows-1252; ISO 8859-1, which takes any byte.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

from threadkit.mail.values import Defect

_ALIASES = {
    # Labels that senders use for a larger charset than the one they name: the larger
    # one decodes the smaller, so nothing that is right can become wrong.
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "chinesebig5": "big5hkscs",
    "big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf_7",
    "unicode-1-1-utf-8": "utf_8",
    "utf-8-unicode": "utf_8",
    "ansi_x3.4-1968": "ascii",
    "ansi_x3.110-1983": "latin_1",
}
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_UNSAFE = frozenset({"utf-7"})  # the only text codec of Python that yields lone surrogates
_C1 = bytes(range(0x80, 0xA0))
_UNDEFINED_1252 = b"\x81\x8d\x8f\x90\x9d"
_LABEL_MAX = 60


@lru_cache(maxsize=512)
def _lookup(label: str) -> str | None:
    name = label.strip(" \t'\"").lower()
    name = _ALIASES.get(name, name)
    for attempt in (name, name.replace("cp-", "cp"), name.removeprefix("x-")):
        try:
            found = codecs.lookup(attempt).name
            b"a".decode(found)  # refuses codecs that are not charsets: hex, zlib, rot13
        except UnicodeDecodeError:
            pass
        except (LookupError, ValueError):
            continue
        return None if found in _NO_CHARSETS else found
    return None


def codec_name(label: str) -> str | None:
    """Return Python's name for a charset label, or None if no decoder fits.

    Parameters
    ----------
    label : str
        As found in a mail: any case, quotes and blanks around it are ignored.

    Examples
    --------
    >>> codec_name("UTF8"), codec_name("cp-850"), codec_name("gb2312")
    ('utf-8', 'cp850', 'gb18030')
    >>> codec_name("x-unknown"), codec_name("idna"), codec_name("a" + chr(0))
    (None, None, None)
    """
    return _lookup(label) if len(label) <= _LABEL_MAX else None


def guess(data: bytes) -> tuple[str, str]:
    r"""Decode bytes of unknown charset: UTF-8, else windows-1252, else ISO 8859-1.

    Returns
    -------
    text, charset : str
        The charset is the one that fitted.

    Examples
    --------
    >>> guess("\u00e9".encode()), guess(b"caf\xe9")
    (('é', 'utf-8'), ('café', 'windows-1252'))
    """
    try:
        return data.decode("utf-8"), "utf-8"
    except ValueError:
        pass
    if data.translate(None, _UNDEFINED_1252) == data:
        return data.decode("cp1252"), "windows-1252"
    return data.decode("latin-1"), "iso-8859-1"


def decode(data: bytes, label: str, defects: list[Defect]) -> str:
    r"""Decode the bytes of a text part; never fails.

    Parameters
    ----------
    data : bytes
        The text with its transfer encoding undone.
    label : str
        The declared charset; empty if there was none.
    defects : list of Defect
        Receives what is wrong.

    Returns
    -------
    str
        Without lone surrogates; line ends and NUL as they were.

    Examples
    --------
    >>> found = []
    >>> decode("d\u00e9j\u00e0".encode(), "us-ascii", found), found[0].kind
    ('déjà', 'charset-wrong')
    >>> decode(b"plain", "no-such-charset", [])
    'plain'

    Notes
    -----
    Linear in the size of ``data``; plain ASCII costs one pass whatever the label says,
    but for UTF-7, UTF-16 and the ISO 2022 family, where ASCII bytes mean other things.
    """
    codec = codec_name(label) if label else "ascii"
    if codec is None:
        text, taken = guess(data)
        defects.append(Defect("charset-unknown", f"{label[:40]!r}, taken as {taken}"))
        return text
    try:
        text = data.decode(codec)
    except (LookupError, ValueError):
        return _mislabelled(data, label, codec, defects)
    if codec == "iso8859-1" and not text.isascii() and data.translate(None, _C1) != data:
        text, taken = guess(data)
        defects.append(Defect("charset-wrong", f"{label[:40]}, taken as {taken}"))
    if codec in _UNSAFE:
        return without_surrogates(text, defects)
    return text


def _mislabelled(data: bytes, label: str, codec: str, defects: list[Defect]) -> str:
    """Decode what its own charset refuses."""
    if not label:
        text, taken = guess(data)
        defects.append(Defect("charset-undeclared", f"taken as {taken}"))
        return text
    text, taken = guess(data)
    if taken != "utf-8" and codec != "ascii":
        # A single bad byte in long good text must not turn all of it into mojibake.
        repaired = data.decode(codec, "replace")
        bad = repaired.count("\ufffd")
        good = len(repaired) - len(repaired.encode("ascii", "ignore")) - bad
        if good > 2 * bad:
            defects.append(Defect("charset-wrong", f"{label[:40]}, {bad} characters damaged"))
            return without_surrogates(repaired, defects)
    defects.append(Defect("charset-wrong", f"{label[:40]}, taken as {taken}"))
    return text


def without_surrogates(text: str, defects: list[Defect]) -> str:
    r"""Return ``text`` with lone surrogates replaced by U+FFFD.

    Examples
    --------
    >>> without_surrogates("a\ud800b", [])
    'a�b'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        defects.append(Defect("surrogate-in-text"))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
