"""What findings rest on besides the rules: the trained models that are shipped."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources

_DIGITS = 12


@cache
def configuration() -> str:
    """Name the models that mails are read with.

    Returns
    -------
    str
        Twelve digits of a hash of all of them: other models, other findings.

    Examples
    --------
    >>> len(configuration())
    12
    """
    folder = resources.files("threadkit.analyze.arguments") / "model"
    digest = sha256()
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".model"):
            digest.update(file.name.encode() + b"\n" + sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:_DIGITS]
