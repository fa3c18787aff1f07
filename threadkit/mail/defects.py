"""Everything that can be wrong with a mail, by name: the closed list of defect kinds.

Examples
--------
>>> DEFECT_KINDS["date-missing"]
'there is no Date'
"""

from __future__ import annotations

from typing import Final

DEFECT_KINDS: Final[dict[str, str]] = {
    "address-malformed": "an address has no local part or no domain; kept as far as it reads",
    "base64-damaged": "base64 with stray or missing characters; what could be decoded is kept",
    "boundary-missing": "a multipart names no boundary; read as one text",
    "boundary-not-found": "the boundary that a multipart names never occurs; read as one text",
    "boundary-unclosed": "a multipart ends without its closing boundary",
    "charset-undeclared": "8-bit text without a charset; UTF-8 or else windows-1252 was taken",
    "charset-unknown": "the charset has no decoder; UTF-8 or else windows-1252 was taken",
    "charset-wrong": "the text is not in the charset it declares",
    "content-type-malformed": "Content-Type is not type/subtype; text/plain was taken",
    "date-implausible": "Date lies before 1980, after 2099 or over ten years from Received",
    "date-malformed": "Date is there and cannot be read",
    "date-missing": "there is no Date",
    "date-obsolete": "Date has a two- or three-digit year",
    "date-zone-malformed": "the zone of Date is out of range or garbled; UTC was taken",
    "date-zone-missing": "Date has no zone; UTC was taken",
    "date-zone-unknown": "the zone of Date is a name without an agreed offset; UTC was taken",
    "defects-cut": "so many defects that only the first were kept",
    "encoded-word-damaged": "an RFC 2047 word whose charset or encoding is broken",
    "from-missing": "there is no From",
    "header-8bit": "raw 8-bit bytes in a header; UTF-8 or else windows-1252 was taken",
    "header-duplicate": "a header that may stand once stands again; the first was taken",
    "header-malformed": "a line among the headers that is no header; skipped",
    "header-separator-missing": "no empty line between headers and body",
    "headers-too-many": "one header stands over 10,000 times; the rest of them was not read",
    "html-damaged": "HTML that no parser reads; its tags were cut out",
    "mail-empty": "no header and no body",
    "message-id-malformed": "a Message-ID without brackets or with white space; cleaned",
    "message-id-missing": "no Message-ID; one was derived from the content",
    "message-id-several": "more than one Message-ID; the first is the name, all are kept",
    "message-id-too-long": "a Message-ID longer than 244 characters; cut",
    "nesting-too-deep": "multiparts nested beyond 100 levels; the rest is listed as attachment",
    "nul-in-header": "NUL bytes in the headers; shown as U+FFFD",
    "nul-in-text": "NUL bytes in the body; shown as U+FFFD",
    "parts-too-many": "more than 10,000 MIME parts; the rest stands as one",
    "quoted-printable-damaged": "quoted-printable with bad escapes; they stand as written",
    "received-malformed": "Received headers without any plausible time",
    "reference-malformed": "In-Reply-To or References names something that is no Message-ID; dropped",
    "reference-self": "In-Reply-To or References names the mail itself; dropped",
    "surrogate-in-text": "lone surrogates in the text; shown as U+FFFD",
    "transfer-encoding-unknown": "an unknown Content-Transfer-Encoding; taken as 8bit",
    "uuencode-damaged": "broken uuencoded text; what could be decoded is kept",
}
"""Kind of defect -> what it means and what was done about it."""
