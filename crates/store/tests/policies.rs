//! Policies, each version of which is written once.

use domain::{Language, Policy, PolicyOrigin};
use store::{Db, policies};

use super::NOW;

fn policy(clause: &str) -> Policy {
    let texts = ["en", "ar"].map(|tag| (Language::parse(tag).unwrap(), format!("# Rules\n\n## Kites {{#{clause}}}\n\nلا طائرات.\n")));
    Policy::parse(&texts).unwrap()
}

pub(crate) async fn each_policy_is_a_version_that_stays_as_it_was(db: &Db) {
    assert_eq!(policies::newest(db).await.unwrap(), None);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(policies::insert(&mut tx, &policy("kites"), PolicyOrigin::Shipped, NOW).await.unwrap(), Some(1));
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(policies::was_in_force(&mut tx, &policy("kites").digest()).await.unwrap());
    assert!(!policies::was_in_force(&mut tx, &policy("ropes").digest()).await.unwrap());
    assert_eq!(policies::insert(&mut tx, &policy("ropes"), PolicyOrigin::Own, NOW.plus_ms(5)).await.unwrap(), Some(2));
    assert_eq!(policies::look(&mut tx).await.unwrap().map(|row| row.version), Some(2));
    drop(tx);
    assert_eq!(policies::newest(db).await.unwrap().map(|row| row.version), Some(1), "a change that is dropped never happened");
    let mut tx = db.begin().await.unwrap();
    assert_eq!(policies::insert(&mut tx, &policy("ropes"), PolicyOrigin::Own, NOW.plus_ms(5)).await.unwrap(), Some(2));
    assert!(!policies::was_in_force(&mut tx, &policy("ropes").digest()).await.unwrap(), "the operator's own is none that shipped");
    tx.commit().await.unwrap();
    let all = policies::all(db).await.unwrap();
    assert_eq!(
        all.iter().map(|row| (row.version, row.origin, row.since)).collect::<Vec<_>>(),
        [(2, PolicyOrigin::Own, NOW.plus_ms(5)), (1, PolicyOrigin::Shipped, NOW)]
    );
    assert_eq!(policies::find(db, 1).await.unwrap(), Some(policy("kites")));
    assert_eq!(policies::find(db, 2).await.unwrap(), Some(policy("ropes")));
    assert_eq!(policies::find(db, 3).await.unwrap(), None);
}
