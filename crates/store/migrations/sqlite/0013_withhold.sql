-- Where a decision withholds what it reached: countries with a space between them; empty: everywhere.
ALTER TABLE decisions ADD COLUMN countries TEXT NOT NULL DEFAULT '';
