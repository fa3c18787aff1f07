"""The tables of what analyzers conclude about arguments, and of what people correct in it."""

from __future__ import annotations

M004 = """
CREATE TABLE mail_reading (             -- what came of reading a mail for arguments
  message INTEGER PRIMARY KEY REFERENCES message(id),
  run INTEGER NOT NULL REFERENCES run(id),
  language TEXT NOT NULL,              -- en; other: left alone; none: too few words to tell
  note TEXT NOT NULL                   -- what was left out, and why
);
CREATE TABLE unit (                     -- a sentence or clause of an author's own words
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  label TEXT NOT NULL,                 -- claim, evidence, proposal, decision, concession ...
  secondary TEXT NOT NULL,             -- a second move in the same unit
  kind TEXT NOT NULL,                  -- of a claim: mechanism, guarantee, performance ...
  score REAL NOT NULL, rule TEXT NOT NULL, -- how sure the label is, and what decided
  hedge TEXT NOT NULL, irony TEXT NOT NULL, -- the words that weaken it, that make it doubtful
  passage INTEGER NOT NULL,            -- passage.position that it answers; -1: none
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE passage (                  -- a quotation with own words right under it
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of the quoting body.text
  depth INTEGER NOT NULL,              -- of its last lines
  stance TEXT NOT NULL,                -- of the words under it: agree, disagree, mixed ...
  score REAL NOT NULL, rule TEXT NOT NULL,
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE unit_relation (            -- how a unit bears on something, as its mail tells
  message INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  unit INTEGER NOT NULL,               -- unit.position
  kind TEXT NOT NULL,                  -- support, attack, undercut, answer, ask, agree, concede
  target TEXT NOT NULL,                -- unit, quote, patch
  first INTEGER NOT NULL, last INTEGER NOT NULL, -- unit.position; characters of the quotation
  score REAL NOT NULL, rule TEXT NOT NULL,
  PRIMARY KEY (message, position)
) WITHOUT ROWID;
CREATE TABLE debate (                   -- a conversation whose arguments were put together
  root INTEGER PRIMARY KEY REFERENCES message(id),
  run INTEGER NOT NULL REFERENCES run(id),
  version TEXT NOT NULL,               -- of the rules that did it
  inputs TEXT NOT NULL,                -- a fingerprint of what was read
  unplaced TEXT NOT NULL               -- JSON: why relations have no place, how many
);
CREATE TABLE spoken_by (                -- whose words a mail has, where that is not its sender
  message INTEGER PRIMARY KEY REFERENCES message(id), -- a patch of another, a tracker's comment
  who TEXT NOT NULL,                   -- person:ID if that is known; equal for one person
  person TEXT NOT NULL, email TEXT NOT NULL
);
CREATE TABLE claim_number (             -- c1, c2 ...: kept, so that a name stays what it names
  key TEXT PRIMARY KEY,                -- of each place: its Message-ID, hash of the passage
  number INTEGER NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE TABLE claim (                    -- something that somebody says and others may dispute
  id TEXT PRIMARY KEY,                 -- c and its number
  key TEXT NOT NULL,                   -- Message-ID of its first place, hash of the passage
  root INTEGER NOT NULL REFERENCES message(id), -- of the conversation
  run INTEGER NOT NULL REFERENCES run(id),
  message INTEGER REFERENCES message(id), -- where it was said first; NULL: added by hand
  unit INTEGER NOT NULL,               -- unit.position there
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text there
  person TEXT NOT NULL, email TEXT NOT NULL, -- who said it first
  holder TEXT NOT NULL,                -- whose view it is, if it is told of another
  utc TEXT,                            -- when it was said first
  kind TEXT NOT NULL,                  -- mechanism, guarantee, performance, history, proposal ...
  status TEXT NOT NULL,                -- open, contested, conceded, upheld, withdrawn, unanswered
  why TEXT NOT NULL,                   -- how the status is known
  gist TEXT NOT NULL,                  -- in our own words, by hand; empty: the passage itself
  score REAL NOT NULL, rule TEXT NOT NULL,
  state TEXT NOT NULL                  -- automatic, candidate, accepted, rejected
);
CREATE INDEX claim_by_root ON claim(root);
CREATE INDEX claim_by_message ON claim(message, unit);
CREATE TABLE claim_span (               -- a place where a claim is said, first and again
  claim TEXT NOT NULL REFERENCES claim(id), position INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES message(id), unit INTEGER NOT NULL,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  exact_sha256 TEXT NOT NULL, loose_sha256 TEXT NOT NULL, -- loose: no quote marks, one blank
  rule TEXT NOT NULL, score REAL NOT NULL, -- why it is the same claim
  PRIMARY KEY (claim, position)
) WITHOUT ROWID;
CREATE INDEX claim_span_by_message ON claim_span(message, unit);
CREATE TABLE relation (                 -- how a unit bears on a unit, of whatever mail
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL REFERENCES message(id),
  run INTEGER NOT NULL REFERENCES run(id),
  kind TEXT NOT NULL,                  -- support, attack, undercut, answer, ask, agree, concede
  message INTEGER NOT NULL REFERENCES message(id), unit INTEGER NOT NULL, -- who bears
  claim TEXT,                          -- of that unit, if it is one
  target_message INTEGER NOT NULL REFERENCES message(id), -- on what
  target_unit INTEGER,                 -- NULL: the patch that target_message is
  target_claim TEXT,                   -- of that unit, if it is one
  score REAL NOT NULL, rule TEXT NOT NULL,
  state TEXT NOT NULL                  -- automatic, candidate, accepted, rejected
);
CREATE INDEX relation_by_root ON relation(root);
CREATE INDEX relation_by_claim ON relation(claim) WHERE claim IS NOT NULL;
CREATE INDEX relation_by_target ON relation(target_claim) WHERE target_claim IS NOT NULL;
CREATE INDEX relation_by_unit ON relation(message, unit);
CREATE INDEX relation_by_target_unit ON relation(target_message, target_unit);
CREATE TABLE point (                    -- something that calls for an answer
  message INTEGER NOT NULL REFERENCES message(id), unit INTEGER NOT NULL,
  root INTEGER NOT NULL REFERENCES message(id),
  run INTEGER NOT NULL REFERENCES run(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  kind TEXT NOT NULL,                  -- question, request, objection, claim
  outcome TEXT NOT NULL,               -- answered, taken up, own, no direct reply
  score REAL NOT NULL, rule TEXT NOT NULL, -- of the outcome
  state TEXT NOT NULL,                 -- of the unit: automatic, candidate, accepted, rejected
  PRIMARY KEY (message, unit)
) WITHOUT ROWID;
CREATE INDEX point_by_root ON point(root);
CREATE TABLE point_answer (             -- what answers a point, or takes it up elsewhere
  message INTEGER NOT NULL, unit INTEGER NOT NULL, position INTEGER NOT NULL,
  by_message INTEGER NOT NULL REFERENCES message(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of its body.text
  how TEXT NOT NULL,                   -- under the quotation, to the mail, own, elsewhere
  rule TEXT NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (message, unit, position)
) WITHOUT ROWID;
CREATE INDEX point_answer_by ON point_answer(by_message);
CREATE VIEW question AS                 -- what was asked; text ends where it has a NUL
  SELECT p.message, p.unit, p.root, p.start, p.stop, p.outcome, p.score, p.rule, p.state,
    m.message_id, substr(b.text, p.start + 1, p.stop - p.start) AS text
  FROM point p JOIN message m ON m.id = p.message JOIN body b ON b.message = p.message
  WHERE p.kind = 'question';
CREATE TABLE decision (                 -- applied, NAK, dropped ...: what somebody settled
  root INTEGER NOT NULL REFERENCES message(id), position INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  message INTEGER NOT NULL REFERENCES message(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, -- characters of body.text
  kind TEXT NOT NULL,                  -- applied, merged, nak, dropped, deferred, will ...
  person TEXT NOT NULL, email TEXT NOT NULL, utc TEXT,
  about TEXT NOT NULL,                 -- Message-ID or hash of what it settles; may be empty
  detail TEXT NOT NULL,
  score REAL NOT NULL, rule TEXT NOT NULL,
  state TEXT NOT NULL,                 -- automatic, candidate, accepted, rejected
  PRIMARY KEY (root, position)
) WITHOUT ROWID;
CREATE INDEX decision_by_message ON decision(message);
CREATE TABLE claim_scenario (           -- a scenario of the model that tests a claim
  claim TEXT NOT NULL, scenario TEXT NOT NULL,
  stance TEXT NOT NULL,                -- tests, supports, refutes, not modelled
  why TEXT NOT NULL,
  origin TEXT NOT NULL,                -- curated, suggested
  score REAL NOT NULL,
  PRIMARY KEY (claim, scenario)
) WITHOUT ROWID;
CREATE TABLE correction (               -- what a person says of a finding; it wins over analyzers
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,                -- the finding, by Message-ID and hash of the passage
  field TEXT NOT NULL,                 -- state, label, kind, gist, join, split, relation ...
  value TEXT NOT NULL,                 -- empty: there is none
  note TEXT NOT NULL,
  person TEXT NOT NULL, utc TEXT NOT NULL, -- who said so, and when
  origin TEXT NOT NULL,                -- edit, review, file, argdown, aif
  unmet TEXT NOT NULL DEFAULT '',      -- why it changes nothing, if no finding answers to it
  UNIQUE (target, field)
);
"""
