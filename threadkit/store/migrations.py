"""The schema, as an append-only list of migrations.

Never edit a migration that has been released: add the next one. Words and columns
follow the design: Message-IDs and hashes are TEXT, times are ISO 8601 with Z, spans
count characters of the decoded body and end before ``stop`` (``end`` is an SQL keyword).
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from threadkit.store.schema_arguments import M004
from threadkit.store.schema_casebook import M005
from threadkit.store.schema_evidence import M003

migrations = Migrations("threadkit")

APPLICATION_ID = 0x74686B74
"""``thkt``: marks the file as threadkit's (PRAGMA application_id)."""

M001 = """
CREATE TABLE source (                   -- where mail came from
  id INTEGER PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,            -- what the user named, or the file found inside it
  kind TEXT NOT NULL,                  -- mbox, maildir, mh, eml, public-inbox-v1/v2, lore-html/text
  imported_utc TEXT NOT NULL,          -- last import
  tool_version TEXT NOT NULL,          -- of the threadkit that did it
  cursor TEXT,                         -- where an incremental source stopped (a git commit)
  mail_count INTEGER NOT NULL,         -- mails seen in it by the last import
  fetched_utc TEXT, sha256 TEXT, http_status INTEGER -- of a source from the network
);
CREATE TABLE dictionary (               -- zstd dictionaries that raw.data refers to
  id INTEGER PRIMARY KEY, data BLOB NOT NULL
);
CREATE TABLE message (                  -- one mail, however many copies of it came, or a ghost
  id INTEGER PRIMARY KEY,              -- grows with time of arrival; ghosts are negative
  message_id TEXT NOT NULL,            -- without < >
  imposter INTEGER NOT NULL DEFAULT 0, -- 0, or 1.. for other mails with the same Message-ID
  ghost INTEGER NOT NULL DEFAULT 0,    -- 1: referenced, never seen
  derived_id INTEGER NOT NULL DEFAULT 0, -- 1: the mail had no Message-ID
  raw INTEGER,                         -- the preferred copy in raw
  subject TEXT, subject_key TEXT,      -- key: without Re:, list tags and case, for loose matches
  is_reply INTEGER NOT NULL DEFAULT 0, -- 1: the subject says so (Re:, AW: ...)
  from_address INTEGER REFERENCES address(id), -- the first, where there are several
  date_utc TEXT, date_offset_min INTEGER, -- the sender's claim
  received_utc TEXT,                   -- the last hop, for order
  parent INTEGER REFERENCES message(id), parent_rule TEXT, -- what it answers, and how that is known
  root INTEGER REFERENCES message(id), -- of the conversation, through loose matches too
  match TEXT,                          -- strict: by References; loose: by Subject
  flowed INTEGER NOT NULL DEFAULT 0    -- 1: format=flowed, its lines were joined
);
CREATE UNIQUE INDEX message_by_message_id ON message(message_id, imposter);
CREATE INDEX message_by_parent ON message(parent) WHERE parent IS NOT NULL;
CREATE INDEX message_by_root ON message(root);
CREATE INDEX message_by_subject_key ON message(subject_key) WHERE subject_key <> '';
CREATE INDEX message_by_from ON message(from_address, date_utc);
CREATE INDEX message_by_date ON message(date_utc);
CREATE TABLE raw (                      -- every distinct mail as received
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  message INTEGER NOT NULL REFERENCES message(id),
  source INTEGER NOT NULL REFERENCES source(id), locator TEXT, -- byte offset, file name, commit
  list_id TEXT, received_utc TEXT,     -- the list that sent this copy, and when it came
  size_bytes INTEGER NOT NULL,         -- before compression
  dictionary INTEGER REFERENCES dictionary(id), -- NULL: compressed without one
  data BLOB NOT NULL                   -- zstd frame
);
CREATE INDEX raw_by_message ON raw(message);
CREATE VIEW copy AS                     -- one mail through several lists
  SELECT message, raw.id AS raw, list_id, raw.received_utc, raw.sha256, raw.id = m.raw AS preferred
  FROM raw JOIN message m ON m.id = raw.message;
CREATE TABLE body (                     -- the readable text of a mail
  message INTEGER PRIMARY KEY REFERENCES message(id),
  text TEXT NOT NULL                   -- decoded, LF line ends; all spans count its characters
);
CREATE TABLE message_reference (        -- what References and In-Reply-To name
  message INTEGER NOT NULL REFERENCES message(id),
  position INTEGER NOT NULL,           -- oldest first; In-Reply-To has negative positions
  message_id TEXT NOT NULL,            -- whether it is here or not
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE alias (                    -- further Message-IDs of one mail
  message_id TEXT NOT NULL, message INTEGER NOT NULL REFERENCES message(id),
  PRIMARY KEY (message_id, message)
) WITHOUT ROWID;
CREATE TABLE person (                   -- someone, with all of their addresses
  id INTEGER PRIMARY KEY,              -- made anew when addresses are merged
  name TEXT NOT NULL, email TEXT NOT NULL -- those used most
);
CREATE TABLE address (                  -- an address as mails write it
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL, name TEXT NOT NULL, -- name: as displayed, may be empty
  person INTEGER REFERENCES person(id), -- who is behind it
  UNIQUE (email, name)
);
CREATE INDEX address_by_person ON address(person);
CREATE TABLE person_merge (             -- why two addresses are one person
  address INTEGER NOT NULL REFERENCES address(id), other INTEGER NOT NULL REFERENCES address(id),
  rule TEXT NOT NULL, detail TEXT NOT NULL, -- the evidence
  PRIMARY KEY (address, other)
) WITHOUT ROWID;
CREATE TABLE person_apart (             -- same name, and why not one person
  address INTEGER NOT NULL REFERENCES address(id), other INTEGER NOT NULL REFERENCES address(id),
  rule TEXT NOT NULL, detail TEXT NOT NULL, -- what is missing or against it
  PRIMARY KEY (address, other)
) WITHOUT ROWID;
CREATE TABLE setting (                  -- what later imports go by
  name TEXT PRIMARY KEY,               -- mailmap; people: they have to be merged again
  value TEXT NOT NULL                  -- the text of the file; why
) WITHOUT ROWID;
CREATE TABLE recipient (                -- to whom a mail went
  message INTEGER NOT NULL REFERENCES message(id),
  kind TEXT NOT NULL,                  -- to, cc
  position INTEGER NOT NULL,           -- in the order written
  address INTEGER NOT NULL REFERENCES address(id),
  PRIMARY KEY (message, kind, position)
) WITHOUT ROWID;
CREATE TABLE defect (                   -- what is wrong with a mail or a source
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source(id),
  raw INTEGER REFERENCES raw(id),      -- NULL: trouble of the source, no mail came of it
  kind TEXT NOT NULL, detail TEXT NOT NULL -- kind: one of the defect kinds
);
CREATE INDEX defect_by_raw ON defect(raw) WHERE raw IS NOT NULL;
CREATE TABLE attachment (               -- a part of a mail that is not its text
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  filename TEXT NOT NULL, content_type TEXT NOT NULL, -- as the part says; may be empty
  size_bytes INTEGER NOT NULL,         -- decoded
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE block (                    -- covers each body character for character
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- one of the block kinds
  quote_depth INTEGER NOT NULL,        -- 0: own text
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  certain INTEGER NOT NULL DEFAULT 1,  -- 0: a guess (unmarked or rewrapped quotes)
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE quote (                    -- where a quoted passage comes from
  message INTEGER NOT NULL REFERENCES message(id),
  block INTEGER NOT NULL,              -- block.position
  part INTEGER NOT NULL,               -- a passage trimmed in the middle has several
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of the quoting body.text
  source INTEGER REFERENCES message(id), -- NULL: not found, method says why
  source_start INTEGER, source_stop INTEGER, -- characters of the source's body.text
  method TEXT NOT NULL,                -- one of the quote methods
  score REAL NOT NULL,                 -- 0..1: share of the words that match in order
  PRIMARY KEY (message, block, part)
) WITHOUT ROWID;
CREATE INDEX quote_by_source ON quote(source) WHERE source IS NOT NULL;
CREATE TABLE trailer (                  -- Reviewed-by: and its kind
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  name TEXT NOT NULL, value TEXT NOT NULL, -- before and behind the colon
  kind TEXT NOT NULL,                  -- person, reference, utility, other
  followup INTEGER NOT NULL,           -- 1: given in a reply to a patch
  extinfo TEXT NOT NULL DEFAULT '',    -- the [remark] in the line below it
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE INDEX trailer_by_name ON trailer(name);
CREATE TABLE patch (                    -- a posting of a patch or of a cover letter
  message INTEGER PRIMARY KEY REFERENCES message(id),
  prefixes TEXT NOT NULL,              -- as in the subject: "RFC PATCH"
  revision INTEGER NOT NULL, counter INTEGER, expected INTEGER, -- v2 3/7: 2, 3, 7
  patch_id TEXT,                       -- git patch-id --stable; NULL for a cover letter
  change_id TEXT, base_commit TEXT,    -- if the mail names them
  additions INTEGER NOT NULL, deletions INTEGER NOT NULL -- lines
);
CREATE INDEX patch_by_patch_id ON patch(patch_id) WHERE patch_id IS NOT NULL;
CREATE TABLE patch_file (               -- a file that a patch changes
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  path TEXT NOT NULL, additions INTEGER NOT NULL, deletions INTEGER NOT NULL, -- lines
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE INDEX patch_file_by_path ON patch_file(path);
CREATE TABLE citation (                 -- what a mail points at, with the exact words
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- message, commit, bug, cve, release, syzbot, url
  value TEXT NOT NULL,                 -- Message-ID, sha, ... in normal form
  title TEXT NOT NULL DEFAULT '',      -- the subject the writer gave
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE INDEX citation_by_value ON citation(value);
CREATE TABLE overview (                 -- a thread as lore's own page lists it
  source INTEGER NOT NULL REFERENCES source(id), position INTEGER NOT NULL,
  depth INTEGER NOT NULL, parent_position INTEGER, -- depth 0: a root
  date_utc TEXT, author TEXT NOT NULL, subject TEXT NOT NULL, -- date NULL: [not found]
  message_id TEXT,                     -- NULL: the page was plain text
  match TEXT NOT NULL,                 -- strict or loose
  PRIMARY KEY (source, position)
) WITHOUT ROWID;
CREATE VIEW search_text AS              -- what the full-text index holds
  SELECT m.id AS id, coalesce(m.subject, '') AS subject,
    coalesce((SELECT group_concat(piece, '') FROM (
      SELECT substr(b.text, k.start + 1, k.stop - k.start) AS piece FROM block k
      WHERE k.message = m.id AND k.kind <> 'quote' ORDER BY k.position)), '') AS own,
    coalesce((SELECT group_concat(piece, '') FROM (
      SELECT substr(b.text, k.start + 1, k.stop - k.start) AS piece FROM block k
      WHERE k.message = m.id AND k.kind = 'quote' ORDER BY k.position)), '') AS quoted
  FROM message m JOIN body b ON b.message = m.id;
CREATE VIRTUAL TABLE search USING fts5(
  subject, own, quoted, content='search_text', content_rowid='id',
  tokenize="porter unicode61 remove_diacritics 2 tokenchars '_'"
);
CREATE VIEW mail AS                     -- one readable line a message
  SELECT m.id, m.message_id, m.date_utc, a.name AS from_name, a.email AS from_email,
    p.name AS person, m.subject, pm.message_id AS parent, rm.message_id AS root, m.match, m.ghost
  FROM message m LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
  LEFT JOIN message pm ON pm.id = m.parent LEFT JOIN message rm ON rm.id = m.root;
"""

