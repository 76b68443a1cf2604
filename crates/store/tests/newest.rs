//! Which posts are on the public list, and in which order.

use domain::{PostId, Time};
use store::newest::{Cursor, newest};
use store::{Db, FileRow, MediaRow, PostRow};

use super::{NOW, delete, file, finish, medium, post, publish};

/// Far from what other tests write.
const THEN: Time = Time(900_000_000);

fn listed(seed: u8, age_ms: i64) -> PostRow {
    let created = THEN.plus_ms(-age_ms);
    PostRow { listed: true, sensitive: false, created, expires: None, password: None, views_left: None, seal: None, ..post(seed, "words") }
}

async fn ids(db: &Db, cursor: Option<&Cursor>, limit: i64) -> Vec<PostId> {
    newest(db, cursor, THEN, limit).await.unwrap().into_iter().map(|post| post.id).collect()
}

pub(crate) async fn the_list_holds_what_everybody_may_see_the_newest_first(db: &Db) {
    let first = listed(160, 0);
    // Published at the same moment: the order is of no matter, but it stays.
    let same = [listed(161, 5), listed(162, 5), listed(163, 5)];
    let last = listed(164, 9);
    let bare = |seed| PostRow { title: None, text: String::new(), ..listed(seed, 7) };
    let hidden = [
        PostRow { listed: false, ..listed(170, 1) },
        PostRow { password: Some("$argon2id$".into()), seal: Some(domain::Seal::new([1; 32])), ..listed(171, 1) },
        PostRow { views_left: Some(3), seal: Some(domain::Seal::new([1; 32])), ..listed(172, 1) },
        PostRow { expires: Some(THEN), ..listed(173, 1) },
        bare(174),
    ];
    for row in same.iter().chain([&last, &first]).chain(&hidden) {
        publish(db, row, &[]).await;
    }
    // Only its media show anything: first none is ready, then one is.
    let (pictured, covered, half) = (bare(175), PostRow { sensitive: true, ..listed(176, 8) }, PostRow { title: None, ..listed(177, 8) });
    for (row, sensitive) in [(&pictured, false), (&covered, false), (&half, true)] {
        let seed = row.manage_hash[0];
        let own = MediaRow { sensitive, ..medium(seed, row, &format!("staged/newest-{seed}")) };
        publish(db, row, std::slice::from_ref(&own)).await;
        assert_ne!(ids(db, None, 99).await.contains(&row.id), row.text.is_empty(), "a post that shows nothing yet is not on it");
        let key = |name| format!("blob/newest-{seed}-{name}");
        let files = ["800.jpg", "400.jpg", "400.webp"].map(|name| FileRow {
            width: name.split('.').next().and_then(|width| width.parse().ok()),
            content_type: if name.ends_with("jpg") { "image/jpeg".into() } else { "image/webp".into() },
            ..file(&own, name, seed ^ name.len() as u8 ^ name.as_bytes()[0], &key(name))
        });
        assert!(finish(db, &own, files.into()).await);
        assert!(ids(db, None, 99).await.contains(&row.id));
    }
    let all = newest(db, None, THEN, 99).await.unwrap();
    let order: Vec<_> = all.iter().map(|post| post.id.clone()).collect();
    assert_eq!(order.len(), 8, "{order:?}");
    assert_eq!((&order[0], &order[4], &order[7]), (&first.id, &pictured.id, &last.id));
    assert_eq!((all[0].title.as_deref(), all[0].beginning.as_str(), all[0].created), (Some("A title"), "words", THEN));
    assert_eq!(all[4].thumbnail.as_ref().map(|small| small.name.as_str()), Some("400.jpg"));
    for number in [5, 6] {
        assert_eq!(all[number].thumbnail, None, "what is covered shows no picture");
    }
    // Page by page it is the same list.
    let (mut paged, mut cursor) = (Vec::new(), None);
    loop {
        let page = newest(db, cursor.as_ref(), THEN, 2).await.unwrap();
        let Some(end) = page.last() else { break };
        cursor = Some(Cursor { created: end.created, id: end.id.clone() });
        paged.extend(page.into_iter().map(|post| post.id));
    }
    assert_eq!(paged, order);
    for row in same.iter().chain([&first, &last, &pictured, &covered, &half]).chain(&hidden) {
        delete(db, row).await;
    }
    assert_eq!(ids(db, None, 99).await, Vec::<PostId>::new());
    // What this has queued is nobody else's.
    while let Some(row) = store::jobs::lease(db, "light", NOW, 1_000, "t").await.unwrap() {
        store::jobs::complete(db, &row.id, "t").await.unwrap();
    }
}
