-- Who has a case open on their screen, and until when that counts.
CREATE TABLE claims (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_of_moderator ON claims (moderator_id);

-- What somebody has passed over, and until when it is not brought to them again.
CREATE TABLE passed_over (
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    case_id TEXT NOT NULL REFERENCES cases (id),
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (moderator_id, case_id)
) STRICT;
CREATE INDEX passed_over_by_end ON passed_over (until_ms);

-- What those who decide tell each other about a case.
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    -- To whom the case was handed over with it; NULL: to nobody.
    given_to TEXT REFERENCES moderators (id),
    words TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_of_case ON notes (case_id, created_ms);

-- Hashes of what somebody looked at or decided on, by which it is known again. They say nothing of what it shows.
CREATE TABLE seen (
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    hash BLOB NOT NULL,
    known TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (moderator_id, hash)
) STRICT;
CREATE INDEX seen_by_age ON seen (at_ms);

-- What somebody did in a day: media looked at, media decided on without a look, cases decided.
CREATE TABLE days (
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    day INTEGER NOT NULL,
    looks INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    decided INTEGER NOT NULL,
    PRIMARY KEY (moderator_id, day)
) STRICT;

-- What the operator has set for everybody who decides: one row.
CREATE TABLE desk (
    one INTEGER PRIMARY KEY,
    -- How many media somebody may look at in a day; NULL: as many as they like.
    looks_a_day INTEGER
) STRICT;

-- Who shall decide it; NULL: anybody.
ALTER TABLE cases ADD COLUMN assigned TEXT;
CREATE INDEX cases_assigned ON cases (state, assigned, weight DESC, opened_ms) WHERE assigned IS NOT NULL;

-- What the form that decided it was known by, so that sent twice it decides once.
ALTER TABLE decisions ADD COLUMN token TEXT;
CREATE UNIQUE INDEX decisions_by_token ON decisions (token) WHERE token IS NOT NULL;
CREATE INDEX decisions_of_moderator ON decisions (moderator_id, created_ms);

-- What those who decide ask whoever gave notice, and what they answer under their receipt.
CREATE TABLE questions (
    notice_id TEXT PRIMARY KEY REFERENCES notices (id),
    moderator_id TEXT NOT NULL REFERENCES moderators (id),
    words TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    answer TEXT,
    answered_ms INTEGER
) STRICT;

-- As cases come: the first ones that fit end the search.
DROP INDEX cases_by_weight;
CREATE INDEX cases_by_weight ON cases (state, weight DESC, opened_ms);
CREATE INDEX cases_of_post ON cases (post_id, opened_ms);
CREATE INDEX notices_by_kind ON notices (kind, case_id);
