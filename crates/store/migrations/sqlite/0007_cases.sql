-- What somebody decides: one subject with all notices and matches about it.
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL,
    -- Empty: the post as a whole.
    media_id TEXT NOT NULL,
    state TEXT NOT NULL,
    -- All of its rank but the clock.
    weight INTEGER NOT NULL,
    category TEXT,
    due_ms INTEGER,
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX cases_open ON cases (post_id, media_id) WHERE state = 'open';
CREATE INDEX cases_by_weight ON cases (state, weight, opened_ms);
CREATE INDEX cases_by_due ON cases (state, due_ms);

-- What a post said when somebody gave notice of it; once for each state of it. Its media are named, not copied.
CREATE TABLE snapshots (
    post_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    media TEXT NOT NULL,
    taken_ms INTEGER NOT NULL,
    PRIMARY KEY (post_id, version)
) STRICT;

CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    receipt_hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    explanation TEXT NOT NULL,
    name TEXT,
    email TEXT,
    language TEXT,
    -- The state of the post that it was about.
    version INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
-- One for each subject: they share their receipt.
CREATE INDEX notices_by_receipt ON notices (receipt_hash);
CREATE INDEX notices_of_case ON notices (case_id, created_ms);

-- What else is like the subject of a case.
CREATE TABLE members (
    case_id TEXT NOT NULL REFERENCES cases (id),
    post_id TEXT NOT NULL,
    media_id TEXT NOT NULL,
    reading TEXT NOT NULL,
    confidence REAL NOT NULL,
    -- A decision is for it too.
    taken INTEGER NOT NULL,
    PRIMARY KEY (case_id, post_id, media_id)
) STRICT;

CREATE TABLE decisions (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    action TEXT NOT NULL,
    ground TEXT NOT NULL,
    reference TEXT NOT NULL,
    facts TEXT NOT NULL,
    category TEXT,
    source TEXT NOT NULL,
    -- NULL: at the command line.
    moderator_id TEXT,
    -- What was put into a bank for it.
    item_id TEXT,
    -- The key of its quarantine; NULL: it was destroyed, or there never was one.
    quarantine_key TEXT,
    -- Until when it may be undone and complained of; its quarantine is kept until then.
    keep_until_ms INTEGER NOT NULL,
    -- For the public record: what it commits to is found with the blind alone.
    blind BLOB NOT NULL,
    commitment BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    undone_ms INTEGER,
    destroyed_ms INTEGER
) STRICT;
CREATE INDEX decisions_of_case ON decisions (case_id, created_ms);
CREATE INDEX decisions_by_time ON decisions (created_ms);
CREATE INDEX decisions_by_end ON decisions (keep_until_ms);

-- What a decision did to each subject.
CREATE TABLE restrictions (
    decision_id TEXT NOT NULL REFERENCES decisions (id),
    post_id TEXT NOT NULL,
    media_id TEXT NOT NULL,
    -- How a medium stood before; empty: a post.
    before TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The object that holds what was taken out of the rows.
    archive TEXT,
    PRIMARY KEY (decision_id, post_id, media_id)
) STRICT;
CREATE INDEX restrictions_of_subject ON restrictions (post_id, media_id);
CREATE INDEX restrictions_by_archive ON restrictions (archive);

-- Bytes in quarantine: encrypted with the key of their decision.
CREATE TABLE quarantined (
    decision_id TEXT NOT NULL REFERENCES decisions (id),
    sha256 BLOB NOT NULL,
    object_key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (decision_id, sha256)
) STRICT;
CREATE INDEX quarantined_by_key ON quarantined (object_key);

CREATE TABLE appeals (
    id TEXT PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decisions (id),
    post_id TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    due_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    answered_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX appeals_of_post ON appeals (decision_id, post_id);
CREATE INDEX appeals_open ON appeals (state, due_ms);

-- The decision that took it away.
ALTER TABLE posts ADD COLUMN removed TEXT;
ALTER TABLE media ADD COLUMN removed TEXT;
