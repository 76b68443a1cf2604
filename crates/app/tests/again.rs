//! What an older version made of what stands is made anew.

use anyhow::{Context as _, Result};
use domain::{BankName, FingerprintKind, MediaState, OnMatch};
use store::{Subject, fingerprints};
use testkit::TestSite;
use testkit::site::{Part, mosaic};

use super::{medium, post};

const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn what_an_older_version_made_is_made_anew_and_what_is_found_then_is_acted_on() -> Result<()> {
    let site = TestSite::new().await?;
    let db = &site.site.store.db;
    let (kite, river) = (
        post(&site, &[Part::File("kite.png", &mosaic(300, 200, 1)?)]).await?,
        post(&site, &[Part::File("river.png", &mosaic(300, 200, 2)?)]).await?,
    );
    site.run_jobs().await?;
    let subject =
        async |id: &domain::PostId| -> Result<Subject> { Ok(Subject { post_id: id.clone(), media_id: Some(medium(&site, id).await?.id) }) };
    let (kite_subject, river_subject) = (subject(&kite).await?, subject(&river).await?);
    let today = fingerprints::of(db, &kite_subject).await?;
    let of_river = fingerprints::of(db, &river_subject).await?;
    let kinds: Vec<_> = today.iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&FingerprintKind::Pdq) && kinds.contains(&FingerprintKind::Keypoints), "{kinds:?}");

    // As an older version left them: one without anything, one with something else.
    let mut old = today.clone();
    for one in old.iter_mut().filter(|one| one.kind == FingerprintKind::Pdq) {
        (one.version, one.bytes) = (0, b"made long ago".to_vec());
    }
    let mut tx = db.begin().await?;
    fingerprints::replace(&mut tx, &kite_subject, &old).await?;
    fingerprints::replace(&mut tx, &river_subject, &[]).await?;
    tx.commit().await?;
    let bank = BankName::parse("kites").context("no name")?;
    site.site.create_bank(&bank, domain::BankKind::Live, OnMatch::Hold).await?;
    let bank = site.site.bank(&bank).await?.context("no bank")?;
    let pdq = today.iter().find(|one| one.kind == FingerprintKind::Pdq).context("no PDQ")?;
    let canonical = likeness::pdq::Readings::from_bytes(&pdq.bytes).context("it does not read")?.canonical();
    let mut import = site.site.begin_import(&bank, "a list".to_owned()).await?;
    import.take(FingerprintKind::Hashes, &canonical.hash.to_bytes()).await?;
    assert!(import.finish(|_| {}).await?.1.reached.is_empty(), "what an older version made does not read");

    site.site.queue_upkeep().await?;
    for _ in 0..4 {
        site.run_jobs().await?;
        site.site.clock.advance_ms(MINUTE_MS);
    }
    assert_eq!(fingerprints::of(db, &kite_subject).await?, today);
    let again = fingerprints::of(db, &river_subject).await?;
    let of_kind = |all: &[domain::Fingerprint], kind| all.iter().find(|one| one.kind == kind).cloned();
    for kind in [FingerprintKind::Pdq, FingerprintKind::Keypoints] {
        assert_eq!(of_kind(&again, kind), of_kind(&of_river, kind));
    }
    assert!(of_kind(&again, FingerprintKind::Sha256).is_some());
    assert_eq!(medium(&site, &kite).await?.state, MediaState::Waiting, "the bank knows it");
    assert_eq!(medium(&site, &river).await?.state, MediaState::Ready);
    // Nothing is left to do, and nothing is done twice.
    let matches = store::matches::of_subject(db, &kite_subject).await?;
    site.site.clock.advance_ms(60 * MINUTE_MS);
    assert_eq!(site.run_jobs().await?, 1, "only the sweep");
    assert_eq!(store::matches::of_subject(db, &kite_subject).await?, matches);
    Ok(())
}

const WORDS: &str = "The red kite flies over the old harbour every morning, and the children on the quay watch until it is gone.";

