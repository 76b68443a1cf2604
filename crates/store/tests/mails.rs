//! Mail: one about one thing, for as long as it is needed.

use domain::{CaseId, CaseState, Category, DecisionId, MailId, MailKind, MailState, Notice, NoticeId, NoticeKind, Receipt};
use store::mails::{MailRow, ToTell};
use store::{Db, NoticeRow, Subject, cases, decisions, mails, notices};

use super::{NOW, cases::decision, post, publish};

fn row(seed: u8, kind: MailKind, notice: &NoticeId) -> MailRow {
    MailRow {
        id: MailId::from_random([seed; 16]),
        kind,
        subject: notice.to_string(),
        about: None,
        recipient: Some("ada@kites.example".into()),
        language: Some("ar".into()),
        receipt: None,
        state: MailState::Waiting,
        tries: 0,
        answer: None,
        created: NOW,
    }
}

fn notice(seed: u8, case: &CaseId) -> NoticeRow {
    let email = Some("ada@kites.example".into());
    let said = Notice { kind: NoticeKind::Notice, category: Category::Hate, explanation: "It is no kite.".into(), name: None, email };
    NoticeRow {
        id: NoticeId::from_random([seed; 16]),
        case_id: case.clone(),
        notice: said,
        filing: None,
        language: Some("ar".into()),
        version: 1,
        created: NOW,
        echo_of: None,
    }
}

pub(crate) async fn a_mail_is_written_down_once_and_its_address_is_forgotten(db: &Db) {
    let subject = |seed| Subject { post_id: post(seed, "words").id, media_id: None };
    let (one, two, receipt) = (CaseId::from_random([220; 16]), CaseId::from_random([221; 16]), Receipt::from_random([220; 16], [9; 16]));
    let (first, second) = (notice(220, &one), notice(221, &two));
    let first_id = first.id.clone().min(second.id.clone());
    for seed in [220, 221] {
        publish(db, &post(seed, "words"), &[]).await;
    }
    let mut tx = db.begin().await.unwrap();
    cases::open(&mut tx, &subject(220), &one, NOW).await.unwrap();
    cases::open(&mut tx, &subject(221), &two, NOW).await.unwrap();
    // Two subjects in one notice: one receipt, and one mail.
    for row in [&first, &second] {
        notices::insert(&mut tx, row, &receipt).await.unwrap();
    }
    let mail = MailRow { receipt: Some(receipt.clone()), ..row(1, MailKind::Receipt, &first_id) };
    assert!(mails::insert(&mut tx, &mail).await.unwrap());
    assert!(!mails::insert(&mut tx, &row(2, MailKind::Receipt, &first_id)).await.unwrap(), "two about one thing");
    assert_eq!(mails::receipts_since(&mut tx, "ada@kites.example", NOW.plus_ms(-1)).await.unwrap(), 1);
    assert_eq!(mails::receipts_since(&mut tx, "bob@kites.example", NOW.plus_ms(-1)).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(notices::given_with(db, &second.id).await.unwrap().len(), 2);
    let found = mails::find(db, &mail.id).await.unwrap().unwrap();
    assert_eq!(
        (found.receipt.map(|receipt| receipt.hash()), found.state, found.language.as_deref()),
        (Some(receipt.hash()), MailState::Waiting, Some("ar"))
    );

    // Decided at one time: one is told of what it was told about.
    let decided = decision(220, &one, domain::Action::NoAction);
    let mut tx = db.begin().await.unwrap();
    cases::close(&mut tx, &one, CaseState::Decided, NOW).await.unwrap();
    decisions::insert(&mut tx, &decided).await.unwrap();
    mails::put_off(&mut tx, &mail.id, Some("451 4.7.1")).await.unwrap();
    tx.commit().await.unwrap();
    let told = ToTell { notice: first_id.clone(), email: "ada@kites.example".into(), language: Some("ar".into()) };
    assert_eq!(mails::to_tell(db, &decided.id, NOW, &one).await.unwrap(), [told]);
    assert_eq!(mails::to_tell(db, &DecisionId::from_random([9; 16]), NOW, &two).await.unwrap(), [], "its case is open");

    // Sent, and refused: the receipt is forgotten, the address of a notice at once, that of the mail when it is not counted any more.
    let refused = MailRow { about: Some(decided.id.clone()), ..row(3, MailKind::Decision, &first_id) };
    let mut tx = db.begin().await.unwrap();
    mails::end(&mut tx, &mail.id, MailState::Sent, None, NOW).await.unwrap();
    assert!(mails::insert(&mut tx, &refused).await.unwrap());
    mails::end(&mut tx, &refused.id, MailState::Refused, Some("550 5.1.1"), NOW).await.unwrap();
    mails::forget_address_of(&mut tx, first_id.as_str()).await.unwrap();
    tx.commit().await.unwrap();
    let sent = mails::find(db, &mail.id).await.unwrap().unwrap();
    assert_eq!((sent.receipt.is_none(), sent.state, sent.tries), (true, MailState::Sent, 2));
    for (case, notice) in [(&one, &first), (&two, &second)] {
        let of_case = mails::of_case(db, case).await.unwrap();
        assert!(of_case.iter().all(|(id, _)| *id == notice.id), "{of_case:?}");
        let answers: Vec<_> = of_case.iter().map(|(_, row)| (row.state, row.answer.as_deref())).collect();
        assert_eq!(answers.len(), 2);
        assert!(answers.contains(&(MailState::Sent, None)) && answers.contains(&(MailState::Refused, Some("550 5.1.1"))), "{answers:?}");
    }
    assert!(notices::given_with(db, &first.id).await.unwrap().iter().all(|row| row.notice.email.is_none()));
    assert_eq!(mails::to_tell(db, &decided.id, NOW, &one).await.unwrap(), []);
    let mut tx = db.begin().await.unwrap();
    mails::forget(&mut tx, NOW, NOW.plus_ms(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mails::find(db, &mail.id).await.unwrap().unwrap().recipient, None);
    let mut tx = db.begin().await.unwrap();
    mails::forget(&mut tx, NOW.plus_ms(1), NOW.plus_ms(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(mails::find(db, &mail.id).await.unwrap().is_none());

    // The address of a notice goes with its case's time, and whoever wants no mail gets none.
    let (third, other) = (notice(222, &one), notice(223, &two));
    let theirs = Receipt::from_random([222; 16], [9; 16]);
    let mut tx = db.begin().await.unwrap();
    notices::insert(&mut tx, &third, &receipt).await.unwrap();
    notices::insert(&mut tx, &other, &theirs).await.unwrap();
    let waiting = MailRow { receipt: Some(theirs.clone()), ..row(4, MailKind::Receipt, &other.id) };
    mails::insert(&mut tx, &waiting).await.unwrap();
    mails::forget(&mut tx, NOW.plus_ms(1), NOW.plus_ms(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(notices::find(db, &third.id).await.unwrap().unwrap().notice.email, None, "its case was closed long ago");
    assert!(notices::find(db, &other.id).await.unwrap().unwrap().notice.email.is_some(), "its case is open");
    let mut tx = db.begin().await.unwrap();
    assert!(mails::stop(&mut tx, &theirs, NOW).await.unwrap());
    assert!(!mails::stop(&mut tx, &theirs, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(notices::find(db, &other.id).await.unwrap().unwrap().notice.email, None);
    let dropped = mails::find(db, &waiting.id).await.unwrap().unwrap();
    assert_eq!((dropped.state, dropped.recipient, dropped.receipt.is_none()), (MailState::Dropped, None, true));
    for seed in [220, 221] {
        super::delete(db, &post(seed, "words")).await;
    }
}
