"""format=flowed: soft line breaks joined, so that a paragraph is a line again."""

from __future__ import annotations


def unflow(text: str, delsp: bool) -> str:
    r"""Join the flowed lines of a text, quote depth by quote depth.

    Parameters
    ----------
    text : str
        The decoded body, LF line ends.
    delsp : bool
        True if the mail says ``DelSp=yes``: the space before a soft break is not text.

    Returns
    -------
    str
        Space-stuffing undone; quote marks written ``> `` or ``>> ``.

    Examples
    --------
    >>> unflow("> a long \n> line\nmy \nanswer\n-- \nJane\n", False)
    '> a long line\nmy answer\n-- \nJane\n'

    Notes
    -----
    Linear. Empty lines end a paragraph even behind a soft break, and lines of blanks alone
    are never joined: they are context lines of patches.

    References
    ----------
    RFC 3676 sections 4.1 to 4.5.
    """
    out: list[str] = []
    paragraph: list[str] = []
    open_depth = -1  # quote depth of the paragraph that waits for its next line

    def close() -> None:
        """Write the waiting paragraph out as one line."""
        if paragraph:
            marks = ">" * open_depth + " " if open_depth else ""
            out.append(marks + "".join(paragraph))
            paragraph.clear()

    lines = text.split("\n")
    last = lines.pop()
    if last:
        lines.append(last)
    for line in lines:
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if content[:1] == " " and (depth or content[1:2] != ">"):
            content = content[1:]  # but own text that starts with > must not become a quote
        if paragraph and (depth != open_depth or not content or content == "-- "):
            close()
        open_depth = depth
        if content[-1:] == " " and content != "-- " and not content.isspace():
            paragraph.append(content[:-1] if delsp else content)
        else:
            # Most lines end here at once; keep them away from the join.
            paragraph.append(content)
            if depth and not content and len(paragraph) == 1:
                out.append(">" * depth)
                paragraph.clear()
            else:
                close()
    close()
    joined = "\n".join(out)
    return joined if last or not out else joined + "\n"