M002 = """
CREATE INDEX alias_by_message ON alias(message);
CREATE TABLE git_commit (               -- a commit of git ("commit" itself is a word of SQL)
  sha TEXT PRIMARY KEY NOT NULL,       -- 40 or 64 hexadecimal digits
  subject TEXT NOT NULL, body TEXT NOT NULL, -- body: the message behind the subject
  author_name TEXT NOT NULL, author_email TEXT NOT NULL, -- who wrote it
  author_utc TEXT, author_offset_min INTEGER, -- when, and how far from UTC
  committer_name TEXT NOT NULL, committer_email TEXT NOT NULL, -- who applied it
  committer_utc TEXT, committer_offset_min INTEGER, -- when, and how far from UTC
  tree TEXT NOT NULL,                  -- empty: not told
  is_merge INTEGER NOT NULL,           -- 1: more than one parent
  release TEXT,                        -- the first release that has it, as its tag says
  mainline TEXT NOT NULL,              -- yes, no, not checked: an ancestor of the mainline?
  checked_against TEXT NOT NULL,       -- the tag or branch looked at; empty: not checked
  origin TEXT NOT NULL,                -- who told the message: a repository's path or URL
  resolved_utc TEXT NOT NULL,          -- when anything about it was last learned
  patch_id TEXT,                       -- git patch-id --stable, as in patch
  additions INTEGER, deletions INTEGER, -- lines; NULL: the diff was not fetched
  raw BLOB,                            -- zstd frame: the object that git hashes; NULL: not told
  diff BLOB                            -- zstd frame: git diff-tree -p; NULL: not fetched, a merge
);
CREATE INDEX git_commit_by_author ON git_commit(author_email, author_utc);
CREATE INDEX git_commit_by_release ON git_commit(release);
CREATE INDEX git_commit_by_subject ON git_commit(subject);
CREATE INDEX git_commit_by_patch_id ON git_commit(patch_id) WHERE patch_id IS NOT NULL;
CREATE TABLE commit_parent (            -- what a commit was made on
  sha TEXT NOT NULL REFERENCES git_commit(sha), position INTEGER NOT NULL,
  parent TEXT NOT NULL,                -- whether it is here or not
  PRIMARY KEY (sha, position)
) WITHOUT ROWID;
CREATE INDEX commit_parent_by_parent ON commit_parent(parent);
CREATE TABLE commit_trailer (           -- Fixes:, Link:, Reported-by: of a commit's message
  sha TEXT NOT NULL REFERENCES git_commit(sha), position INTEGER NOT NULL,
  name TEXT NOT NULL, value TEXT NOT NULL, -- before and behind the colon
  kind TEXT NOT NULL,                  -- person, reference, utility, other
  extinfo TEXT NOT NULL,               -- behind the #, and the [remark] in the line below it
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of git_commit.body
  PRIMARY KEY (sha, position)
) WITHOUT ROWID;
CREATE INDEX commit_trailer_by_name ON commit_trailer(name, value);
CREATE INDEX commit_trailer_by_value ON commit_trailer(value);
CREATE TABLE commit_citation (          -- what a commit's message points at
  sha TEXT NOT NULL REFERENCES git_commit(sha), position INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- message, commit, bug, cve, release, syzbot, url
  value TEXT NOT NULL,                 -- Message-ID, sha, ... in normal form
  title TEXT NOT NULL,                 -- the subject the writer gave
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of git_commit.body
  PRIMARY KEY (sha, position)
) WITHOUT ROWID;
CREATE INDEX commit_citation_by_value ON commit_citation(value);
CREATE TABLE commit_file (              -- a file that a commit changes
  sha TEXT NOT NULL REFERENCES git_commit(sha), position INTEGER NOT NULL,
  path TEXT NOT NULL, additions INTEGER NOT NULL, deletions INTEGER NOT NULL, -- lines
  PRIMARY KEY (sha, position)
) WITHOUT ROWID;
CREATE INDEX commit_file_by_path ON commit_file(path);
CREATE TABLE commit_name (              -- what each origin says of a hash as somebody wrote it
  name TEXT NOT NULL,                  -- the hash of a commit or tag or its beginning, lower case
  origin TEXT NOT NULL,                -- who says so: a repository's path or URL
  state TEXT NOT NULL,                 -- found, ambiguous, not-a-commit, unclear, unknown (to it)
  sha TEXT REFERENCES git_commit(sha), -- of the commit, if found; the name may be its tag's
  checked_utc TEXT NOT NULL,           -- when it said so
  refs TEXT NOT NULL,                  -- of a clone: a hash of its refs then; else empty
  PRIMARY KEY (name, origin)
) WITHOUT ROWID;
CREATE INDEX commit_name_by_sha ON commit_name(sha) WHERE sha IS NOT NULL;
CREATE TABLE commit_candidate (         -- what an ambiguous name could be
  name TEXT NOT NULL, origin TEXT NOT NULL, -- as in commit_name
  sha TEXT NOT NULL, subject TEXT NOT NULL, -- a commit; it need not be here
  PRIMARY KEY (name, origin, sha)
) WITHOUT ROWID;
CREATE VIEW commit_answer AS            -- of what the origins say of a name, the best
  SELECT name, state, sha, origin, checked_utc FROM (
    SELECT n.*, row_number() OVER (PARTITION BY n.name ORDER BY
      CASE n.state WHEN 'found' THEN 0 WHEN 'ambiguous' THEN 1 WHEN 'not-a-commit' THEN 2
      WHEN 'unclear' THEN 3 ELSE 4 END,
      g.mainline IS NOT 'yes', n.checked_utc DESC, n.origin) AS place
    FROM commit_name n LEFT JOIN git_commit g ON g.sha = n.sha)
  WHERE place = 1;
CREATE VIEW cited_commit AS             -- commits that mails cite, and what they turned out to be
  SELECT m.message_id AS mail, coalesce(p.name, a.name, a.email) AS person,
    c.value AS written, c.title, coalesce(n.state, 'not looked up') AS state,
    g.sha, g.subject, g.release, g.mainline
  FROM citation c JOIN message m ON m.id = c.message
  LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
  LEFT JOIN commit_answer n ON n.name = c.value LEFT JOIN git_commit g ON g.sha = n.sha
  WHERE c.kind = 'commit';
CREATE TABLE fetch_queue (              -- what was asked of other machines, and what came of it
  id INTEGER PRIMARY KEY,              -- grows in the order asked for
  kind TEXT NOT NULL,                  -- thread, commit, search, inbox
  name TEXT NOT NULL,                  -- a Message-ID, a hash, a query, a URL
  inbox TEXT NOT NULL, origin TEXT NOT NULL, -- where to ask; empty: wherever one usually does
  state TEXT NOT NULL,                 -- waiting, done, missing, failed, refused, skipped
  depth INTEGER NOT NULL,              -- 0: the user asked for it; else steps of citations
  reach INTEGER NOT NULL,              -- steps of citations to follow from it
  cited_by INTEGER REFERENCES message(id), -- the first mail that cites it
  cited_by_commit TEXT REFERENCES git_commit(sha), -- or the first commit
  wanted_utc TEXT NOT NULL,            -- since when
  attempts INTEGER NOT NULL,           -- times that it was asked for since then
  not_before_utc TEXT,                 -- not to be asked for earlier
  fetched_utc TEXT, url TEXT, http_status INTEGER, -- of the last answer
  sha256 TEXT,                         -- of what came, unpacked
  mail_count INTEGER, added INTEGER,   -- mails of the last answer; those that were new then
  why TEXT NOT NULL,                   -- of the state, in one line
  near TEXT NOT NULL,                  -- Message-IDs that the server offers instead, one a line
  UNIQUE (kind, name, inbox, origin)
);
CREATE INDEX fetch_queue_by_turn ON fetch_queue(depth, id) WHERE state = 'waiting';
CREATE TABLE fetch_host (               -- hosts that have to be left alone for a while
  host TEXT PRIMARY KEY NOT NULL,
  not_before_utc TEXT NOT NULL,        -- nothing is sent to it earlier
  why TEXT NOT NULL                    -- it asked for that, or failed too often
) WITHOUT ROWID;
"""


