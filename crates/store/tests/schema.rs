//! The two engines' migrations say the same thing.

use std::collections::BTreeSet;

use store::Db;

/// `table.column` with what it may hold: the types are each engine's own words for the same four kinds.
fn kind(declared: &str) -> &'static str {
    match declared.to_uppercase().as_str() {
        "TEXT" => "text",
        "INTEGER" | "BIGINT" => "integer",
        "REAL" | "DOUBLE PRECISION" => "real",
        "BLOB" | "BYTEA" => "bytes",
        other => panic!("{other} is no type that both engines have"),
    }
}

async fn of_sqlite(db: &Db) -> BTreeSet<String> {
    let Db::Sqlite { read, .. } = db else { panic!("not SQLite") };
    let columns: Vec<(String, String, String, bool, i64)> = sqlx::query_as(
        "SELECT t.name, c.name, c.type, c.\"notnull\" OR c.pk > 0, c.pk FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'",
    )
    .fetch_all(read)
    .await
    .unwrap();
    let indexes: Vec<(String, String, bool, String, bool)> = sqlx::query_as(
        "SELECT t.name, i.name, i.\"unique\", (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)), i.partial \
         FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'",
    )
    .fetch_all(read)
    .await
    .unwrap();
    let keys: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT t.name, f.\"from\", f.\"table\", f.\"to\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    )
    .fetch_all(read)
    .await
    .unwrap();
    facts(columns, indexes, keys)
}

async fn of_postgres(db: &Db) -> BTreeSet<String> {
    let Db::Postgres { pool, .. } = db else { panic!("not PostgreSQL") };
    let columns: Vec<(String, String, String, bool, i64)> = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'NO', coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k \
         JOIN information_schema.table_constraints t ON t.constraint_name = k.constraint_name AND t.constraint_type = 'PRIMARY KEY' \
         WHERE k.table_name = c.table_name AND k.column_name = c.column_name), 0)::bigint \
         FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let indexes: Vec<(String, String, bool, String, bool)> = sqlx::query_as(
        "SELECT t.relname::text, i.relname::text, x.indisunique, (SELECT string_agg(a.attname, ',' ORDER BY n.place) FROM unnest(x.indkey) WITH ORDINALITY n (number, place) \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = n.number), x.indpred IS NOT NULL \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace \
         WHERE s.nspname = 'public' AND NOT x.indisprimary AND t.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let keys: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT t.relname::text, a.attname::text, r.relname::text, b.attname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    facts(columns, indexes, keys)
}

fn facts(
    columns: Vec<(String, String, String, bool, i64)>,
    indexes: Vec<(String, String, bool, String, bool)>,
    keys: Vec<(String, String, String, String)>,
) -> BTreeSet<String> {
    let columns = columns.into_iter().map(|(table, column, declared, required, key)| {
        format!("{table}.{column} {}{} key {key}", kind(&declared), if required { " required" } else { "" })
    });
    let indexes = indexes
        .into_iter()
        .map(|(table, name, unique, columns, partial)| format!("index {name} on {table} ({columns}) unique {unique} partial {partial}"));
    let keys = keys.into_iter().map(|(table, column, other, its)| format!("{table}.{column} is {other}.{its}"));
    columns.chain(indexes).chain(keys).collect()
}

#[tokio::test]
async fn both_engines_end_with_one_schema() {
    let (sqlite, _dir) = super::sqlite().await;
    let (one, other) = (of_sqlite(&sqlite).await, of_postgres(&super::postgres().await).await);
    let differences: Vec<&String> = one.symmetric_difference(&other).collect();
    assert!(differences.is_empty(), "only one of the engines has: {differences:#?}");
    for fact in ["posts.id text required key 1", "media.caption text key 0", "files.sha256 is blobs.sha256"] {
        assert!(one.contains(fact), "{fact}: {one:#?}");
    }
}

#[test]
fn migrations_have_one_number_and_name_on_both_engines() {
    let names = |engine: &str| -> BTreeSet<String> {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(names("sqlite").contains("0001_posts.sql"));
}
