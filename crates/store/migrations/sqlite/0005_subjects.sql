-- What is known by fingerprints. Each time that these are written they get a new number, and no number is ever used again: files of fingerprints
-- beside the database say by numbers what they hold.
CREATE TABLE subjects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id TEXT NOT NULL REFERENCES posts (id),
    -- Empty: the post's words.
    media_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX subjects_once ON subjects (post_id, media_id);
-- They begin where the clock stands: files that were made beside another database, or before a restore, hold lower ones.
INSERT INTO sqlite_sequence (name, seq) VALUES ('subjects', CAST(strftime('%s', 'now') AS INTEGER) * 1000);
INSERT INTO subjects (post_id, media_id) SELECT DISTINCT post_id, media_id FROM fingerprints ORDER BY post_id, media_id;
