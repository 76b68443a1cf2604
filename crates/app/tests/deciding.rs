//! From a notice to a decision that sticks, and back: on SQLite with files, and on PostgreSQL with S3.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context as _, Result};
use app::{About, Appealed, Decided, Edit, Edited, Found, Outcome, Source};
use domain::decision::KEEP_MS;
use domain::{
    CaseId, CaseState, DecisionId, Draft, FileRole, Fingerprint, MediaId, MediaState, PostId, Problem, RawDecision, RawNotice,
    RestrictionState,
};
use store::notices::Snapshot;
use store::{FileRow, MediaRow, PostRow, Subject, decisions};
use testkit::TestSite;
use testkit::site::{Part, mosaic, picture};

use super::{medium, post};

pub(crate) const WORDS: &str =
    "UNMISTAKABLE: the red kite flies over the old harbour every morning, and the children on the quay watch until it is gone.";
pub(crate) const OTHER_WORDS: &str = "My sister bakes bread on Sundays, and everybody on the stairs knows it by the smell.";

/// The kites, each unlike the others.
pub(super) const KITE: u32 = 1;
pub(super) const OTHER: u32 = 2;

/// A site, and what it stands on.
pub(crate) struct Ground {
    pub(crate) test: TestSite,
    pub(crate) url: Option<String>,
    _s3: Option<testkit::s3::S3>,
    /// Sites on the same storage that were there before it: the first has its folder.
    pub(super) before: Vec<TestSite>,
}

impl Ground {
    /// SQLite's file, where that is its database.
    pub(super) fn database(&self) -> std::path::PathBuf {
        self.before.first().unwrap_or(&self.test).dir().join("handbill.db")
    }
}

impl std::ops::Deref for Ground {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.test
    }
}

/// A site of each kind.
pub(crate) async fn grounds() -> Result<[Ground; 2]> {
    Ok([Ground { test: TestSite::new().await?, url: None, _s3: None, before: Vec::new() }, servers().await?])
}

pub(crate) async fn servers() -> Result<Ground> {
    let s3 = testkit::s3::S3::start().await?;
    let config = store::blobs::S3Config {
        endpoint: s3.endpoint.clone(),
        bucket: s3.bucket.clone(),
        region: String::new(),
        access_key: s3.access_key.clone(),
        secret_key: s3.secret_key.clone(),
    };
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    store::Db::migrate_postgres(&url).await?;
    let store = store::Store { db: store::Db::open_postgres(&url).await?, blobs: store::BlobStore::open_s3(&config)? };
    Ok(Ground { test: TestSite::with(|parts| parts.store = store).await?, url: Some(url), _s3: Some(s3), before: Vec::new() })
}

pub(crate) fn drawn(seed: u32) -> Result<Vec<u8>> {
    mosaic(640, 480, seed)
}

/// A picture as a stranger would show it again.
pub(crate) fn disguised(png: &[u8], filter: &str) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("kite.png"), folder.path().join("kite.jpg"));
    std::fs::write(&from, png)?;
    let command = ["-nostdin", "-v", "error", "-i"];
    let done = Command::new("ffmpeg").args(command).arg(&from).args(["-vf", filter, "-frames:v", "1", "-q:v", "4"]).arg(&to).status()?;
    anyhow::ensure!(done.success(), "ffmpeg made no picture");
    Ok(std::fs::read(to)?)
}

pub(crate) async fn photo(site: &TestSite, words: &str, file: &[u8]) -> Result<PostId> {
    let id = post(site, &[Part::Field("text", words), Part::File("kite.png", file), Part::Field("caption", "a CAPTION of it")]).await?;
    site.run_jobs().await?;
    Ok(id)
}

pub(crate) fn whole(id: &PostId) -> Subject {
    Subject { post_id: id.clone(), media_id: None }
}

pub(super) fn of(id: &PostId, medium: &MediaId) -> Subject {
    Subject { post_id: id.clone(), media_id: Some(medium.clone()) }
}

pub(crate) async fn only(site: &TestSite, id: &PostId) -> Result<Subject> {
    Ok(of(id, &medium(site, id).await?.id))
}

pub(super) fn notice(name: Option<&str>) -> Result<domain::Notice> {
    let raw = RawNotice {
        category: Some("violence".into()),
        explanation: Some("A kite is threatened.".into()),
        name: name.map(str::to_owned),
        good_faith: Some("on".into()),
        ..RawNotice::default()
    };
    Ok(raw.check()?)
}

pub(crate) async fn tell(site: &TestSite, subject: &Subject, name: Option<&str>) -> Result<domain::Receipt> {
    site.site.give_notice(std::slice::from_ref(subject), &notice(name)?, Some("en")).await?.context("it does not stand")
}

/// The open case of a subject.
pub(crate) async fn case_of(site: &TestSite, subject: &Subject) -> Result<CaseId> {
    let (queue, _) = site.site.queue(1_000).await?;
    queue.into_iter().find(|one| one.case.subject == *subject).map(|one| one.case.id).context("it has no open case")
}

pub(super) async fn reported(site: &TestSite, subject: &Subject) -> Result<CaseId> {
    tell(site, subject, None).await?;
    site.run_jobs().await?;
    case_of(site, subject).await
}

/// Somebody who may decide.
pub(crate) async fn added(site: &TestSite, name: &str) -> Result<domain::ModeratorId> {
    let name = domain::ModeratorName::parse(name).context("no name")?;
    let link = site.site.add_moderator(None, &name, domain::Role::Moderator).await?;
    Ok(link.map_err(|refused| anyhow::anyhow!("{refused:?}"))?.id)
}

/// From now on they can sign in, with a passkey.
pub(crate) async fn signs_in(site: &TestSite, id: &domain::ModeratorId) -> Result<()> {
    let credential = store::moderators::Credential::Passkey { id: b"a key", credential: "{}" };
    let link = site.site.link_moderator(None, id).await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    let mut tx = site.site.store.db.begin().await?;
    store::moderators::enrol(&mut tx, &link.secret.hash(), &credential, site.now()).await?.context("the link is not good")?;
    Ok(tx.commit().await?)
}

