-- What somebody has seen, the latest first; and what was done to something.
CREATE INDEX seen_latest ON seen (moderator_id, at_ms);
CREATE INDEX audit_of ON audit (subject, act, at_ms);
