-- The video of the same post that it is the still of: it stands in that video's place before it plays, and never by itself.
ALTER TABLE media ADD COLUMN still_of TEXT;
-- A video has one; NULLs are as many as there are media.
CREATE UNIQUE INDEX media_by_video ON media (still_of);
