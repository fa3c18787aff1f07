"""Header text: RFC 2047 words, RFC 2231 parameters and raw 8-bit bytes made readable.

Header values arrive as Latin-1 text, one character a byte, so that nothing is lost
before it is known which charset the bytes are in.
"""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from threadkit.mail import charsets
from threadkit.mail.charsets import guess
from threadkit.mail.values import Defect

_CHARSET_MAX = 60
_KINDS = frozenset({"b", "q"})
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def from_raw(value: str, name: str, defects: list[Defect]) -> str:
    r"""Return a header value with raw 8-bit bytes decoded; ASCII comes back as it is.

    Parameters
    ----------
    value : str
        One character a byte.
    name : str
        The header's name, for the defect.
    defects : list of Defect
        Receives ``header-8bit``.

    Examples
    --------
    >>> from_raw("J\xc3\xbcrgen", "from", [])
    'Jürgen'

    References
    ----------
    RFC 6532 allows UTF-8; everything else never was allowed.
    """
    if value.isascii():
        return value
    text, taken = guess(value.encode("latin-1"))
    defects.append(Defect("header-8bit", f"{name}: taken as {taken}"))
    return text


def decode_words(text: str, defects: list[Defect]) -> str:
    """Return ``text`` with its RFC 2047 encoded words decoded.

    Parameters
    ----------
    text : str
        Unfolded header text; words may stand anywhere, even inside quotes or in the
        middle of other text, as broken senders write them.
    defects : list of Defect
        Receives ``encoded-word-damaged``; such a word stays as far as it decodes, or
        as written.

    Returns
    -------
    str
        White space between two encoded words is dropped. Adjacent words of one charset
        are joined before decoding, so that a character split between them survives.

    Examples
    --------
    >>> decode_words("=?utf-8?Q?J=C3?= =?utf-8?Q?=BCrgen?= <j@example.org>", [])
    'Jürgen <j@example.org>'

    Notes
    -----
    Linear in the length of ``text``.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    run = bytearray()  # bytes of adjacent words of one charset
    run_charset = ""
    done = 0
    for start, stop, charset, data in _words(text, defects):
        between = text[done:start]
        if run_charset and (between.strip() or charset != run_charset):
            out.append(_charset_text(bytes(run), run_charset, defects))
            run.clear()
        if between.strip() or not run_charset:
            out.append(between)
        run += data
        run_charset = charset
        done = stop
    if run_charset:
        out.append(_charset_text(bytes(run), run_charset, defects))
    out.append(text[done:])
    return "".join(out)


def _words(text: str, defects: list[Defect]) -> list[tuple[int, int, str, bytes]]:
    """Find the encoded words of ``text``: start, stop, charset, bytes."""
    found = []
    stop = -1
    start = text.find("=?")
    while start >= 0:
        mark = text.find("?", start + 2)
        charset = text[start + 2 : mark] if 0 < mark - start <= _CHARSET_MAX else ""
        kind = text[mark + 1 : mark + 2].lower()
        if not charset or " " in charset or kind not in _KINDS or text[mark + 2 : mark + 3] != "?":
            start = text.find("=?", start + 2)
            continue
        inside = mark + 3
        if stop < inside:  # looked for once, or many unclosed words would cost a square
            stop = text.find("?=", inside)
        again = text.find("=?", inside)
        if stop < 0 or (0 <= again < stop - 1 and " " in text[inside:again]):
            defects.append(Defect("encoded-word-damaged", "not closed"))
            if stop < 0:
                break
            start = again
            continue
        data = _word_bytes(text[inside:stop], kind, defects)
        # RFC 2231 section 5 puts a language behind the charset: us-ascii*en
        found.append((start, stop + 2, charset.partition("*")[0].lower(), data))
        start = text.find("=?", stop + 2)
    return found


def _word_bytes(encoded: str, kind: str, defects: list[Defect]) -> bytes:
    """Undo the B or Q encoding of one word."""
    data = encoded.encode("utf-8")
    if kind == "q":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        pass
    kept = _NOT_BASE64.sub(b"", data)
    if len(kept) % 4 == 1 or kept != data.rstrip(b"= "):
        # Missing padding alone is too common to be worth a word.
        defects.append(Defect("encoded-word-damaged", encoded[:40]))
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _charset_text(data: bytes, charset: str, defects: list[Defect]) -> str:
    """Decode the joined bytes of adjacent words; no NUL, no lone surrogates."""
    problems: list[Defect] = []
    text = charsets.decode(data, charset, problems)
    if problems:
        defects.append(Defect("encoded-word-damaged", f"charset {problems[0].detail}"))
    if "\0" in text:
        defects.append(Defect("nul-in-header"))
        text = text.replace("\0", "\ufffd")
    return text


def header_text(value: str, name: str, defects: list[Defect]) -> str:
    r"""Return free header text as a reader sees it: decoded, white space collapsed.

    Parameters
    ----------
    value : str
        Unfolded, one character a byte.
    name : str
        The header's name, for defects.
    defects : list of Defect
        Receives what is wrong.

    Examples
    --------
    >>> header_text("  Re:\t=?iso-8859-1?q?caf=E9?=  mm ", "subject", [])
    'Re: café mm'
    """
    if not value.isascii() or "=?" in value:
        value = decode_words(from_raw(value, name, defects), defects)
    return " ".join(value.split())


def extended_value(value: str, defects: list[Defect]) -> str:
    """Decode an RFC 2231 value, ``charset'language'percent-encoded``.

    Examples
    --------
    >>> extended_value("utf-8'en'%e2%82%ac%20rates", [])
    '€ rates'
    >>> extended_value("plain", [])
    'plain'
    """
    charset, quote, rest = value.partition("'")
    if not quote or "'" not in rest:
        charset, rest = "utf-8", f"'{value}"
    data = unquote_to_bytes(rest.partition("'")[2])
    return _charset_text(data, charset or "utf-8", defects)
