-- The notice of the same case whose words it says once more, or nearly; NULL: they are its own.
ALTER TABLE notices ADD COLUMN echo_of TEXT;
-- What a party filed in its own name was not its own: it counts for nothing.
ALTER TABLE notices ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE filings ADD COLUMN withdrawn_ms INTEGER;

-- Since when its notices come when anybody's do, because they were often wrong; and since when what was found of them counts, because the
-- operator trusted it again.
ALTER TABLE parties ADD COLUMN distrusted_ms INTEGER;
ALTER TABLE parties ADD COLUMN trusted_ms INTEGER;

-- How much it would have reached, where that was more than the operator lets anything reach unseen: it only counts until somebody confirms it.
ALTER TABLE items ADD COLUMN waits INTEGER;
ALTER TABLE items ADD COLUMN confirmed_ms INTEGER;
