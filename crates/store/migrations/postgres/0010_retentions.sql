-- Why, and until when, what a decision took away is kept: one row for each ground and each request, never changed.
CREATE TABLE retentions (
    id TEXT PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decisions (id),
    ground TEXT NOT NULL,
    reference TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    -- Who asked for it; NULL: it follows from the decision.
    moderator_id TEXT,
    created_ms BIGINT NOT NULL
);
CREATE INDEX retentions_of_decision ON retentions (decision_id, expires_ms);
INSERT INTO retentions (id, decision_id, ground, reference, expires_ms, moderator_id, created_ms)
    SELECT id, id, 'appeal', 'Regulation (EU) 2022/2065, Article 20(1)', keep_until_ms, NULL, created_ms FROM decisions WHERE action = 'remove';

-- What a decision took away, sealed for keys that are not here.
CREATE TABLE evidence (
    decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
    -- NULL: it was destroyed.
    object_key TEXT,
    -- Of the sealed file.
    sha256 BYTEA NOT NULL,
    size_bytes BIGINT NOT NULL,
    -- Subjects that it holds.
    holds BIGINT NOT NULL,
    -- For whom, with spaces between.
    recipients TEXT NOT NULL,
    sealed_ms BIGINT NOT NULL,
    -- Since when nothing needs it.
    ended_ms BIGINT,
    destroyed_ms BIGINT
);
CREATE INDEX evidence_by_key ON evidence (object_key);
CREATE INDEX evidence_by_time ON evidence (sealed_ms);

-- Since when nothing needs its quarantine.
ALTER TABLE decisions ADD COLUMN ended_ms BIGINT;
