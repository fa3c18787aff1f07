"""The tables of what analyzers conclude about commits, series and regressions."""

from __future__ import annotations

M003 = """
CREATE TABLE run (                      -- one time that an analyzer went over the database
  id INTEGER PRIMARY KEY,
  analyzer TEXT NOT NULL,              -- mails, links, series, regressions ...
  version TEXT NOT NULL,               -- of its rules; findings of another version are replaced
  inputs TEXT NOT NULL,                -- a fingerprint of what it read
  started_utc TEXT NOT NULL, finished_utc TEXT, -- NULL: broken off
  read_count INTEGER NOT NULL, found_count INTEGER NOT NULL -- mails or commits; findings
);
CREATE INDEX run_by_analyzer ON run(analyzer);
CREATE TABLE analyzed (                 -- which mails an analyzer has read, as they are now
  analyzer TEXT NOT NULL, message INTEGER NOT NULL REFERENCES message(id),
  run INTEGER NOT NULL REFERENCES run(id),
  PRIMARY KEY (analyzer, message)
) WITHOUT ROWID;
CREATE INDEX analyzed_by_message ON analyzed(message);
CREATE TABLE signal (                   -- a passage of a mail that bears on a regression
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  kind TEXT NOT NULL,                  -- regzbot, syz, report, works, fails, culprit, fix ...
  value TEXT NOT NULL, detail TEXT NOT NULL, -- see threadkit.analyze.regressions.values
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text; 0, 0: the subject
  rule TEXT NOT NULL, score REAL NOT NULL, -- the rule that fired, and how sure it is
  mood TEXT NOT NULL,                  -- said, negated, hypothetical, asked
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE INDEX signal_by_kind ON signal(kind);
CREATE TABLE citation_role (            -- what a mail cites a commit for
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL, -- as in citation
  run INTEGER NOT NULL REFERENCES run(id),
  role TEXT NOT NULL,                  -- supports, blames, reverts, backports, history, mentions
  rule TEXT NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE commit_mail (              -- which mails became a commit, or are its discussion
  sha TEXT NOT NULL REFERENCES git_commit(sha),
  message_id TEXT NOT NULL,            -- whether it is here or not
  kind TEXT NOT NULL,                  -- becomes, discusses; candidate: one of several
  rule TEXT NOT NULL, score REAL NOT NULL, detail TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  PRIMARY KEY (sha, message_id, rule)
) WITHOUT ROWID;
CREATE INDEX commit_mail_by_message_id ON commit_mail(message_id);
CREATE TABLE series (                   -- one change, however often it was posted
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  key TEXT NOT NULL UNIQUE,            -- Message-ID of its first posting
  title TEXT NOT NULL, author TEXT NOT NULL, email TEXT NOT NULL, -- who posted it, and how last
  change_id TEXT,                      -- if its mails carry one
  fate TEXT NOT NULL,                  -- merged, applied, partly ..., superseded, dropped, unknown
  why TEXT NOT NULL,                   -- how that is known
  rule TEXT NOT NULL, score REAL NOT NULL, -- of the fate
  sha TEXT, release TEXT               -- of its last merged patch, if merged
);
CREATE TABLE revision (                 -- one posting of a series
  series INTEGER NOT NULL REFERENCES series(id), position INTEGER NOT NULL, -- in order of time
  revision INTEGER NOT NULL, label TEXT NOT NULL, -- N of vN; as people write it: RFC v2, v3.5
  kind TEXT NOT NULL,                  -- posting, resend, reroll: some patches of one again
  title TEXT NOT NULL,                 -- of the cover letter, or of its first patch
  message_id TEXT NOT NULL,            -- of the cover letter, or of its first patch
  root TEXT NOT NULL,                  -- of the conversation it stands in
  posted_utc TEXT, expected INTEGER NOT NULL, -- patches that it says it has
  rule TEXT NOT NULL, score REAL NOT NULL, -- how it was found to be of this series
  fate TEXT NOT NULL, why TEXT NOT NULL, -- as in series
  fate_rule TEXT NOT NULL, fate_score REAL NOT NULL, -- how that is known
  fate_message_id TEXT,                -- the mail that says so, or the newer posting
  fate_start INTEGER NOT NULL, fate_stop INTEGER NOT NULL, -- characters of its body.text
  PRIMARY KEY (series, position)
) WITHOUT ROWID;
CREATE INDEX revision_by_message_id ON revision(message_id);
CREATE TABLE revision_patch (           -- a patch, or the cover letter, of a posting
  message INTEGER PRIMARY KEY REFERENCES message(id),
  series INTEGER NOT NULL REFERENCES series(id), revision INTEGER NOT NULL, -- revision.position
  counter INTEGER NOT NULL,            -- 0: the cover letter
  sha TEXT                             -- the commit that it became
);
CREATE INDEX revision_patch_by_series ON revision_patch(series, revision);
CREATE TABLE series_candidate (         -- what a series may go on with, not sure enough to join
  series INTEGER NOT NULL REFERENCES series(id),
  earlier INTEGER NOT NULL REFERENCES series(id),
  rule TEXT NOT NULL, score REAL NOT NULL, -- what speaks for it
  PRIMARY KEY (series, earlier)
) WITHOUT ROWID;
CREATE INDEX series_candidate_by_earlier ON series_candidate(earlier);
CREATE TABLE regression (               -- something that worked, and then did not
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  key TEXT NOT NULL UNIQUE,            -- Message-ID of its first report; else hash of its fix
  title TEXT NOT NULL,
  culprit TEXT NOT NULL,               -- as written: a hash, A..B, or empty
  culprit_sha TEXT,                    -- of the one commit, if it is known
  works TEXT NOT NULL, fails TEXT NOT NULL, -- releases, one a line
  state TEXT NOT NULL, why TEXT NOT NULL, -- open, to_be_fixed, fixed, resolved, inconclusive
  reported_utc TEXT, fixed_utc TEXT, last_utc TEXT, -- last: of any activity
  score REAL NOT NULL,
  origin TEXT NOT NULL,                -- mail, commit, curated
  tracked INTEGER NOT NULL,            -- 1: by commands of regression tracking
  backburner INTEGER NOT NULL,         -- 1: tracking expects nothing soon
  reporters TEXT NOT NULL, bisectors TEXT NOT NULL, testers TEXT NOT NULL, -- one a line
  duplicates TEXT NOT NULL,            -- Message-IDs of reports that are the same, one a line
  mechanisms TEXT NOT NULL,            -- by what it breaks, one a line
  delays TEXT NOT NULL                 -- JSON: days from one step to the next
);
CREATE INDEX regression_by_culprit ON regression(culprit_sha);
CREATE TABLE regression_report (        -- a mail that reports it
  regression INTEGER NOT NULL REFERENCES regression(id), position INTEGER NOT NULL,
  message_id TEXT NOT NULL,            -- whether it is here or not
  utc TEXT, person TEXT NOT NULL, email TEXT NOT NULL, subject TEXT NOT NULL,
  here INTEGER NOT NULL,               -- 0: others name it
  PRIMARY KEY (regression, position)
) WITHOUT ROWID;
CREATE INDEX regression_report_by_message_id ON regression_report(message_id);
CREATE TABLE regression_culprit (       -- what broke it; several if a fix names several
  regression INTEGER NOT NULL REFERENCES regression(id), position INTEGER NOT NULL,
  name TEXT NOT NULL, sha TEXT,        -- as written; of the one commit, if it is known
  title TEXT NOT NULL, why TEXT NOT NULL, -- why the commit is not known
  said_by TEXT NOT NULL,               -- Message-ID, or hash of a commit
  source TEXT NOT NULL, score REAL NOT NULL, -- command, trailer, bisection, prose, curated
  PRIMARY KEY (regression, position)
) WITHOUT ROWID;
CREATE INDEX regression_culprit_by_sha ON regression_culprit(sha) WHERE sha IS NOT NULL;
CREATE TABLE regression_fix (           -- what is to end it
  regression INTEGER NOT NULL REFERENCES regression(id), position INTEGER NOT NULL,
  name TEXT NOT NULL,                  -- hash, Message-ID or title
  sha TEXT, message_id TEXT, title TEXT NOT NULL, -- the commit; the posted patch
  status TEXT NOT NULL,                -- named, proposed, committed, merged, undone, superseded
  release TEXT NOT NULL, mainline TEXT NOT NULL,
  posted_utc TEXT, merged_utc TEXT,
  closes INTEGER NOT NULL,             -- 1: it ends the regression once it is merged
  rule TEXT NOT NULL, score REAL NOT NULL,
  backports TEXT NOT NULL,             -- hashes of the same change elsewhere, one a line
  PRIMARY KEY (regression, position)
) WITHOUT ROWID;
CREATE INDEX regression_fix_by_sha ON regression_fix(sha) WHERE sha IS NOT NULL;
CREATE TABLE regression_maybe (         -- another that could be the same
  regression INTEGER NOT NULL REFERENCES regression(id), position INTEGER NOT NULL,
  key TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (regression, position)
) WITHOUT ROWID;
CREATE TABLE regression_event (         -- what happened to a regression, with the passage
  regression INTEGER NOT NULL REFERENCES regression(id), position INTEGER NOT NULL,
  utc TEXT,
  kind TEXT NOT NULL,                  -- report, culprit, fix, duplicate, merged, role, link ...
  message_id TEXT, sha TEXT,           -- the mail or commit that says so
  person TEXT NOT NULL, value TEXT NOT NULL, detail TEXT NOT NULL,
  start INTEGER, stop INTEGER,         -- characters of the mail's body.text or the commit's body
  rule TEXT NOT NULL, score REAL NOT NULL,
  source TEXT NOT NULL,                -- command, trailer, bisection, prose, curated, commit
  state TEXT NOT NULL,                 -- of the regression after this
  PRIMARY KEY (regression, position)
) WITHOUT ROWID;
CREATE INDEX regression_event_by_message_id ON regression_event(message_id);
CREATE TABLE prediction (               -- a warning that something will break
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  message_id TEXT NOT NULL,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  person TEXT NOT NULL, utc TEXT,
  target TEXT NOT NULL,                -- hash of the commit that it is about, or a Message-ID
  mechanisms TEXT NOT NULL,            -- by what it would break, one a line
  outcome TEXT NOT NULL,               -- came true, weak, another way, not seen, cannot be told
  regression INTEGER REFERENCES regression(id),
  why TEXT NOT NULL, rule TEXT NOT NULL, score REAL NOT NULL
);
CREATE VIEW cited_message AS            -- mails that mails point at, and whether they are here
  SELECT m.message_id AS mail, coalesce(p.name, a.name, a.email) AS person,
    c.value AS cited, c.start, c.stop,
    CASE WHEN t.id IS NULL THEN 'not here' WHEN t.ghost THEN 'only referenced' ELSE 'here' END
      AS state, t.subject, t.date_utc
  FROM citation c JOIN message m ON m.id = c.message
  LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
  LEFT JOIN message t ON t.id = coalesce(
    (SELECT x.id FROM message x WHERE x.message_id = c.value AND x.imposter = 0),
    (SELECT x.message FROM alias x WHERE x.message_id = c.value))
  WHERE c.kind = 'message';
"""