pub(crate) fn wanted(action: &str) -> Result<domain::Decision> {
    let raw = RawDecision {
        action: Some(action.into()),
        ground: Some("policy".into()),
        reference: Some("violence".into()),
        facts: Some("It threatens a kite.".into()),
        countries: None,
    };
    Ok(raw.check()?)
}

pub(crate) async fn decide(site: &TestSite, case: &CaseId, action: &str) -> Result<(DecisionId, decisions::Reach)> {
    match site.site.decide(None, case, wanted(action)?, true).await? {
        Decided::Done(id, reach) => Ok((id, reach)),
        other => anyhow::bail!("{other:?}"),
    }
}

/// Reports a subject and decides on it, without the jobs.
/// The same of the subject alone, whatever is like it.
pub(crate) async fn struck_alone(site: &TestSite, subject: &Subject) -> Result<DecisionId> {
    let case = reported(site, subject).await?;
    match site.site.decide(None, &case, wanted("remove")?, false).await? {
        Decided::Done(id, _) => Ok(id),
        other => anyhow::bail!("{other:?}"),
    }
}

pub(crate) async fn struck(site: &TestSite, subject: &Subject, action: &str) -> Result<DecisionId> {
    let case = reported(site, subject).await?;
    Ok(decide(site, &case, action).await?.0)
}

pub(super) async fn state(site: &TestSite, id: &DecisionId, subject: &Subject) -> Result<RestrictionState> {
    let mut tx = site.site.store.db.begin().await?;
    Ok(decisions::look(&mut tx, id, subject).await?.context("it is not reached")?.state)
}

/// All that a poster gave, and all that was made of it.
#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) post: PostRow,
    pub(super) media: Vec<MediaRow>,
    pub(super) files: BTreeMap<String, (FileRow, Vec<u8>)>,
    pub(super) fingerprints: Vec<Vec<Fingerprint>>,
    pub(super) snapshots: Vec<Snapshot>,
}

pub(super) async fn see(site: &TestSite, id: &PostId) -> Result<Seen> {
    let store = &site.site.store;
    let post = store::posts::find(&store.db, id).await?.context("it is gone")?;
    let media = store::media::of_post(&store.db, id).await?;
    let mut files = BTreeMap::new();
    for file in store::files::of_post(&store.db, id).await? {
        let bytes = store.blobs.read_all(&file.object_key).await?.to_vec();
        // Where it is kept is nobody's business.
        files.insert(format!("{}/{}", file.media_id, file.name), (FileRow { object_key: String::new(), ..file }, bytes));
    }
    let mut fingerprints = vec![store::fingerprints::of(&store.db, &whole(id)).await?];
    for own in &media {
        fingerprints.push(store::fingerprints::of(&store.db, &of(id, &own.id)).await?);
    }
    let snapshots = store::notices::snapshots(&store.db, id).await?;
    Ok(Seen { post: PostRow { revision: 0, ..post }, media, files, fingerprints, snapshots })
}

/// An address of each file of a post.
pub(crate) async fn addresses(site: &TestSite, id: &PostId) -> Result<Vec<String>> {
    let files = store::files::of_post(&site.site.store.db, id).await?;
    Ok(files.into_iter().map(|file| format!("/m/{}/{}", file.media_id, file.name)).collect())
}

pub(crate) async fn status(site: &TestSite, path: &str) -> Result<u16> {
    Ok(site.get(path).await?.status().as_u16())
}

pub(crate) async fn is_dark(site: &TestSite, id: &PostId) -> Result<bool> {
    Ok(matches!(site.site.read(id, None, None).await?, Found::Removed(_)))
}

/// Where any of these bytes stand: files of any kind, rows and objects, also what is only left over. On servers, what a backup reads.
pub(super) async fn left_of(site: &Ground, needles: &[Vec<u8>]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for needle in needles {
        for one in site.before.iter().chain([&site.test]) {
            found.extend(one.files_with(needle)?.into_iter().map(|path| path.display().to_string()));
        }
    }
    if let Some(url) = &site.url {
        let mut archive = Vec::new();
        store::backup::write(store::backup::Source::Postgres(url), &site.site.store.blobs, &mut archive, site.now(), |_| {}).await?;
        let holds = |needle: &&Vec<u8>| archive.windows(needle.len()).any(|window| window == needle.as_slice());
        found.extend(needles.iter().filter(holds).map(|needle| String::from_utf8_lossy(needle).into_owned()));
    }
    Ok(found)
}

/// Some bytes from the middle of each file.
pub(super) fn pieces(seen: &Seen) -> Vec<Vec<u8>> {
    let piece = |bytes: &[u8]| bytes[bytes.len() / 2..].iter().copied().take(48).collect();
    seen.files.values().map(|(_, bytes)| piece(bytes)).collect()
}

/// Nothing is destroyed at the first look, and not before a day later.
pub(super) async fn two_looks(site: &TestSite) -> Result<()> {
    let before = quarantine_of(site).await?;
    site.site.clock.advance_ms(3_600_000);
    site.run_jobs().await?;
    site.site.clock.advance_ms(23 * 3_600_000);
    site.run_jobs().await?;
    assert_eq!(quarantine_of(site).await?, before, "it was destroyed at the first look");
    site.site.clock.advance_ms(3_600_000);
    site.run_jobs().await?;
    Ok(())
}

pub(super) async fn quarantine_of(site: &TestSite) -> Result<Vec<String>> {
    Ok(site.site.store.blobs.list("quarantine").await?)
}

