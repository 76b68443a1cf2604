-- Authorities, trusted flaggers and partners that the operator has registered.
CREATE TABLE parties (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name as it is looked up: capitals are no difference.
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    -- With a space between them.
    languages TEXT NOT NULL,
    contact TEXT NOT NULL,
    -- How its identity was checked, by whom and when; NULL: it was not.
    checked_by TEXT,
    checked_who TEXT,
    checked_ms BIGINT,
    -- Since when it may not file; NULL: it may.
    suspended_ms BIGINT,
    created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX parties_by_name ON parties (name_key);

CREATE TABLE party_keys (
    -- What signatures name.
    id TEXT PRIMARY KEY,
    party_id TEXT NOT NULL REFERENCES parties (id),
    -- Ed25519.
    public_key BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);
CREATE INDEX party_keys_of_party ON party_keys (party_id);

-- A signature is good once.
CREATE TABLE used_nonces (
    key_id TEXT NOT NULL REFERENCES party_keys (id),
    nonce TEXT NOT NULL,
    used_ms BIGINT NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX used_nonces_by_age ON used_nonces (used_ms);

-- What a party asked at one time.
CREATE TABLE filings (
    id TEXT PRIMARY KEY,
    party_id TEXT NOT NULL REFERENCES parties (id),
    receipt_hash BYTEA NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    explanation TEXT NOT NULL,
    -- What an order says beside that, JSON.
    fields TEXT NOT NULL,
    -- JSON: each link as it was sent, and what stood there then.
    links TEXT NOT NULL,
    -- What is wrong with it, with a space between them.
    faults TEXT NOT NULL,
    due_ms BIGINT,
    -- Until when its poster must not be told.
    silent_until_ms BIGINT,
    received_ms BIGINT NOT NULL,
    -- That it cannot be carried out, or what there is of it; and by whom and when that was said. NULL by whom: the machine.
    inability TEXT,
    answer TEXT,
    answered_by TEXT,
    answered_ms BIGINT
);
CREATE UNIQUE INDEX filings_by_receipt ON filings (receipt_hash);
CREATE INDEX filings_of_party ON filings (party_id, received_ms);
CREATE INDEX filings_newest ON filings (received_ms, id);

ALTER TABLE notices ADD COLUMN filing_id TEXT;
CREATE INDEX notices_of_filing ON notices (filing_id);

-- Until when nobody is told of it.
ALTER TABLE decisions ADD COLUMN silent_until_ms BIGINT;

-- Whose they are, of who files for a party.
ALTER TABLE moderators ADD COLUMN party_id TEXT;