#[tokio::test]
async fn words_that_were_posted_before_there_were_fingerprints_get_them_and_are_asked_about() -> Result<()> {
    let site = TestSite::new().await?;
    let db = &site.site.store.db;
    let text = |text| Part::Field("text", text);
    let photo = mosaic(300, 200, 1)?;
    let posts = [
        post(&site, &[Part::Field("title", "Seen today"), text(WORDS)]).await?,
        post(&site, &[text(WORDS), Part::Field("password", "tailwind")]).await?,
        post(&site, &[text("Look"), Part::File("kite.png", &photo), Part::Field("caption", WORDS)]).await?,
        post(&site, &[text("My sister bakes bread on Sundays. https://bread.example/a")]).await?,
        post(&site, &[text("\u{1f600} !")]).await?,
        post(&site, &[Part::File("kite.png", &photo)]).await?,
    ];
    site.run_jobs().await?;
    let subject = |id: &domain::PostId| Subject { post_id: id.clone(), media_id: None };
    let mut made = Vec::new();
    for (place, id) in posts.iter().enumerate() {
        let own = fingerprints::of(db, &subject(id)).await?;
        let mut old = own.clone();
        old.iter_mut().for_each(|one| (one.version, one.bytes) = (0, b"made long ago".to_vec()));
        let mut tx = db.begin().await?;
        fingerprints::replace(&mut tx, &subject(id), if place == 0 { &old } else { &[] }).await?;
        tx.commit().await?;
        made.push(own);
    }
    let bank = BankName::parse("kites").context("no name")?;
    site.site.create_bank(&bank, domain::BankKind::Live, OnMatch::Hold).await?;
    let bank = site.site.bank(&bank).await?.context("no bank")?;
    let known = site.site.look_at_words(WORDS).await?.context("words")?;
    let item = app::NewItem { label: "words".to_owned(), known };
    assert!(site.site.add_to_bank(&bank, item, |_| {}).await?.reached.is_empty(), "nothing is known of them");
    let as_it_was = store::posts::find(db, &posts[3]).await?.context("it is gone")?;

    site.site.queue_upkeep().await?;
    for _ in 0..7 {
        site.run_jobs().await?;
        site.site.clock.advance_ms(MINUTE_MS);
    }
    let mut held = Vec::new();
    for (id, made) in posts.iter().zip(&made) {
        assert_eq!(&fingerprints::of(db, &subject(id)).await?, made);
        held.push(store::posts::find(db, id).await?.context("it is gone")?.held);
    }
    assert_eq!(held, [true, true, true, false, false, false]);
    assert_eq!(store::posts::find(db, &posts[3]).await?.context("it is gone")?, as_it_was, "who reads it is not to see that");
    // What somebody lets go stays so, and nothing is left to do.
    assert!(site.site.decide_on_held(&subject(&posts[0]), domain::MatchState::Released).await?);
    site.site.clock.advance_ms(60 * MINUTE_MS);
    assert_eq!(site.run_jobs().await?, 1, "only the sweep");
    assert!(!store::posts::find(db, &posts[0]).await?.context("it is gone")?.held);
    Ok(())
}

#[tokio::test]
async fn what_stood_under_a_medium_that_is_removed_is_forgotten_with_it() -> Result<()> {
    let site = TestSite::new().await?;
    let db = &site.site.store.db;
    let photo = mosaic(300, 200, 1)?;
    let with = [Part::Field("text", "Bread on Sundays"), Part::File("kite.png", &photo), Part::Field("caption", WORDS)];
    let (id, alone) = (post(&site, &with).await?, post(&site, &with[..1]).await?);
    site.run_jobs().await?;
    let words = async |id: &domain::PostId| fingerprints::of(db, &Subject { post_id: id.clone(), media_id: None }).await;
    assert_ne!(words(&id).await?, words(&alone).await?);
    let app::Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it is gone") };
    assert!(site.site.remove_medium(&view, &medium(&site, &id).await?.id).await?);
    assert_eq!(words(&id).await?, words(&alone).await?);
    // Somebody who read it before presses again.
    assert!(site.site.remove_medium(&view, &view.media[0].row.id).await?);
    site.run_jobs().await?;
    Ok(())
}
