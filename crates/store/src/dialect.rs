//! The statements that need a text of their own for each engine, side by side.

/// Both texts of a statement about the members of a JSON list: what comes before the list `$1`, and what comes after it. Each engine unfolds a
/// list in its own way.
macro_rules! unfolding {
    ([$($before:tt)+], $after:literal) => {
        [
            concat!($($before)+, "(SELECT value FROM json_each($1))", $after),
            concat!($($before)+, "(SELECT json_array_elements_text($1::json))", $after),
        ]
    };
}

/// How the posts of a JSON array of ids stand: `$1` the array.
pub(crate) const STANDING: [&str; 2] =
    unfolding!(["SELECT id, revision, expires_ms, seal FROM posts WHERE removed IS NULL AND id IN "], "");

/// The media of the posts in the JSON list `$1`, those of each in order.
pub(crate) const MEDIA_OF_POSTS: [&str; 2] = unfolding!([crate::media::media!("WHERE post_id IN ")], " ORDER BY position, id");

/// How sure the surest open match is of each subject in the posts of the JSON list `$1`.
pub(crate) const SURENESSES: [&str; 2] = unfolding!(
    ["SELECT post_id, media_id, max(confidence) FROM matches WHERE state = 'open' AND post_id IN "],
    " GROUP BY post_id, media_id"
);

/// Leases the job that has waited longest: `$1` lane, `$2` now, `$3` end of the lease, `$4` token. SQLite has one writer, so
/// nothing can come between; PostgreSQL skips rows that another worker is just taking.
pub(crate) const LEASE: [&str; 2] = [
    "UPDATE jobs SET attempts = attempts + 1, lease_until_ms = $3, lease_token = $4 WHERE id = (SELECT id FROM jobs WHERE lane = $1 AND dead = 0 AND \
     run_at_ms <= $2 AND (lease_until_ms IS NULL OR lease_until_ms <= $2) ORDER BY run_at_ms, created_ms LIMIT 1) RETURNING id, kind, payload, lane, attempts, last_error",
    "UPDATE jobs SET attempts = attempts + 1, lease_until_ms = $3, lease_token = $4 WHERE id = (SELECT id FROM jobs WHERE lane = $1 AND dead = 0 AND \
     run_at_ms <= $2 AND (lease_until_ms IS NULL OR lease_until_ms <= $2) ORDER BY run_at_ms, created_ms LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, kind, payload, lane, attempts, last_error",
];

/// Those of the keys in the JSON list `$1` that no row names.
pub(crate) const ORPHANS: [&str; 2] = [
    "SELECT value FROM json_each($1) AS listed WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM media WHERE staged = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM parts WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM quarantined WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM restrictions WHERE archive = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM evidence WHERE object_key = listed.value)",
    "SELECT value FROM jsonb_array_elements_text($1::jsonb) AS listed (value) WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM media WHERE staged = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM parts WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM quarantined WHERE object_key = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM restrictions WHERE archive = listed.value) \
     AND NOT EXISTS (SELECT 1 FROM evidence WHERE object_key = listed.value)",
];

/// Small pictures of the posts in the JSON list `$1`, those of each post's first medium first, and its
/// smallest first; a video's still comes before its own frame, and is covered as the video is.
pub(crate) const THUMBNAILS: [&str; 2] = unfolding!(
    ["SELECT m.post_id, f.media_id, f.name, f.width, f.height, coalesce(v.alt, m.alt) FROM media m JOIN files f ON f.media_id = m.id \
     LEFT JOIN media v ON v.id = m.still_of WHERE m.post_id IN "],
    " AND m.state = 'ready' AND m.sensitive = 0 AND coalesce(v.sensitive, 0) = 0 \
     AND (m.still_of IS NULL OR v.state = 'ready') AND f.role IN ('variant', 'poster') AND f.width IS NOT NULL AND f.height IS NOT NULL \
     ORDER BY coalesce(v.position, m.position), coalesce(v.id, m.id), CASE WHEN m.still_of IS NULL THEN 1 ELSE 0 END, f.width, f.content_type"
);

