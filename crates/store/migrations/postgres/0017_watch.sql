-- One row: who looks after the site, and whether anybody does.
CREATE TABLE watch (
    id BIGINT PRIMARY KEY,
    -- When a node looked at the site's state last: one does it for all.
    looked_ms BIGINT NOT NULL,
    -- When an operator was seen last.
    seen_ms BIGINT NOT NULL,
    -- Since when nobody is at home, and why; NULL: somebody is.
    away_since_ms BIGINT,
    away_why TEXT,
    -- The operator came back although the queue is too long: that counts no more until it has been short again.
    waived BIGINT NOT NULL
);

-- How much came in an hour (UTC): numbers, and nothing of who sent it.
CREATE TABLE hours (
    hour_ms BIGINT NOT NULL,
    what TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (hour_ms, what)
);

-- What the operator was told of, or will be.
CREATE TABLE alarms (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- An id or a closed word; empty: the site.
    subject TEXT NOT NULL,
    number BIGINT NOT NULL,
    raised_ms BIGINT NOT NULL,
    -- NULL: it is still so, and is not told again.
    ended_ms BIGINT,
    -- With what it was told; NULL: it waits for the end of the quiet hours.
    telling_id TEXT
);
CREATE UNIQUE INDEX alarms_standing ON alarms (kind, subject) WHERE ended_ms IS NULL;
CREATE INDEX alarms_of_telling ON alarms (telling_id);
CREATE INDEX alarms_by_time ON alarms (raised_ms);

-- What the operator is told at one time. Its mails stand among the others.
CREATE TABLE tellings (
    id TEXT PRIMARY KEY,
    -- How it stands with the webhook.
    hook TEXT NOT NULL,
    tries BIGINT NOT NULL,
    -- Its last answer: a status, or a word for what happened.
    answer TEXT,
    created_ms BIGINT NOT NULL,
    done_ms BIGINT
);
CREATE INDEX tellings_by_time ON tellings (created_ms);

CREATE INDEX matches_by_time ON matches (created_ms);