#[tokio::test]
async fn two_who_give_notice_of_one_thing_open_one_case_and_each_learns_what_became_of_it() -> Result<()> {
    for site in grounds().await? {
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        let subject = whole(&id);
        let first = tell(&site, &subject, None).await?;
        site.site.clock.advance_ms(1);
        let second = tell(&site, &subject, Some("Ada")).await?;
        site.run_jobs().await?;
        let (queue, open) = site.site.queue(10).await?;
        assert_eq!((queue.len(), open), (1, 1));
        let view = site.site.case(&queue[0].case.id).await?.context("no case")?;
        assert_eq!((view.notice_count, view.notices.len(), view.notices[0].notice.is_anonymous()), (2, 2, true));
        assert_eq!(view.snapshots.len(), 1, "what was not changed in between is kept once");
        assert_eq!(view.snapshots[0].text, WORDS);
        // A third, about the photo alone, is another subject.
        tell(&site, &only(&site, &id).await?, None).await?;
        site.run_jobs().await?;
        assert_eq!(site.site.queue(10).await?.1, 2);
        decide(&site, &queue[0].case.id, "remove").await?;
        site.run_jobs().await?;
        for receipt in [&first, &second] {
            let told = site.site.what_became(receipt).await?.context("nothing is known of it")?;
            assert!(matches!(told.subjects.as_slice(), [(about, Outcome::Decided(_))] if *about == subject), "{told:?}");
        }
        assert!(matches!(site.site.about(&id, None).await?, About::Dark(_)));
        assert!(site.site.give_notice(&[subject], &notice(None)?, None).await?.is_none(), "what is dark needs no notice");
        assert_eq!(site.site.queue(10).await?.1, 0, "the photo's case waits for a decision on what nobody can see");
    }
    Ok(())
}

#[tokio::test]
async fn a_flood_without_a_name_weighs_no_more_than_one_and_a_name_weighs_more() -> Result<()> {
    let site = TestSite::new().await?;
    let (flooded, named) = (post(&site, &[Part::Field("text", WORDS)]).await?, post(&site, &[Part::Field("text", OTHER_WORDS)]).await?);
    tell(&site, &whole(&flooded), None).await?;
    let weight = async || -> Result<u32> {
        Ok(site.site.queue(9).await?.0.iter().find(|one| one.case.subject == whole(&flooded)).context("gone")?.case.weight)
    };
    let once = weight().await?;
    for _ in 0..40 {
        tell(&site, &whole(&flooded), None).await?;
    }
    assert_eq!(weight().await?, once);
    tell(&site, &whole(&named), Some("Ada")).await?;
    assert_eq!(site.site.queue(1).await?.0[0].case.subject, whole(&named));
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_case_shows_the_mirrored_and_the_small_copies_of_its_photo_and_nothing_else() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        let id = photo(&site, WORDS, &kite).await?;
        let mirrored = photo(&site, "one", &disguised(&kite, "hflip")?).await?;
        let small = photo(&site, "two", &disguised(&kite, "scale=320:240")?).await?;
        let other = photo(&site, "three", &drawn(OTHER)?).await?;
        let case = reported(&site, &only(&site, &id).await?).await?;
        let view = site.site.case(&case).await?.context("no case")?;
        let mut members: Vec<_> = view.members.iter().map(|member| member.subject.post_id.clone()).collect();
        let mut alike = vec![mirrored.clone(), small.clone()];
        members.sort_unstable();
        alike.sort_unstable();
        assert_eq!(members, alike, "{:?}", view.members);
        assert_eq!((view.tally.media, view.tally.in_posts, view.tally.left), (2, 2, 0));
        assert!(view.rank.reach > 0);
        // One is left out by hand.
        let left = only(&site, &small).await?;
        site.site.take_member(&case, &left, false).await?;
        let (_, reach) = decide(&site, &case, "remove").await?;
        assert_eq!((reach.posts, reach.media, reach.in_posts), (0, 2, 2));
        let states = async |id: &PostId| -> Result<MediaState> { Ok(medium(&site, id).await?.state) };
        assert_eq!((states(&id).await?, states(&mirrored).await?), (MediaState::Removed, MediaState::Removed));
        assert_eq!((states(&small).await?, states(&other).await?), (MediaState::Ready, MediaState::Ready));
        site.run_jobs().await?;
        assert_eq!(states(&small).await?, MediaState::Waiting, "what stays is held by what the bank has learnt");
    }
    Ok(())
}

#[tokio::test]
async fn a_decision_on_a_photo_darkens_it_in_every_post_and_one_on_words_leaves_it_to_the_others() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        let (one, other) = (photo(&site, WORDS, &kite).await?, photo(&site, OTHER_WORDS, &kite).await?);
        let (of_one, of_other) = (addresses(&site, &one).await?, addresses(&site, &other).await?);
        let before = [see(&site, &one).await?, see(&site, &other).await?];
        let words = struck_alone(&site, &whole(&one)).await?;
        assert!(is_dark(&site, &one).await? && !is_dark(&site, &other).await?);
        site.run_jobs().await?;
        for (path, wanted) in of_one.iter().map(|path| (path, 410)).chain(of_other.iter().map(|path| (path, 200))) {
            assert_eq!(status(&site, path).await?, wanted, "{path}");
        }
        assert!(site.site.undo(None, &words).await?);
        site.run_jobs().await?;
        // With everything alike the picture goes where else it is, and its post stays.
        let all = struck(&site, &whole(&one), "remove").await?;
        assert!(is_dark(&site, &one).await? && !is_dark(&site, &other).await?);
        for path in of_one.iter().chain(&of_other) {
            assert_eq!(status(&site, path).await?, 410, "{path}");
        }
        assert!(site.site.undo(None, &all).await?);
        site.run_jobs().await?;
        let photo = struck(&site, &only(&site, &one).await?, "remove").await?;
        for path in of_one.iter().chain(&of_other) {
            assert_eq!(status(&site, path).await?, 410, "{path}");
        }
        assert!(!is_dark(&site, &one).await? && !is_dark(&site, &other).await?, "words go with a photo");
        site.run_jobs().await?;
        assert_eq!(site.objects().await?.keys().filter(|key| !key.starts_with("quarantine/")).count(), 0);
        assert!(site.site.undo(None, &photo).await?);
        site.run_jobs().await?;
        for (id, before) in [&one, &other].into_iter().zip(before) {
            let now = see(&site, id).await?;
            assert_eq!(now.files, before.files);
            assert_eq!((now.post, now.media, now.fingerprints), (before.post, before.media, before.fingerprints));
        }
        assert_eq!(quarantine_of(&site).await?, Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test]