/// The columns of the table `$1` with their types.
pub(crate) const COLUMNS: [&str; 2] = [
    "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
    "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
];

/// Begins to read what is so at one moment, and changes nothing.
pub(crate) const SNAPSHOT: [&str; 2] = ["BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"];

/// All but the local features of the subjects whose numbers are in the JSON list `$1`.
pub(crate) const OF_NUMBERS: [&str; 2] = [
    "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM subjects s JOIN fingerprints f ON f.post_id = s.post_id \
     AND f.media_id = s.media_id WHERE s.number IN (SELECT value FROM json_each($1)) AND f.kind <> 'keypoints' ORDER BY s.number, f.kind",
    "SELECT s.number, s.post_id, s.media_id, f.kind, f.version, f.bytes FROM subjects s JOIN fingerprints f ON f.post_id = s.post_id \
     AND f.media_id = s.media_id WHERE s.number IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text($1::json) AS listed (value)) \
     AND f.kind <> 'keypoints' ORDER BY s.number, f.kind",
];

/// By which decisions the posts of the JSON list `$1`, and media of them, are dark, withheld or covered: what does least first, and of two that do as much
/// the older one.
pub(crate) const RESTRICTED: [&str; 2] = unfolding!(
    ["SELECT r.post_id, r.media_id, r.decision_id FROM restrictions r JOIN decisions d ON d.id = r.decision_id \
     WHERE r.post_id IN "],
    " AND r.state <> 'lifted' AND d.undone_ms IS NULL AND d.action <> 'preserve' \
     ORDER BY CASE d.action WHEN 'remove' THEN 3 WHEN 'withhold' THEN 2 ELSE 1 END, d.created_ms, d.id"
);

/// The decisions of the JSON list `$1`.
pub(crate) const DECISIONS: [&str; 2] = unfolding!(
    [
        "SELECT id, case_id, action, ground, reference, facts, category, source, moderator_id, item_id, quarantine_key, keep_until_ms, blind, commitment, created_ms, policy_version, undone_ms, destroyed_ms, silent_until_ms, countries, composed \
     FROM decisions WHERE id IN "
    ],
    ""
);

/// After a restore subjects' numbers go on from where the clock stands: those after the backup were given before, and files beside the
/// database may still say what they hold.
pub(crate) const RENUMBER: [&str; 2] = [
    "UPDATE sqlite_sequence SET seq = max(seq, CAST(strftime('%s', 'now') AS INTEGER) * 1000) WHERE name = 'subjects'",
    "SELECT setval(pg_get_serial_sequence('subjects', 'number'), \
     greatest((SELECT coalesce(max(number), 1) FROM subjects), CAST(extract(epoch FROM now()) * 1000 AS BIGINT)))",
];

/// PostgreSQL's lock on what banks know, which ends with the change: whatever becomes visible shares it, and a change of the banks has
/// it alone.
pub(crate) const SHARE_BANKS: &str =
    "SELECT pg_advisory_xact_lock_shared(hashtext('handbill banks'), hashtext(CAST(current_schema() AS TEXT)))";
pub(crate) const HAVE_BANKS: &str = "SELECT pg_advisory_xact_lock(hashtext('handbill banks'), hashtext(CAST(current_schema() AS TEXT)))";

/// What a restore remembers of the objects that it has written, for as long as it is connected.
pub(crate) const RESTORED: [&str; 2] = [
    "CREATE TEMP TABLE restored (object_key TEXT PRIMARY KEY, sha256 BLOB NOT NULL) STRICT",
    "CREATE TEMP TABLE restored (object_key TEXT PRIMARY KEY, sha256 BYTEA NOT NULL)",
];

/// PostgreSQL's lock on a site, which its sites share and a restore has alone; it ends with its connection. SQLite's is held by the
/// program, on the directory that the file is in.
pub(crate) const SHARE_SITE: &str =
    "SELECT pg_try_advisory_lock_shared(hashtext('handbill site'), hashtext(CAST(current_schema() AS TEXT)))";
pub(crate) const HAVE_SITE: &str = "SELECT pg_try_advisory_lock(hashtext('handbill site'), hashtext(CAST(current_schema() AS TEXT)))";
