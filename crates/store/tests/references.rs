//! Who refers to which object, when many come at once.

use std::collections::BTreeSet;

use store::{Db, files, jobs};

use super::{NOW, delete, file, finish, medium, post, publish};

/// The keys whose deletion is queued; the jobs are done with this.
async fn deletions(db: &Db) -> Vec<String> {
    let mut keys = Vec::new();
    while let Some(row) = jobs::lease(db, "light", NOW, 1_000, "t").await.unwrap() {
        if row.kind == "delete_object" {
            keys.push(row.payload.split('"').nth(3).unwrap().to_owned());
        }
        jobs::complete(db, &row.id, "t").await.unwrap();
    }
    keys
}

/// Identical bytes kept at once: one key stands, and every other object is queued for deletion.
pub(crate) async fn identical_bytes_stored_at_once_share_one_object(db: &Db) {
    let tasks: Vec<_> = (0..8_u8)
        .map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                let row = post(50 + number, "words");
                let own = medium(50 + number, &row, &format!("staged/{number}"));
                publish(&db, &row, std::slice::from_ref(&own)).await;
                assert!(finish(&db, &own, vec![file(&own, "a.webp", 7, &format!("blob/same{number}"))]).await);
                (row, own)
            })
        })
        .collect();
    let mut made = Vec::new();
    let mut keys = BTreeSet::new();
    for task in tasks {
        let (row, own) = task.await.unwrap();
        keys.insert(files::served(db, &own.id, "a.webp", NOW).await.unwrap().unwrap().file.object_key);
        made.push(row);
    }
    assert_eq!(keys.len(), 1);
    let stands = keys.first().unwrap();
    let deleted = deletions(db).await;
    assert_eq!(deleted.iter().filter(|key| key.starts_with("blob/same")).count(), 7);
    assert!(!deleted.contains(stands), "the object that stands is to be deleted");
    let last = made.pop().unwrap();
    for row in &made {
        delete(db, row).await;
    }
    assert!(deletions(db).await.is_empty(), "an object is to be deleted that a post refers to");
    delete(db, &last).await;
    assert_eq!(deletions(db).await, vec![stands.clone()], "the last one gone, the object is to be deleted");
}

/// The last one that refers to an object goes while another comes, again and again: whichever is first, what the second refers to
/// is never queued for deletion, and nothing else is left.
pub(crate) async fn an_object_stays_while_anybody_refers_to_it(db: &Db) {
    for round in 0..25_u8 {
        let first = post(100 + round, "words");
        let own = medium(100 + round, &first, "staged/a");
        publish(db, &first, std::slice::from_ref(&own)).await;
        assert!(finish(db, &own, vec![file(&own, "a.webp", 9, &format!("blob/old{round}"))]).await);
        let second = post(130 + round, "words");
        let coming = medium(130 + round, &second, "staged/b");
        publish(db, &second, std::slice::from_ref(&coming)).await;
        let goes = {
            let (db, first) = (db.clone(), first.clone());
            tokio::spawn(async move { delete(&db, &first).await })
        };
        let comes = {
            let (db, coming) = (db.clone(), coming.clone());
            tokio::spawn(async move { finish(&db, &coming, vec![file(&coming, "a.webp", 9, &format!("blob/new{round}"))]).await })
        };
        goes.await.unwrap();
        assert!(comes.await.unwrap());
        let stands = files::served(db, &coming.id, "a.webp", NOW).await.unwrap().unwrap().file.object_key;
        let deleted: Vec<String> = deletions(db).await.into_iter().filter(|key| key.starts_with("blob/")).collect();
        assert_eq!(deleted.len(), 1, "{deleted:?}");
        assert!(!deleted.contains(&stands), "round {round}: {stands} is referred to and to be deleted");
        delete(db, &second).await;
        assert!(deletions(db).await.contains(&stands));
    }
}

/// A post is deleted at the moment its medium gets ready: both end well, and no file is left without its post.
pub(crate) async fn a_deletion_and_the_end_of_a_preparation_never_cross(db: &Db) {
    for round in 0..25_u8 {
        let row = post(160 + round, "words");
        let own = medium(160 + round, &row, "staged/c");
        publish(db, &row, std::slice::from_ref(&own)).await;
        let key = format!("blob/cross{round}");
        let goes = {
            let (db, row) = (db.clone(), row.clone());
            tokio::spawn(async move { delete(&db, &row).await })
        };
        let ends = {
            let (db, own, key) = (db.clone(), own.clone(), key.clone());
            tokio::spawn(async move { finish(&db, &own, vec![file(&own, "a.webp", 11, &key)]).await })
        };
        goes.await.unwrap();
        let finished = ends.await.unwrap();
        let deleted = deletions(db).await;
        assert!(deleted.contains(&"staged/c".to_owned()), "the upload stays");
        // Not finished: whoever kept the file is told so, and deletes it.
        assert_eq!(deleted.contains(&key), finished);
        assert!(files::of_post(db, &row.id).await.unwrap().is_empty());
    }
}