async fn of_two_moderators_at_once_one_decides_and_the_other_is_too_late() -> Result<()> {
    for site in grounds().await? {
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        let case = reported(&site, &whole(&id)).await?;
        let (ada, bob) = (added(&site, "Ada").await?, added(&site, "Bob").await?);
        let (one, other) = tokio::join!(
            site.site.decide(Some(&ada), &case, wanted("remove")?, true),
            site.site.decide(Some(&bob), &case, wanted("no_action")?, true)
        );
        let done = [one?, other?].iter().filter(|one| matches!(one, Decided::Done(..))).count();
        assert_eq!(done, 1);
        let view = site.site.case(&case).await?.context("no case")?;
        assert_eq!((view.case.state, view.decisions.len()), (CaseState::Decided, 1));
        site.run_jobs().await?;
        // Two cases that reach each other's subjects: neither waits for the other for ever.
        let kite = drawn(OTHER)?;
        let (left, right) = (photo(&site, "left", &kite).await?, photo(&site, "right", &kite).await?);
        let cases = [reported(&site, &only(&site, &left).await?).await?, reported(&site, &only(&site, &right).await?).await?];
        let (one, other) = tokio::join!(
            site.site.decide(Some(&ada), &cases[0], wanted("remove")?, true),
            site.site.decide(Some(&bob), &cases[1], wanted("remove")?, true)
        );
        assert!(matches!((one?, other?), (Decided::Done(..), Decided::TooLate) | (Decided::TooLate, Decided::Done(..))));
        site.run_jobs().await?;
        assert_eq!(site.site.queue(9).await?.1, 0);
    }
    Ok(())
}

