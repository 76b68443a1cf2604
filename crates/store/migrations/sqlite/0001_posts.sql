CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    manage_hash BLOB NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT,
    listed INTEGER NOT NULL,
    sensitive INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    edited_ms INTEGER,
    expires_ms INTEGER,
    revision INTEGER NOT NULL
) STRICT;

CREATE INDEX posts_by_end ON posts (expires_ms);

CREATE TABLE gone (
    post_id TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE media (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id),
    position INTEGER NOT NULL,
    kind TEXT,
    state TEXT NOT NULL,
    name TEXT,
    caption TEXT,
    alt TEXT,
    width INTEGER,
    height INTEGER,
    duration_ms INTEGER,
    thumbhash BLOB,
    progress REAL NOT NULL,
    problem TEXT,
    staged TEXT,
    size_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX media_of_post ON media (post_id, position);
CREATE INDEX media_by_upload ON media (staged);

CREATE TABLE blobs (
    sha256 BLOB PRIMARY KEY,
    object_key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    refs INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX blobs_by_key ON blobs (object_key);

CREATE TABLE files (
    media_id TEXT NOT NULL REFERENCES media (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    sha256 BLOB NOT NULL REFERENCES blobs (sha256),
    content_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    PRIMARY KEY (media_id, name)
) STRICT;
CREATE INDEX files_of_blob ON files (sha256);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    lane TEXT NOT NULL,
    run_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until_ms INTEGER,
    lease_token TEXT,
    dedup_key TEXT,
    last_error TEXT,
    dead INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (lane, dead, run_at_ms);
-- One of a key waits at a time; one that is at work no longer waits.
CREATE UNIQUE INDEX jobs_waiting ON jobs (dedup_key) WHERE lease_token IS NULL AND dead = 0;
