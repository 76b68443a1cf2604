-- How often a post was opened.
CREATE TABLE opened (
    post_id TEXT PRIMARY KEY,
    times BIGINT NOT NULL
);
