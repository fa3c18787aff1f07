"""The tables of casebooks, of the scenarios that their claims point at, and of colours."""

from __future__ import annotations

M005 = """
CREATE TABLE casebook (                 -- a debate that people read and wrote down
  name TEXT PRIMARY KEY NOT NULL,      -- of its folder
  title TEXT NOT NULL, question TEXT NOT NULL, -- what the whole debate is about
  about TEXT NOT NULL, outcome TEXT NOT NULL, -- in our own words
  thread TEXT NOT NULL,                -- Message-ID of a mail of the conversation
  curated_by TEXT NOT NULL, curated_date TEXT NOT NULL, -- who read it, and when
  document TEXT NOT NULL,              -- JSON: all of it, in one canonical form
  sha256 TEXT NOT NULL,                -- of the document
  loaded_utc TEXT NOT NULL, tool_version TEXT NOT NULL -- when it came here, by which threadkit
);
CREATE TABLE casebook_person (          -- somebody who argued
  casebook TEXT NOT NULL REFERENCES casebook(name), key TEXT NOT NULL,
  name TEXT NOT NULL,
  names TEXT NOT NULL,                 -- JSON: other spellings
  about TEXT NOT NULL,
  PRIMARY KEY (casebook, key)
) WITHOUT ROWID;
CREATE TABLE casebook_message (         -- a mail as facts; its text may be in body or not
  casebook TEXT NOT NULL REFERENCES casebook(name), key TEXT NOT NULL, -- Message-ID, or a name
  message_id TEXT,                     -- NULL: known by its URL only
  url TEXT NOT NULL, date_utc TEXT,
  person TEXT NOT NULL,                -- casebook_person.key
  parent TEXT,                         -- key of the mail that it answers
  subject TEXT NOT NULL,
  part TEXT NOT NULL,                  -- thread, before, after
  why TEXT NOT NULL,                   -- what a mail of before or after is here for
  seen INTEGER NOT NULL,               -- 0: nobody who wrote the casebook has read it
  PRIMARY KEY (casebook, key)
) WITHOUT ROWID;
CREATE INDEX casebook_message_by_message_id ON casebook_message(message_id);
CREATE TABLE casebook_question (        -- what claims say yes or no to
  casebook TEXT NOT NULL REFERENCES casebook(name), key TEXT NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL, outcome TEXT NOT NULL, -- in our own words
  PRIMARY KEY (casebook, key)
) WITHOUT ROWID;
CREATE TABLE casebook_claim (           -- what somebody said, in our own words
  casebook TEXT NOT NULL REFERENCES casebook(name), id INTEGER NOT NULL,
  person TEXT NOT NULL,                -- casebook_person.key
  part TEXT NOT NULL,                  -- thread, before, after
  gist TEXT NOT NULL, kind TEXT NOT NULL,
  question TEXT NOT NULL,              -- casebook_question.key
  stand TEXT NOT NULL,                 -- yes, no, depends, asks, other: to that question
  status TEXT NOT NULL, why TEXT NOT NULL, -- open, contested ...; how that is known
  decision TEXT NOT NULL, afterwards TEXT NOT NULL, -- JSON: what became of it; {}: nothing
  sure TEXT NOT NULL,                  -- C by a commit, M by mail, ~ by excerpt, ? concluded
  PRIMARY KEY (casebook, id)
) WITHOUT ROWID;
CREATE TABLE casebook_place (           -- where a claim is said: 0 first, then again
  casebook TEXT NOT NULL, claim INTEGER NOT NULL, position INTEGER NOT NULL,
  message TEXT NOT NULL,               -- casebook_message.key
  url TEXT NOT NULL,
  start INTEGER, stop INTEGER,         -- characters of body.text; NULL: not known
  exact_sha256 TEXT NOT NULL, loose_sha256 TEXT NOT NULL, -- loose: no quote marks, one blank
  unseen TEXT NOT NULL,                -- why the passage is not known
  PRIMARY KEY (casebook, claim, position)
) WITHOUT ROWID;
CREATE INDEX casebook_place_by_message ON casebook_place(message);
CREATE TABLE casebook_stance (          -- how a claim bears on another
  casebook TEXT NOT NULL, claim INTEGER NOT NULL, position INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- supports, attacks, undercuts, agrees, concedes ...
  target INTEGER NOT NULL,             -- casebook_claim.id
  message TEXT NOT NULL,               -- where that is said, if elsewhere than the claim is
  start INTEGER, stop INTEGER, exact_sha256 TEXT NOT NULL, loose_sha256 TEXT NOT NULL,
  PRIMARY KEY (casebook, claim, position)
) WITHOUT ROWID;
CREATE INDEX casebook_stance_by_target ON casebook_stance(casebook, target);
CREATE TABLE casebook_evidence (        -- what is shown for a claim
  casebook TEXT NOT NULL, claim INTEGER NOT NULL, position INTEGER NOT NULL,
  kind TEXT NOT NULL, name TEXT NOT NULL, -- commit, message or url; which
  shows TEXT NOT NULL, whose TEXT NOT NULL, -- speaker, ours
  PRIMARY KEY (casebook, claim, position)
) WITHOUT ROWID;
CREATE TABLE casebook_model (           -- what a run of the model says of a claim
  casebook TEXT NOT NULL, claim INTEGER NOT NULL, position INTEGER NOT NULL,
  scenario TEXT NOT NULL,              -- scenario.name; empty: not modelled
  stance TEXT NOT NULL,                -- supports, refutes, depends, cost, not modelled
  era TEXT NOT NULL,                   -- era.key; empty: not modelled
  expected TEXT NOT NULL,              -- Never, Sometimes, Always; empty: only its costs count
  costs TEXT NOT NULL,                 -- JSON: by name, least and most; {}: do not count
  why TEXT NOT NULL,
  PRIMARY KEY (casebook, claim, position)
) WITHOUT ROWID;
CREATE INDEX casebook_model_by_scenario ON casebook_model(scenario, era);
CREATE TABLE scenario (                 -- a small program with one question, as it was run
  name TEXT PRIMARY KEY,
  question TEXT NOT NULL,
  sha256 TEXT NOT NULL                 -- of its text
) WITHOUT ROWID;
CREATE TABLE era (                      -- a kernel's rules
  key TEXT PRIMARY KEY,
  position INTEGER NOT NULL,           -- in the order of time, then what was never released
  letter TEXT NOT NULL,                -- of base eras; else empty
  title TEXT NOT NULL, kernels TEXT NOT NULL,
  kind TEXT NOT NULL                   -- base, release, stable, proposal, series, counterfactual
) WITHOUT ROWID;
CREATE TABLE verdict (                  -- what came of running a scenario under an era's rules
  scenario TEXT NOT NULL REFERENCES scenario(name), era TEXT NOT NULL REFERENCES era(key),
  engine TEXT NOT NULL,                -- model
  verdict TEXT NOT NULL,               -- Never, Sometimes, Always, unknown, not decided here
  positive INTEGER NOT NULL, negative INTEGER NOT NULL, -- final states: the condition holds, not
  harms TEXT NOT NULL,                 -- JSON: missed, wrong, unnecessary ...
  costs TEXT NOT NULL,                 -- JSON: by name, least and most over all interleavings
  model_version TEXT NOT NULL,
  PRIMARY KEY (scenario, era, engine)
) WITHOUT ROWID;
CREATE VIEW casebook_verdict AS         -- what a casebook says of a run, beside the run
  SELECT m.casebook, m.claim, m.scenario, m.stance, m.era, e.letter, m.expected, v.verdict,
    CASE WHEN m.expected = '' THEN NULL ELSE m.expected = v.verdict END AS agrees, m.why
  FROM casebook_model m LEFT JOIN era e ON e.key = m.era
  LEFT JOIN verdict v ON v.scenario = m.scenario AND v.era = m.era AND v.engine = 'model'
  WHERE m.scenario <> '';
CREATE TABLE person_colour (            -- kept, so that a new page has the colours of the old one
  address TEXT PRIMARY KEY,            -- lower case: a person keeps addresses, no row of person
  colour INTEGER NOT NULL              -- from 1; people of one colour are told apart by name
) WITHOUT ROWID;
"""
