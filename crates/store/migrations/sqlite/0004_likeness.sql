-- Its words wait: nobody but who manages it sees them.
ALTER TABLE posts ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE TABLE fingerprints (
    post_id TEXT NOT NULL REFERENCES posts (id),
    -- Empty: of the post's words.
    media_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (post_id, media_id, kind)
) STRICT;
CREATE INDEX fingerprints_of_medium ON fingerprints (media_id);

CREATE TABLE banks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_match TEXT NOT NULL,
    matched INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX banks_by_name ON banks (name);

-- What was put into a bank at one time.
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    bank_id TEXT NOT NULL REFERENCES banks (id),
    label TEXT NOT NULL,
    signals INTEGER NOT NULL,
    -- The banks' revision from which on it counts; NULL: it is not all there yet.
    since INTEGER,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX items_of_bank ON items (bank_id);
CREATE INDEX items_by_since ON items (since);

CREATE TABLE signals (
    item_id TEXT NOT NULL REFERENCES items (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- One fingerprint, or a row of hashes of the same size.
    bytes BLOB NOT NULL,
    PRIMARY KEY (item_id, number)
) STRICT;

-- A row for each change of what banks know.
CREATE TABLE bank_changes (
    revision INTEGER PRIMARY KEY,
    -- Something was taken away.
    removes INTEGER NOT NULL
) STRICT;

CREATE TABLE matches (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id),
    media_id TEXT NOT NULL,
    bank_id TEXT NOT NULL REFERENCES banks (id),
    item_id TEXT NOT NULL,
    reading TEXT NOT NULL,
    distance INTEGER,
    confidence REAL NOT NULL,
    on_match TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX matches_of_subject ON matches (post_id, media_id);
CREATE INDEX matches_of_bank ON matches (bank_id, state);
