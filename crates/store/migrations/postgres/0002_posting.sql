-- An argon2id hash, in its own text form.
ALTER TABLE posts ADD COLUMN password TEXT;
-- How often it may still be opened; NULL: any number of times.
ALTER TABLE posts ADD COLUMN views_left BIGINT;
-- The key of its visitors' passes and of its media's addresses; NULL: open to all. It is drawn anew when the password changes.
ALTER TABLE posts ADD COLUMN seal BYTEA;
CREATE INDEX posts_newest ON posts (listed, created_ms);

ALTER TABLE media ADD COLUMN sensitive BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN upload_id TEXT;
CREATE INDEX media_by_upload_id ON media (upload_id);

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    length BIGINT NOT NULL,
    arrived BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT,
    created_ms BIGINT NOT NULL,
    touched_ms BIGINT NOT NULL
);
CREATE INDEX uploads_by_touch ON uploads (touched_ms);

CREATE TABLE parts (
    upload_id TEXT NOT NULL REFERENCES uploads (id),
    start_byte BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    object_key TEXT NOT NULL,
    PRIMARY KEY (upload_id, start_byte)
);
CREATE INDEX parts_by_key ON parts (object_key);

CREATE TABLE repeats (
    key_hash BYTEA PRIMARY KEY,
    request_hash BYTEA NOT NULL,
    post_id TEXT NOT NULL,
    sealed_secret BYTEA NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX repeats_by_age ON repeats (created_ms);