#[tokio::test]
async fn no_action_lets_go_of_what_was_held_and_nothing_is_held_once_it_is_decided() -> Result<()> {
    for site in grounds().await? {
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        for subject in [whole(&id), only(&site, &id).await?] {
            let case = reported(&site, &subject).await?;
            assert!(site.site.hold_case(None, &case, true).await?);
            assert!(site.site.case(&case).await?.context("no case")?.held);
            decide(&site, &case, "no_action").await?;
            assert!(!site.site.case(&case).await?.context("no case")?.held);
            assert!(!site.site.hold_case(None, &case, true).await?, "it is decided");
            assert_eq!(medium(&site, &id).await?.state, MediaState::Ready);
        }
        for path in addresses(&site, &id).await? {
            assert_eq!(status(&site, &path).await?, 200);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_cover_outlives_an_edit_and_its_undoing_uncovers_only_what_it_covered() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        let id = photo(&site, WORDS, &kite).await?;
        let own = post(&site, &[Part::Field("text", WORDS), Part::Field("sensitive", "1")]).await?;
        site.run_jobs().await?;
        let subject = only(&site, &id).await?;
        let case = reported(&site, &whole(&id)).await?;
        assert_eq!(site.site.case(&case).await?.context("no case")?.members.len(), 1);
        let (words, _) = decide(&site, &case, "cover").await?;
        let photo = struck(&site, &subject, "cover").await?;
        let sensitive =
            async |id: &PostId| -> Result<bool> { Ok(store::posts::find(&site.site.store.db, id).await?.context("gone")?.sensitive) };
        assert!(sensitive(&id).await? && sensitive(&own).await? && medium(&site, &id).await?.sensitive);
        // Its poster takes the cover off.
        let Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it does not stand") };
        let kept = Edited::Kept { media_id: medium(&site, &id).await?.id, caption: None, alt: None, sensitive: false, still: None };
        let draft = Draft { text: "Only this".to_owned(), ..Draft::default() };
        site.site.edit((*view).into(), Edit { draft, media: Some(vec![kept]), ..Edit::default() }).await?;
        assert!(sensitive(&id).await? && medium(&site, &id).await?.sensitive, "an edit takes a cover off that was decided");
        assert!(site.site.undo(None, &words).await? && site.site.undo(None, &photo).await?);
        assert!(!sensitive(&id).await? && sensitive(&own).await? && !medium(&site, &id).await?.sensitive);
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_posted_again_is_held_until_the_decision_is_undone() -> Result<()> {
    for site in grounds().await? {
        let kite = drawn(KITE)?;
        let id = photo(&site, WORDS, &kite).await?;
        let picture = struck(&site, &only(&site, &id).await?, "remove").await?;
        // It comes before the jobs have run.
        let meanwhile = post(&site, &[Part::Field("text", "meanwhile"), Part::File("kite.png", &kite)]).await?;
        site.run_jobs().await?;
        let words = struck(&site, &whole(&id), "remove").await?;
        site.run_jobs().await?;
        let again = photo(&site, "again", &disguised(&kite, "scale=500:-1")?).await?;
        let said = post(&site, &[Part::Field("text", &WORDS.replace("red", "blue"))]).await?;
        for id in [&meanwhile, &again] {
            assert_eq!(medium(&site, id).await?.state, MediaState::Waiting);
        }
        let held = async |id: &PostId| -> Result<bool> { Ok(store::posts::find(&site.site.store.db, id).await?.context("gone")?.held) };
        assert!(held(&said).await?);
        assert!(site.site.undo(None, &words).await?);
        assert!(!held(&said).await?, "what nothing knows any more is held");
        site.run_jobs().await?;
        assert!(!held(&id).await?, "it came back held by itself");
        assert!(site.site.undo(None, &picture).await?);
        site.run_jobs().await?;
        for id in [&meanwhile, &again, &id] {
            assert_eq!(medium(&site, id).await?.state, MediaState::Ready);
        }
        assert!(site.site.held().await?.is_empty());
        assert_eq!(photo(&site, "and again", &kite).await.map(drop).ok(), Some(()));
        let bank = site.site.list_banks().await?;
        assert!(bank.iter().all(|one| one.items.is_empty()), "{bank:?}");
    }
    Ok(())
}

/// A post with two photos in order, words between, a title; covered and held as its poster and a bank left it.
pub(super) async fn rich(site: &TestSite) -> Result<PostId> {
    let (kite, other) = (drawn(KITE)?, picture(300, 200, 7)?);
    let id = post(
        site,
        &[
            Part::Field("title", "UNMISTAKABLE title"),
            Part::Field("text", WORDS),
            Part::Field("language", "en"),
            Part::File("UNMISTAKABLE-name.png", &kite),
            Part::Field("caption", "UNMISTAKABLE caption"),
            Part::Field("alt", "UNMISTAKABLE alt"),
            Part::File("broken.png", b"\x89PNG\r\n\x1a\nbut UNMISTAKABLE nonsense"),
            Part::File("second.png", &other),
        ],
    )
    .await?;
    site.run_jobs().await?;
    Ok(id)
}

#[tokio::test]
async fn undone_before_or_after_quarantine_all_is_as_it_was_byte_for_byte() -> Result<()> {
    for site in grounds().await? {
        for of_medium in [false, true] {
            let id = rich(&site).await?;
            let all = store::media::of_post(&site.site.store.db, &id).await?;
            anyhow::ensure!(all.len() == 3 && all[1].problem.is_some(), "{all:?}");
            let subject = if of_medium { of(&id, &all[0].id) } else { whole(&id) };
            for late in [false, true] {
                tell(&site, &whole(&id), Some("Ada")).await?;
                site.run_jobs().await?;
                let before = see(&site, &id).await?;
                assert_eq!(before.snapshots.len(), 1);
                let decision = struck(&site, &subject, "remove").await?;
                if late {
                    site.run_jobs().await?;
                    assert_eq!(state(&site, &decision, &subject).await?, RestrictionState::Quarantined);
                    assert_ne!(see(&site, &id).await?, before);
                    assert!(!quarantine_of(&site).await?.is_empty());
                }
                assert!(site.site.undo(None, &decision).await?);
                assert!(!site.site.undo(None, &decision).await?, "it was undone twice");
                site.run_jobs().await?;
                assert_eq!(see(&site, &id).await?, before, "late: {late}, of a medium: {of_medium}");
                assert_eq!(quarantine_of(&site).await?, Vec::<String>::new());
                assert_eq!(state(&site, &decision, &subject).await?, RestrictionState::Lifted);
                let row = site.site.decision(&decision).await?.context("no decision")?;
                assert!(row.key.is_none() && row.undone.is_some() && row.destroyed.is_none());
                assert!(site.site.list_banks().await?.iter().all(|bank| bank.items.is_empty()), "its signals stay in the bank");
                // Its case is open again.
                let case = case_of(&site, &subject).await?;
                decide(&site, &case, "no_action").await?;
            }
            site.site.delete(&id).await?;
            site.run_jobs().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn after_its_jobs_no_byte_of_what_was_removed_is_in_clear_and_after_its_time_none_is_left() -> Result<()> {
    for of_medium in [false, true] {
        for site in grounds().await? {
            let id = rich(&site).await?;
            let all = store::media::of_post(&site.site.store.db, &id).await?;
            let before = see(&site, &id).await?;
            let subject = if of_medium { of(&id, &all[0].id) } else { whole(&id) };
            tell(&site, &subject, Some("Ada Reporter")).await?;
            let decision = struck(&site, &subject, "remove").await?;
            site.run_jobs().await?;
            let mut needles = if of_medium {
                vec![b"UNMISTAKABLE caption".to_vec(), b"UNMISTAKABLE alt".to_vec()]
            } else {
                vec![b"UNMISTAKABLE".to_vec()]
            };
            let own = |key: &&String| !of_medium || key.starts_with(all[0].id.as_str());
            let files = before.files.iter().filter(|(key, _)| own(key)).map(|(key, file)| (key.clone(), file.clone())).collect();
            needles.extend(pieces(&Seen { files, ..see(&site, &id).await? }));
            anyhow::ensure!(needles.len() > 2);
            assert_eq!(left_of(&site, &needles).await?, Vec::<String>::new(), "of a medium: {of_medium}");
            assert!(!quarantine_of(&site).await?.is_empty());
            let words = see(&site, &id).await?;
            assert!(of_medium || (words.post.text.is_empty() && words.snapshots.is_empty()));
            // A sweep, a day later, leaves it alone.
            site.site.clock.advance_ms(2 * 86_400_000);
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            let kept = quarantine_of(&site).await?;
            assert!(!kept.is_empty());
            // An open appeal keeps it beyond its time.
            let row = site.site.decision(&decision).await?.context("no decision")?;
            let removal = app::Removal { post_id: id.clone(), decision: row, appeal: None, of_media: 0 };
            assert_eq!(site.site.appeal(&removal, " \n").await?, Appealed::Words);
            assert_eq!(site.site.appeal(&removal, "It is only a kite.").await?, Appealed::Taken);
            assert_eq!(site.site.appeal(&removal, "It is only a kite.").await?, Appealed::Before);
            site.site.clock.advance_ms(KEEP_MS);
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            assert_eq!(quarantine_of(&site).await?, kept, "an appeal that nobody has answered lost what it is about");
            let appeals = site.site.open_appeals(9).await?;
            assert_eq!(site.site.answer(None, &appeals[0].id, app::Answer::Upheld, "It stays.").await?, app::Answered::Done);
            two_looks(&site).await?;
            assert_eq!(quarantine_of(&site).await?, Vec::<String>::new());
            let row = site.site.decision(&decision).await?.context("no decision")?;
            assert!(row.key.is_none() && row.destroyed.is_some());
            assert_eq!(state(&site, &decision, &subject).await?, RestrictionState::Destroyed);
            assert!(!site.site.undo(None, &decision).await?, "what was destroyed was undone");
            needles.extend([b"Ada Reporter".to_vec(), b"A kite is threatened".to_vec(), b"It is only a kite".to_vec()]);
            assert_eq!(left_of(&site, &needles).await?, Vec::<String>::new());
            // Its poster is still told why.
            assert!(of_medium || is_dark(&site, &id).await?);
        }
    }
    Ok(())
}

fn film(site: &TestSite) -> Result<Vec<u8>> {
    let path = site.dir().join("card.mp4");
    let card = ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p"];
    let made = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(card).arg(&path).status()?;
    anyhow::ensure!(made.success(), "ffmpeg made no film");
    let film = std::fs::read(&path)?;
    std::fs::remove_file(path)?;
    Ok(film)
}

async fn give_still(site: &TestSite, id: &PostId, video: &MediaId, file: &[u8]) -> Result<()> {
    let refused = |refusal| anyhow::anyhow!("{refusal:?}");
    let mut receiving = site.site.receive("still.png", 0).await.map_err(refused)?;
    receiving.write(bytes::Bytes::copy_from_slice(file)).await.map_err(refused)?;
    let still = Source::File(receiving.finish().await.map_err(refused)?);
    let Found::Post(view) = site.site.read(id, None, None).await? else { anyhow::bail!("it does not stand") };
    let kept = Edited::Kept { media_id: video.clone(), caption: None, alt: None, sensitive: false, still: Some(Some(still)) };
    Ok(site.site.edit((*view).into(), Edit { draft: Draft::default(), media: Some(vec![kept]), ..Edit::default() }).await?)
}

#[tokio::test]
async fn a_still_goes_with_its_video_also_one_that_is_on_its_way_and_comes_back_with_it() -> Result<()> {
    for site in grounds().await? {
        let id = post(&site, &[Part::File("card.mp4", &film(&site)?)]).await?;
        site.run_jobs().await?;
        let video = medium(&site, &id).await?;
        give_still(&site, &id, &video.id, &drawn(KITE)?).await?;
        site.run_jobs().await?;
        let (before, paths) = (see(&site, &id).await?, addresses(&site, &id).await?);
        assert_eq!(before.media.len(), 2);
        let decision = struck(&site, &of(&id, &video.id), "remove").await?;
        for path in &paths {
            assert_eq!(status(&site, path).await?, 410, "{path}");
        }
        site.run_jobs().await?;
        assert_eq!(left_of(&site, &pieces(&before)).await?, Vec::<String>::new());
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
        let now = see(&site, &id).await?;
        assert_eq!((now.files, now.media), (before.files, before.media));
        // One that is on its way when its video goes dark.
        give_still(&site, &id, &video.id, &drawn(OTHER)?).await?;
        let decision = struck_now(&site, &of(&id, &video.id)).await?;
        site.run_jobs().await?;
        let left = store::files::of_post(&site.site.store.db, &id).await?;
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(site.objects().await?.keys().filter(|key| !key.starts_with("quarantine/")).count(), 0);
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
    }
    Ok(())
}

/// Reports and decides at once, with no job between.
pub(super) async fn struck_now(site: &TestSite, subject: &Subject) -> Result<DecisionId> {
    tell(site, subject, None).await?;
    let case = case_of(site, subject).await?;
    Ok(decide(site, &case, "remove").await?.0)
}

#[tokio::test]
async fn what_is_still_being_prepared_when_its_post_goes_dark_leaves_nothing_and_its_words_come_back() -> Result<()> {
    for site in grounds().await? {
        for late in [false, true] {
            let kite = drawn(KITE)?;
            let id =
                post(&site, &[Part::Field("text", WORDS), Part::File("kite.png", &kite), Part::Field("caption", "UNMISTAKABLE")]).await?;
            // Prepared before its decision is settled, or never: the job was leased and its worker was killed.
            let killed = match late {
                true => store::jobs::lease(&site.site.store.db, app::job::MEDIA, site.now(), 60_000, "killed").await?,
                false => None,
            };
            assert_eq!(killed.is_some(), late);
            let decision = struck_now(&site, &whole(&id)).await?;
            site.run_jobs().await?;
            assert_eq!(left_of(&site, &[b"UNMISTAKABLE".to_vec()]).await?, Vec::<String>::new());
            let clear = site.objects().await?.into_keys().filter(|key| !key.starts_with("quarantine/")).collect::<Vec<_>>();
            assert_eq!(clear, Vec::<String>::new());
            site.site.clock.advance_ms(120_000);
            site.run_jobs().await?;
            assert!(is_dark(&site, &id).await?);
            assert!(site.site.undo(None, &decision).await?);
            site.run_jobs().await?;
            let own = medium(&site, &id).await?;
            assert_eq!(own.caption.as_deref(), Some("UNMISTAKABLE"));
            let wanted = if late { (MediaState::Refused, Some(Problem::Interrupted)) } else { (MediaState::Ready, None) };
            assert_eq!((own.state, own.problem), wanted);
            site.site.delete(&id).await?;
            site.run_jobs().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_poster_who_deletes_what_is_dark_ends_neither_its_quarantine_nor_its_undoing() -> Result<()> {
    for site in grounds().await? {
        for settled in [false, true] {
            for of_post in [false, true] {
                let id = photo(&site, WORDS, &drawn(KITE)?).await?;
                let subject = only(&site, &id).await?;
                let before = see(&site, &id).await?;
                let decision = struck(&site, &subject, "remove").await?;
                if settled {
                    site.run_jobs().await?;
                }
                if of_post {
                    site.site.delete(&id).await?;
                } else {
                    let Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it does not stand") };
                    let own = subject.media_id.clone().context("no medium")?;
                    assert!(site.site.remove_medium(&view, &own).await?);
                }
                site.run_jobs().await?;
                let row = site.site.decision(&decision).await?.context("no decision")?;
                assert!(row.key.is_some());
                for (file, _) in before.files.values() {
                    let kept = decisions::quarantined(&site.site.store.db, &decision, &file.blob).await?;
                    assert!(kept.is_some(), "its poster's deletion lost what must be kept");
                }
                assert!(!quarantine_of(&site).await?.is_empty());
                assert_eq!(left_of(&site, &pieces(&before)).await?, Vec::<String>::new());
                assert!(site.site.undo(None, &decision).await?);
                site.run_jobs().await?;
                assert_eq!(state(&site, &decision, &subject).await?, RestrictionState::Destroyed, "what its poster deleted came back");
                assert_eq!(site.objects().await?.len(), 0);
                assert_eq!(site.site.queue(9).await?.1, 0, "a case waits about what is gone");
                assert_eq!(super::jobs_left(&site).await?.1, 0);
                if !of_post {
                    site.site.delete(&id).await?;
                    site.run_jobs().await?;
                }
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_dark_post_outlives_its_end_as_long_as_it_is_dark_and_ends_when_it_comes_back() -> Result<()> {
    for site in grounds().await? {
        let id = post(&site, &[Part::Field("text", WORDS), Part::Field("expires", "1h"), Part::File("kite.png", &drawn(KITE)?)]).await?;
        site.run_jobs().await?;
        let decision = struck(&site, &whole(&id), "remove").await?;
        site.run_jobs().await?;
        site.site.clock.advance_ms(2 * 3_600_000);
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        assert!(is_dark(&site, &id).await?);
        assert!(!quarantine_of(&site).await?.is_empty());
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
        assert!(matches!(site.site.read(&id, None, None).await?, Found::Gone));
        assert!(site.objects().await?.is_empty());
        assert_eq!(left_of(&site, &[b"UNMISTAKABLE".to_vec()]).await?, Vec::<String>::new());
        assert!(store::posts::find(&site.site.store.db, &id).await?.is_none());
    }
    Ok(())
}

#[tokio::test]
async fn nothing_changes_or_opens_a_dark_post() -> Result<()> {
    for site in grounds().await? {
        let locked = post(&site, &[Part::Field("text", WORDS), Part::Field("password", "kite")]).await?;
        let counted = post(&site, &[Part::Field("text", OTHER_WORDS), Part::Field("views", "2")]).await?;
        let open = post(&site, &[Part::Field("text", "The third one is open to everybody and to nobody's harm")]).await?;
        let Found::Post(view) = site.site.read(&open, None, None).await? else { anyhow::bail!("it does not stand") };
        for id in [&locked, &counted, &open] {
            struck(&site, &whole(id), "remove").await?;
            site.run_jobs().await?;
        }
        let edit = Edit { draft: Draft { text: "changed".to_owned(), ..Draft::default() }, ..Edit::default() };
        assert!(site.site.edit((*view).into(), edit).await.is_err(), "an editor's old page changed what is dark");
        assert_eq!(see(&site, &open).await?.post.text, "");
        let password = Some(domain::Password::parse("kite").context("no password")?);
        assert!(matches!(site.site.open(&locked, password).await?, app::Opened::Gone));
        assert!(matches!(site.site.open(&counted, None).await?, app::Opened::Gone));
        let left = store::posts::find(&site.site.store.db, &counted).await?.context("gone")?.views_left;
        assert_eq!(left, Some(2), "an opening was used up on what is dark");
        for id in [&locked, &counted, &open] {
            assert!(is_dark(&site, id).await?);
            assert!(site.site.standing(id).await?.is_none());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_post_and_a_photo_of_it_that_two_decisions_took_come_back_in_either_order() -> Result<()> {
    for site in grounds().await? {
        for (photo_first, settle) in [(true, false), (true, true), (false, false), (false, true)] {
            let id = photo(&site, WORDS, &drawn(KITE)?).await?;
            let before = see(&site, &id).await?;
            let on_photo = struck(&site, &only(&site, &id).await?, "remove").await?;
            if settle {
                site.run_jobs().await?;
            }
            let on_post = struck_now(&site, &whole(&id)).await?;
            site.run_jobs().await?;
            assert_eq!(left_of(&site, &pieces(&before)).await?, Vec::<String>::new());
            let (first, second) = if photo_first { (&on_photo, &on_post) } else { (&on_post, &on_photo) };
            assert!(site.site.undo(None, first).await?);
            site.run_jobs().await?;
            assert_eq!(left_of(&site, &pieces(&before)).await?, Vec::<String>::new(), "it came back into the dark in clear");
            assert!(site.site.undo(None, second).await?);
            site.run_jobs().await?;
            let now = see(&site, &id).await?;
            assert_eq!((now.files, now.media, now.fingerprints), (before.files, before.media, before.fingerprints));
            assert_eq!(now.post.text, WORDS);
            site.site.delete(&id).await?;
            site.run_jobs().await?;
            assert!(site.objects().await?.is_empty());
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_back_meets_what_the_banks_have_learnt_meanwhile() -> Result<()> {
    let site = TestSite::new().await?;
    let kite = drawn(KITE)?;
    let id = photo(&site, WORDS, &kite).await?;
    let decision = struck(&site, &whole(&id), "remove").await?;
    site.run_jobs().await?;
    let other = photo(&site, OTHER_WORDS, &kite).await?;
    struck(&site, &only(&site, &other).await?, "remove").await?;
    site.run_jobs().await?;
    assert!(site.site.undo(None, &decision).await?);
    site.run_jobs().await?;
    assert_eq!(medium(&site, &id).await?.state, MediaState::Waiting, "what is removed elsewhere came back to everybody");
    Ok(())
}

#[tokio::test]
async fn a_decision_that_is_undone_while_its_quarantine_runs_loses_and_leaves_nothing() -> Result<()> {
    for site in grounds().await? {
        let mut posts = Vec::new();
        for seed in 0..6_u8 {
            posts.push(
                photo(&site, &format!("kite {seed}"), &disguised(&drawn(KITE)?, &format!("scale={}:-1", 400 + 20 * u32::from(seed)))?)
                    .await?,
            );
        }
        let mut before = Vec::new();
        for id in &posts {
            before.push(see(&site, id).await?);
        }
        let decision = struck(&site, &only(&site, &posts[0]).await?, "remove").await?;
        let site = &site;
        let (ran, undone) = tokio::join!(site.run_jobs(), async {
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
            site.site.undo(None, &decision).await
        });
        ran?;
        assert!(undone?);
        site.run_jobs().await?;
        for (id, before) in posts.iter().zip(&before) {
            let now = see(site, id).await?;
            assert_eq!((&now.files, &now.media, &now.fingerprints), (&before.files, &before.media, &before.fingerprints));
        }
        assert_eq!(quarantine_of(site).await?, Vec::<String>::new());
    }
    Ok(())
}

/// Each of these jobs of a decision twice, run by two workers at the same time.
pub(crate) async fn twice_at_once(site: &TestSite, kinds: &[&str], decision: &DecisionId) -> Result<()> {
    let mut tx = site.site.store.db.begin().await?;
    for kind in kinds.iter().chain(kinds) {
        let job = store::jobs::NewJob {
            kind: (*kind).to_owned(),
            payload: serde_json::json!({ "decision_id": decision }).to_string(),
            lane: app::job::LIGHT.to_owned(),
            run_at: site.now(),
            dedup_key: None,
        };
        store::jobs::enqueue(&mut tx, &job, site.now()).await?;
    }
    tx.commit().await?;
    let (first, second) = tokio::join!(site.run_jobs(), site.run_jobs());
    first?;
    second?;
    Ok(())
}

#[tokio::test]
async fn killed_in_the_middle_the_rest_is_done_by_the_next_worker_and_nothing_twice() -> Result<()> {
    for mut site in grounds().await? {
        site.test.leave_jobs();
        let kite = drawn(KITE)?;
        let (one, other) = (photo(&site, "one", &kite).await?, photo(&site, "other", &kite).await?);
        let before = [see(&site, &one).await?, see(&site, &other).await?];
        let decision = struck(&site, &only(&site, &one).await?, "remove").await?;
        // Two workers at once, the second because the first was taken for dead; and once more after both.
        for round in 0..2 {
            twice_at_once(&site, &[if round == 0 { "settle" } else { "restore" }], &decision).await?;
            if round == 0 {
                for id in [&one, &other] {
                    assert_eq!(state(&site, &decision, &only(&site, id).await?).await?, RestrictionState::Quarantined);
                }
                let rows = quarantine_of(&site).await?.len();
                let blobs: std::collections::BTreeSet<_> = before[0].files.values().map(|(file, _)| file.blob).collect();
                assert_eq!(rows, blobs.len() + 2, "one object a blob and one archive a post");
                assert!(site.site.undo(None, &decision).await?);
            }
        }
        for (id, before) in [&one, &other].into_iter().zip(before) {
            let now = see(&site, id).await?;
            assert_eq!((now.files, now.media), (before.files, before.media));
        }
        assert_eq!(quarantine_of(&site).await?, Vec::<String>::new());
        let refs = site.objects().await?.len();
        site.site.delete(&one).await?;
        site.site.delete(&other).await?;
        site.run_jobs().await?;
        assert!(site.objects().await?.is_empty(), "{refs} objects were counted wrongly");
    }
    Ok(())
}

#[tokio::test]
async fn an_original_of_each_file_role_comes_back() -> Result<()> {
    let site = TestSite::new().await?;
    let id = photo(&site, WORDS, &drawn(KITE)?).await?;
    let roles = |seen: &Seen| seen.files.values().map(|(file, _)| file.role).collect::<Vec<_>>();
    let before = roles(&see(&site, &id).await?);
    assert!(before.contains(&FileRole::Original) && before.contains(&FileRole::Variant));
    let decision = struck(&site, &whole(&id), "remove").await?;
    site.run_jobs().await?;
    assert!(roles(&see(&site, &id).await?).is_empty());
    site.site.undo(None, &decision).await?;
    site.run_jobs().await?;
    assert_eq!(roles(&see(&site, &id).await?), before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_comes_out_of_a_backup_brings_back_what_was_in_quarantine() -> Result<()> {
    for site in grounds().await? {
        let (id, other) = (rich(&site).await?, photo(&site, OTHER_WORDS, &drawn(OTHER)?).await?);
        let before = [see(&site, &id).await?, see(&site, &other).await?];
        let settled = struck(&site, &whole(&id), "remove").await?;
        site.run_jobs().await?;
        // The jobs of this one are in the backup.
        let fresh = struck(&site, &whole(&other), "remove").await?;
        let path = site.dir().join("handbill.db");
        let source = site.url.as_deref().map_or(store::backup::Source::Sqlite(&path), store::backup::Source::Postgres);
        let mut archive = Vec::new();
        let written = store::backup::write(source, &site.site.store.blobs, &mut archive, site.now(), |_| {}).await?;
        assert_eq!(written.lost, 0);
        site.run_jobs().await?;

        let folder = tempfile::tempdir()?;
        let (path, blobs) = (folder.path().join("handbill.db"), store::BlobStore::open_files(folder.path())?);
        store::backup::restore(store::backup::Target::Sqlite(&path), &blobs, &archive[..], site.now(), |_| {}).await?;
        let restored = store::Store { db: store::Db::open_sqlite(&path).await?, blobs };
        let again = TestSite::with(|parts| parts.store = restored).await?;
        assert!(is_dark(&again, &id).await? && is_dark(&again, &other).await?);
        again.run_jobs().await?;
        for needle in [&b"UNMISTAKABLE"[..], OTHER_WORDS.as_bytes()] {
            assert!(testkit::site::files_with(folder.path(), needle)?.is_empty());
        }
        assert_eq!(again.site.queue(9).await?.1, 0);
        for decision in [&settled, &fresh] {
            assert!(again.site.undo(None, decision).await?);
        }
        again.run_jobs().await?;
        for (id, before) in [&id, &other].into_iter().zip(before) {
            let now = see(&again, id).await?;
            assert_eq!((now.post, now.media, now.files, now.fingerprints), (before.post, before.media, before.files, before.fingerprints));
        }
        assert_eq!(quarantine_of(&again).await?, Vec::<String>::new());
    }
    Ok(())
}
