"""Draw mails for a labeller to read, without anybody's labels.

python -m tests.eval.sample --of citations --mails 60 --seed 1 > to-read.txt

The mails are drawn from those that have been labelled already, the same share of every
folder, so that two labellers can be compared; ``--new`` draws from those that have not.
What is printed holds the text of mails: it is for reading, not for keeping.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from tests.eval.corpus import CORPORA, Found, mails
from tests.eval.labels import LABELS, read_labels, read_mails


def stratified(ids: Sequence[str], corpus: Mapping[str, Found], size: int, seed: int) -> list[str]:
    """Draw about the same share of every folder, at least one of each; in corpus order."""
    strata = defaultdict(list)
    for one in ids:
        strata[corpus[one].folder].append(one)
    random = Random(seed)
    drawn = set()
    for members in strata.values():
        share = max(1, round(size * len(members) / len(ids)))
        drawn.update(random.sample(members, min(share, len(members))))
    return [one for one in corpus if one in drawn]


def labelled(of: str) -> list[str]:
    """List the mails that somebody has labelled: all of them, those without findings too."""
    if of == "citations":
        return [row["message_id"] for row in read_mails(LABELS / "citation_mails.jsonl")]
    return [x.message_id for x in read_labels(LABELS / "regressions.jsonl") if x.kind == "report"]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the mails."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.eval.sample")
    parser.add_argument("--of", choices=("citations", "reports"), default="citations")
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--new", action="store_true")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    options = parser.parse_args(argv)
    corpus = mails(options.corpora)
    known = set(labelled(options.of))
    ids = [one for one in corpus if (one in known) != options.new]
    for one in stratified(ids, corpus, options.mails, options.seed):
        mail = corpus[one].mail
        sender = mail.from_[0].name if mail.from_ else ""
        head = f"{'=' * 79}\n{one}\n{mail.date_utc}  {sender}\n{mail.subject}"
        sys.stdout.write(f"{head}\n\n{mail.body}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
