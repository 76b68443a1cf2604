CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    manage_hash BYTEA NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT,
    listed BIGINT NOT NULL,
    sensitive BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    edited_ms BIGINT,
    expires_ms BIGINT,
    revision BIGINT NOT NULL
);

CREATE INDEX posts_by_end ON posts (expires_ms);

CREATE TABLE gone (
    post_id TEXT PRIMARY KEY,
    since_ms BIGINT NOT NULL
);

CREATE TABLE media (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id),
    position BIGINT NOT NULL,
    kind TEXT,
    state TEXT NOT NULL,
    name TEXT,
    caption TEXT,
    alt TEXT,
    width BIGINT,
    height BIGINT,
    duration_ms BIGINT,
    thumbhash BYTEA,
    progress DOUBLE PRECISION NOT NULL,
    problem TEXT,
    staged TEXT,
    size_bytes BIGINT NOT NULL
);
CREATE INDEX media_of_post ON media (post_id, position);
CREATE INDEX media_by_upload ON media (staged);

CREATE TABLE blobs (
    sha256 BYTEA PRIMARY KEY,
    object_key TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    refs BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX blobs_by_key ON blobs (object_key);

CREATE TABLE files (
    media_id TEXT NOT NULL REFERENCES media (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    sha256 BYTEA NOT NULL REFERENCES blobs (sha256),
    content_type TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    PRIMARY KEY (media_id, name)
);
CREATE INDEX files_of_blob ON files (sha256);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    lane TEXT NOT NULL,
    run_at_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until_ms BIGINT,
    lease_token TEXT,
    dedup_key TEXT,
    last_error TEXT,
    dead BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (lane, dead, run_at_ms);
-- One of a key waits at a time; one that is at work no longer waits.
CREATE UNIQUE INDEX jobs_waiting ON jobs (dedup_key) WHERE lease_token IS NULL AND dead = 0;
