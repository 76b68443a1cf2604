-- Somebody, or the operator's rule, holds its subject: no bank's change of mind lets it go.
ALTER TABLE cases ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET held = 1 WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM matches x
    WHERE x.post_id = cases.post_id AND x.media_id = cases.media_id AND x.on_match = 'hold' AND x.state <> 'released')
    AND (EXISTS (SELECT 1 FROM posts p WHERE p.id = cases.post_id AND cases.media_id = '' AND p.held = 1)
    OR EXISTS (SELECT 1 FROM media m WHERE m.id = cases.media_id AND m.state = 'waiting'));

-- Which case takes in what is held for an item, as long as that case is open.
CREATE TABLE case_items (
    item_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL
);
CREATE INDEX case_items_of_case ON case_items (case_id);

-- The decision that settled it; NULL: nobody has, or somebody did without one.
ALTER TABLE matches ADD COLUMN decision_id TEXT;
CREATE INDEX matches_of_decision ON matches (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX matches_of_item ON matches (item_id, on_match, state);
CREATE INDEX members_of_subject ON members (post_id, media_id);
-- What is held, for whoever looks whether all of it is in a case.
CREATE INDEX media_waiting ON media (id) WHERE state = 'waiting';
CREATE INDEX posts_held ON posts (id) WHERE held = 1;

-- Since when its matches are only written down, because they were often wrong; and since when what was found of it counts, because the
-- operator trusted it again.
ALTER TABLE banks ADD COLUMN distrusted_ms BIGINT;
ALTER TABLE banks ADD COLUMN trusted_ms BIGINT;
ALTER TABLE items ADD COLUMN distrusted_ms BIGINT;
ALTER TABLE items ADD COLUMN trusted_ms BIGINT;

-- Whether somebody found an item right: once for each decision, however much that reached, and once for each subject that was kept or let
-- go without one.
CREATE TABLE judgements (
    item_id TEXT NOT NULL REFERENCES items (id),
    bank_id TEXT NOT NULL REFERENCES banks (id),
    -- A decision's id, or a subject's.
    of_what TEXT NOT NULL,
    was_right BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (item_id, of_what)
);
CREATE INDEX judgements_of_bank ON judgements (bank_id);
CREATE INDEX judgements_of ON judgements (of_what);
