-- Who may decide.
CREATE TABLE moderators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name as it is looked up: capitals are no difference.
    name_key TEXT NOT NULL,
    role TEXT NOT NULL,
    -- An argon2id hash, in its own text form; NULL: they have none.
    password TEXT,
    -- The key of their codes; NULL: they have none.
    totp BLOB,
    -- SHA-256 of the secret of a link that enrols them, once; NULL: there is none.
    enrol_hash BLOB,
    enrol_until_ms INTEGER,
    -- The key that this link's page offers.
    enrol_totp BLOB,
    -- Since when they may not come in; NULL: they may.
    suspended_ms INTEGER,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX moderators_by_name ON moderators (name_key);
CREATE INDEX moderators_by_link ON moderators (enrol_hash);

CREATE TABLE passkeys (
    -- The credential's own id.
    id BLOB PRIMARY KEY,
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    credential TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX passkeys_of_moderator ON passkeys (moderator_id);

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_moderator ON sessions (moderator_id);
CREATE INDEX sessions_by_age ON sessions (created_ms);

-- What a passkey was asked to sign, until it comes back.
CREATE TABLE challenges (
    token_hash BLOB PRIMARY KEY,
    -- Whose new passkey it is for; NULL: somebody signs in.
    moderator_id TEXT REFERENCES moderators (id),
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX challenges_by_age ON challenges (created_ms);

-- A code is good once.
CREATE TABLE used_codes (
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    step INTEGER NOT NULL,
    PRIMARY KEY (moderator_id, step)
) STRICT;

-- Who did what, and when.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    -- NULL: the command line, or the clock.
    moderator_id TEXT,
    act TEXT NOT NULL,
    -- What it was done to: an id or a name.
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- How often: some acts are only counted.
    times INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_newest ON audit (at_ms, id);