@migrations()
def m001_foundation(db: Database) -> None:
    """Make the tables of sources, mails, threads, people, quotes, patches and search.

    Parameters
    ----------
    db : Database
        An empty database.
    """
    for statement in _statements(M001):
        db.execute(statement)
    db.execute("INSERT INTO search(search, rank) VALUES ('hashsize', 67108864)")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def m002_fetch(db: Database) -> None:
    """Make the tables of commits, of what was asked of servers, and of resting hosts.

    Parameters
    ----------
    db : Database
        A database with the tables of :func:`m001_foundation`.
    """
    for statement in _statements(M002):
        db.execute(statement)


@migrations()
def m003_evidence(db: Database) -> None:
    """Make the tables of what analyzers conclude about commits, series and regressions.

    Parameters
    ----------
    db : Database
        A database with the tables of :func:`m002_fetch`.
    """
    for statement in _statements(M003):
        db.execute(statement)


@migrations()
def m004_arguments(db: Database) -> None:
    """Make the tables of arguments: units, relations, claims, answers, corrections.

    Parameters
    ----------
    db : Database
        A database with the tables of :func:`m003_evidence`.
    """
    for statement in _statements(M004):
        db.execute(statement)


@migrations()
def m005_casebook(db: Database) -> None:
    """Make the tables of casebooks, scenarios, eras, verdicts and people's colours.

    Parameters
    ----------
    db : Database
        A database with the tables of :func:`m004_arguments`.
    """
    for statement in _statements(M005):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    """Split at the semicolons that end a line (``executescript`` would commit)."""
    found, lines = [], []
    for line in script.splitlines():
        lines.append(line)
        if line.split("--")[0].rstrip().endswith(";"):
            found.append("\n".join(lines).strip().rstrip(";"))
            lines = []
    return found
