-- Every policy that was ever in force. What stands here is never changed.
CREATE TABLE policies (
    version INTEGER PRIMARY KEY,
    -- Whose it is: what came with the software, or the operator's own.
    origin TEXT NOT NULL,
    -- Over all its texts: two policies that say the same have the same.
    digest BLOB NOT NULL,
    -- Since when it was in force: until the next one was.
    since_ms INTEGER NOT NULL
) STRICT;

-- A policy in one language, as it was written.
CREATE TABLE policy_texts (
    version INTEGER NOT NULL REFERENCES policies (version),
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (version, language)
) STRICT;

-- Which policy was in force; NULL: it was made before they were kept.
ALTER TABLE decisions ADD COLUMN policy_version INTEGER;

-- What was written to somebody by mail, or waits to be.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What it is about: the id of a notice or of a reply.
    subject TEXT NOT NULL,
    -- The decision that it tells of; empty: none.
    about TEXT NOT NULL,
    -- NULL: it is not needed any more.
    recipient TEXT,
    language TEXT,
    -- The receipt that it carries, until it has arrived.
    receipt TEXT,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    -- The codes of the server's last answer, and nothing of its words.
    answer TEXT,
    created_ms INTEGER NOT NULL,
    done_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX mails_once ON mails (kind, subject, about);
CREATE INDEX mails_to ON mails (recipient, created_ms);
CREATE INDEX mails_by_end ON mails (state, done_ms);
CREATE INDEX notices_with_address ON notices (case_id) WHERE email IS NOT NULL;
