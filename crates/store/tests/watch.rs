//! One node's turn at a time, alarms that stand once, and hours that add up.

use domain::watch::Condition;
use domain::{AlarmId, AlarmKind, Counted, Home, TellingId, Time, Why};
use store::alarms::Hook;
use store::{AlarmRow, Db, alarms, hours, watch};

use super::NOW;

fn alarm(seed: u8, kind: AlarmKind, subject: &str) -> AlarmRow {
    let what = Condition { kind, subject: subject.to_owned(), number: 3 };
    AlarmRow { id: AlarmId::from_random([seed; 16]), what, raised: NOW, ended: None, telling: None }
}

pub(crate) async fn one_looks_at_a_time_and_an_alarm_stands_once(db: &Db) {
    let turn = async |now: Time| {
        let mut tx = db.begin_light().await.unwrap();
        let turn = watch::take_turn(&mut tx, now, 5_000).await.unwrap();
        tx.commit().await.unwrap();
        turn
    };
    assert_eq!(watch::home(db).await.unwrap(), None);
    assert!(turn(NOW).await && !turn(NOW).await && !turn(NOW.plus_ms(4_999)).await && turn(NOW.plus_ms(5_000)).await);
    assert!(!turn(NOW).await, "clocks are a little apart");
    assert!(turn(NOW.plus_ms(-301_000)).await, "a clock that was set back waits for nobody");
    let home = Home { seen: NOW, away: None, waived: false };
    assert_eq!(watch::home(db).await.unwrap(), Some(home));

    let away = Home { away: Some((NOW.plus_ms(1), Why::Queue)), waived: true, ..home };
    let mut tx = db.begin().await.unwrap();
    watch::set_home(&mut tx, &away, NOW).await.unwrap();
    assert_eq!(watch::look_home(&mut tx).await.unwrap(), Some(away));
    watch::seen(&mut tx, NOW.plus_ms(9)).await.unwrap();
    watch::set_home(&mut tx, &home, NOW.plus_ms(8)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(watch::home(db).await.unwrap(), Some(Home { seen: NOW.plus_ms(8), ..home }), "nobody is seen in the future");

    let mut tx = db.begin().await.unwrap();
    assert!(alarms::raise(&mut tx, &alarm(1, AlarmKind::Queue, "")).await.unwrap());
    assert!(!alarms::raise(&mut tx, &alarm(2, AlarmKind::Queue, "")).await.unwrap());
    assert!(alarms::raise(&mut tx, &alarm(3, AlarmKind::Order, "a")).await.unwrap());
    assert!(alarms::raise(&mut tx, &alarm(4, AlarmKind::Order, "b")).await.unwrap());
    let (first, second) = (TellingId::from_random([1; 16]), TellingId::from_random([2; 16]));
    assert!(alarms::tell(&mut tx, &first, true, Hook::Waiting, NOW).await.unwrap());
    assert!(!alarms::tell(&mut tx, &second, true, Hook::Waiting, NOW).await.unwrap(), "nothing that wakes is left");
    alarms::end(&mut tx, &AlarmId::from_random([1; 16]), NOW.plus_ms(7)).await.unwrap();
    assert!(alarms::raise(&mut tx, &alarm(5, AlarmKind::Queue, "")).await.unwrap(), "it was over");
    assert_eq!(alarms::standing(&mut tx).await.unwrap().len(), 3);
    assert!(alarms::tell(&mut tx, &second, false, Hook::None, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let (row, told) = alarms::telling(db, &first).await.unwrap().unwrap();
    assert_eq!((row.hook, told.len()), (Hook::Waiting, 2));
    let (row, told) = alarms::telling(db, &second).await.unwrap().unwrap();
    assert_eq!((row.hook, told.iter().map(|one| one.ended).collect::<Vec<_>>().len()), (Hook::None, 2));
    let mut tx = db.begin().await.unwrap();
    alarms::hook(&mut tx, &first, Hook::Waiting, Some("500"), NOW).await.unwrap();
    alarms::hook(&mut tx, &first, Hook::Sent, Some("204"), NOW).await.unwrap();
    alarms::hook(&mut tx, &first, Hook::GivenUp, None, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let (row, _) = alarms::telling(db, &first).await.unwrap().unwrap();
    assert_eq!((row.hook, row.tries, row.answer.as_deref()), (Hook::Sent, 2, Some("204")));

    let mut tx = db.begin().await.unwrap();
    for (hour, what, times) in [(0, Counted::Post, 2), (0, Counted::Upload, 5), (0, Counted::Post, 3), (3_600_000, Counted::Post, 1)] {
        hours::add(&mut tx, Time(hour), what, times).await.unwrap();
    }
    tx.commit().await.unwrap();
    let all = [(Time(0), Counted::Post, 5), (Time(0), Counted::Upload, 5), (Time(3_600_000), Counted::Post, 1)];
    assert_eq!(hours::since(db, Time(0)).await.unwrap(), all);
    assert_eq!(hours::first(db).await.unwrap(), Some(Time(0)));
    let mut tx = db.begin().await.unwrap();
    hours::forget(&mut tx, Time(1)).await.unwrap();
    alarms::forget(&mut tx, NOW.plus_ms(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hours::since(db, Time(0)).await.unwrap(), all[2..]);
    assert_eq!(alarms::newest(db, 9).await.unwrap().len(), 3, "what stands is not forgotten");
}
