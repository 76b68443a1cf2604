-- What an operator has pulled, or the site itself because nobody was there; without an end only the latter.
CREATE TABLE levers (
    lever TEXT NOT NULL,
    source TEXT NOT NULL,
    set_ms INTEGER NOT NULL,
    until_ms INTEGER,
    moderator_id TEXT,
    PRIMARY KEY (lever, source)
) STRICT;
-- A post that is held and becomes public by itself, from then on; and one whose links are plain words until then.
ALTER TABLE posts ADD COLUMN public_ms INTEGER;
ALTER TABLE posts ADD COLUMN links_ms INTEGER;
-- The lever because of which a case's subject waits.
ALTER TABLE cases ADD COLUMN lever TEXT;
