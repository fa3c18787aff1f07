"""Patches that somebody else posts: what they say is their author's word, not the poster's."""

from __future__ import annotations

from dataclasses import replace

from threadkit.analyze.debate.trackers import people
from threadkit.analyze.debate.values import Conversation
from threadkit.analyze.posted import in_body


def authored(conversation: Conversation) -> Conversation:
    r"""Give patches the author that the ``From:`` line at the top of their body names.

    Parameters
    ----------
    conversation : Conversation
        Any; most patches have no such line, and come back as they are.

    Returns
    -------
    Conversation
        What the poster adds below ``---`` passes for the author's, too.

    References
    ----------
    Linux kernel documentation, Submitting patches, "The canonical patch format".
    """
    named = {}
    for mail in conversation.mails:
        if mail.is_patch and "From:" in mail.body:
            inside = in_body(mail.body)
            if inside.email and inside.email.lower() != mail.email.lower():
                named[mail.id] = inside
    if not named:
        return conversation
    known = people(mail for mail in conversation.mails if mail.id not in named)
    mails = []
    for mail in conversation.mails:
        if author := named.get(mail.id):
            name = author.email.lower()
            who = known.get(name) or known.get(author.name) or f"author:{name}"
            mail = replace(mail, person=author.name or name, email=author.email, who=who)
        mails.append(mail)
    return replace(conversation, mails=mails)
