//! Evidence and retentions: what was removed is sealed for keys that are elsewhere, kept as long as something needs it, and then destroyed.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use app::evidence::{Manifest, OpenError};
use app::{NotKept, Recipient, evidence};
use domain::decision::KEEP_MS;
use domain::time::{DAY_MS, HOUR_MS};
use domain::{Category, DecisionId, Notice, NoticeKind, RawRetention, RetentionGround, Time};
use testkit::TestSite;
use testkit::site::Part;

use super::deciding::{
    Ground, KITE, OTHER_WORDS, WORDS, drawn, grounds, left_of, of, only, photo, pieces, quarantine_of, reported, rich, see, struck,
    struck_now, twice_at_once, two_looks, whole,
};
use super::post;

const YEAR_MS: i64 = 365 * DAY_MS;

/// A site that seals, and the identity that opens what it has sealed.
struct Sealing {
    ground: Ground,
    keys: tempfile::TempDir,
}

impl std::ops::Deref for Sealing {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground
    }
}

impl Sealing {
    fn identity(&self) -> std::path::PathBuf {
        self.keys.path().join("identity")
    }

    fn identities(&self) -> Result<Vec<Box<dyn evidence::Identity + Send + Sync>>> {
        Ok(evidence::identities(std::io::BufReader::new(std::fs::File::open(self.identity())?))?)
    }

    /// The sealed file of a decision.
    async fn sealed(&self, id: &DecisionId) -> Result<Vec<u8>> {
        let row = self.site.evidence_of(id).await?.context("nothing is sealed")?;
        let bytes = self.site.store.blobs.read_all(&row.object_key.context("it was destroyed")?).await?.to_vec();
        assert_eq!((bytes.len() as i64, sha256(&bytes)), (row.size_bytes, hex(&row.sha256)));
        Ok(bytes)
    }

    /// What Debian's `age` and `tar` make of it.
    async fn opened(&self, id: &DecisionId) -> Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        let sealed = folder.path().join("sealed.age");
        std::fs::write(&sealed, self.sealed(id).await?)?;
        let age = Command::new("age").args(["-d", "-i"]).arg(self.identity()).arg(&sealed).output();
        let age = age.context("Debian's package `age` is missing; `cargo xtask test` installs it")?;
        anyhow::ensure!(age.status.success(), "{}", String::from_utf8_lossy(&age.stderr));
        std::fs::remove_file(&sealed)?;
        let mut tar = Command::new("tar").args(["-x", "-C"]).arg(folder.path()).stdin(Stdio::piped()).spawn()?;
        tar.stdin.take().context("no pipe")?.write_all(&age.stdout)?;
        anyhow::ensure!(tar.wait()?.success(), "tar did not unpack it");
        Ok(folder)
    }
}

/// Sites of each kind that seal.
async fn sealing() -> Result<Vec<Sealing>> {
    let mut all = Vec::new();
    for ground in grounds().await? {
        let keys = tempfile::tempdir()?;
        let (identity, recipient) = evidence::keygen(Time(0));
        std::fs::write(keys.path().join("identity"), identity)?;
        let ground = with_recipients(ground, &[recipient]).await?;
        all.push(Sealing { ground, keys });
    }
    Ok(all)
}

/// The same site on the same storage, with these recipients.
async fn with_recipients(mut ground: Ground, recipients: &[Recipient]) -> Result<Ground> {
    let (store, chance) = (ground.site.store.clone(), app::Chance::seeded(u64::from(std::process::id())));
    let again = TestSite::with(|parts| {
        (parts.store, parts.evidence, parts.chance) = (store, recipients.to_vec(), chance);
    })
    .await?;
    ground.before.push(std::mem::replace(&mut ground.test, again));
    Ok(ground)
}

fn sha256(bytes: &[u8]) -> String {
    program("sha256sum", bytes)
}

fn program(name: &str, bytes: &[u8]) -> String {
    let mut child = Command::new(name).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("coreutils");
    child.stdin.take().expect("a pipe").write_all(bytes).expect("it reads");
    let out = child.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&out.stdout).split(' ').next().expect("a digest").to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let (mut found, mut left) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                left.push(path);
            } else {
                found.insert(path.strip_prefix(folder)?.display().to_string(), std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

fn json(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Result<serde_json::Value> {
    Ok(serde_json::from_slice(files.get(path).with_context(|| format!("{path} is missing: {:?}", files.keys()))?)?)
}

async fn acts(site: &TestSite) -> Result<Vec<&'static str>> {
    let told = store::audit::newest(&site.site.store.db, None, 100).await?;
    Ok(told.into_iter().map(|told| told.row.act.as_str()).collect())
}

fn order(category: Category) -> Notice {
    let explanation = "UNMISTAKABLE order about a kite".to_owned();
    Notice { kind: NoticeKind::TcoRemovalOrder, category, explanation, name: Some("A police of kites".to_owned()), email: None }
}

fn asked(ground: &str, until: &str) -> RawRetention {
    RawRetention { ground: Some(ground.into()), reference: Some("KWP 12/26".into()), until: Some(until.into()) }
}

#[tokio::test]
async fn what_was_removed_is_sealed_and_debians_age_opens_it_with_every_hash_right() -> Result<()> {
    for site in sealing().await? {
        let id = rich(&site).await?;
        let before = see(&site, &id).await?;
        let case = reported(&site, &whole(&id)).await?;
        let decision = struck(&site, &whole(&id), "remove").await?;
        site.run_jobs().await?;
        let found = files(site.opened(&decision).await?.path())?;
        // The manifest's hashes, counted by others.
        let manifest: Manifest = serde_json::from_slice(found.get("manifest.json").context("no manifest")?)?;
        assert_eq!(manifest.entries.len() + 1, found.len(), "{:?}", found.keys());
        for entry in &manifest.entries {
            let bytes = &found[&entry.path];
            assert_eq!(entry.size_bytes, bytes.len() as u64);
            assert_eq!((entry.sha256.as_str(), entry.md5.as_str()), (sha256(bytes).as_str(), program("md5sum", bytes).as_str()));
        }
        assert_eq!(
            (manifest.decision.as_str(), manifest.category, manifest.never_shown),
            (decision.as_str(), Some(Category::Violence), false)
        );
        let steps: Vec<&str> = manifest.custody.iter().map(|step| step.what.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(steps, ["notice", "notice", "decided,", "copied"]);
        // What was published, as it was.
        let said = json(&found, &format!("posts/{id}/post.json"))?;
        assert_eq!((said["title"].as_str(), said["text"].as_str()), (Some("UNMISTAKABLE title"), Some(WORDS)));
        assert_eq!(said["published"].as_str().map(str::len), Some(20));
        let kite = &said["media"][0];
        assert_eq!((kite["caption"].as_str(), kite["alt"].as_str()), (Some("UNMISTAKABLE caption"), Some("UNMISTAKABLE alt")));
        assert_eq!(kite["arrived"]["sha256"].as_str(), Some(sha256(&drawn(KITE)?).as_str()), "the hash of the file as it arrived");
        assert_eq!(kite["arrived"]["md5"].as_str(), Some(program("md5sum", &drawn(KITE)?).as_str()));
        for (file, bytes) in before.files.values().filter(|(file, _)| file.role == domain::FileRole::Original) {
            let path = format!("files/{}.{}", hex(&file.blob), domain::media::extension(&file.content_type).context("a type")?);
            assert_eq!(found.get(&path), Some(bytes), "{path}");
        }
        let page = String::from_utf8(found[&format!("posts/{id}/page.html")].clone())?;
        assert!(page.contains(kite["file"].as_str().context("it was ready")?) && page.contains("the red kite flies"), "{page}");
        let notices = json(&found, "notices.json")?;
        assert_eq!(notices.as_array().map(Vec::len), Some(2));
        assert!(notices[0]["case"] == case.as_str() && notices[0]["explanation"] == "A kite is threatened.");
        assert_eq!(json(&found, "decision.json")?["facts"], "It threatens a kite.");
        // Sealing it is all that it does: nobody else opens it, and nothing is in clear.
        let mut needles = pieces(&before);
        needles.push(b"UNMISTAKABLE".to_vec());
        assert_eq!(left_of(&site, &needles).await?, Vec::<String>::new());
        assert!(acts(&site).await?.contains(&"evidence_sealed"));
        // The same again seals nothing twice.
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        assert_eq!(site.site.store.blobs.list("evidence").await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_medium_is_sealed_alone_and_a_file_that_many_posts_show_once() -> Result<()> {
    for site in sealing().await? {
        let kite = drawn(KITE)?;
        let (one, other) = (photo(&site, WORDS, &kite).await?, photo(&site, OTHER_WORDS, &kite).await?);
        let subject = only(&site, &one).await?;
        let decision = struck(&site, &subject, "remove").await?;
        site.run_jobs().await?;
        let found = files(site.opened(&decision).await?.path())?;
        assert_eq!(found.keys().filter(|path| path.starts_with("files/")).count(), 1, "{:?}", found.keys());
        for id in [&one, &other] {
            let own = only(&site, id).await?.media_id.context("no medium")?;
            let said = json(&found, &format!("posts/{id}/media/{own}.json"))?;
            assert_eq!((said["whole"].as_bool(), said["text"].as_str()), (Some(false), None), "words that stand are nobody's evidence");
            assert_eq!(said["media"][0]["caption"].as_str(), Some("a CAPTION of it"));
            assert!(found.contains_key(&format!("posts/{id}/media/{own}.html")));
        }
        assert_eq!(site.site.evidence_of(&decision).await?.context("nothing is sealed")?.holds, 2);
    }
    Ok(())
}

#[tokio::test]
async fn as_long_as_nobody_is_named_quarantine_is_kept_instead_and_is_sealed_once_somebody_is() -> Result<()> {
    for ground in grounds().await? {
        let id = photo(&ground, WORDS, &drawn(KITE)?).await?;
        let decision = struck(&ground, &whole(&id), "remove").await?;
        ground.run_jobs().await?;
        assert!(ground.site.evidence_of(&decision).await?.is_none() && !ground.site.seals_evidence());
        // Somebody investigates: it is kept beyond the time to complain, in quarantine.
        let day = domain::retention::end_of_day("2028-11-26").context("a day")?;
        let kept =
            ground.site.keep_for(None, &decision, asked("preservation", "2028-11-26")).await?.map_err(|no| anyhow::anyhow!("{no}"))?;
        assert_eq!((kept.retention.ground, kept.retention.until), (RetentionGround::Preservation, day));
        ground.site.clock.advance_ms(KEEP_MS + DAY_MS);
        ground.site.queue_upkeep().await?;
        ground.run_jobs().await?;
        ground.site.clock.advance_ms(2 * DAY_MS);
        ground.run_jobs().await?;
        let held = quarantine_of(&ground).await?;
        assert!(!held.is_empty(), "what an authority asked for was destroyed");
        // Now it is sealed, which is enough for that; and so its quarantine ends.
        let (_, recipient) = evidence::keygen(Time(0));
        let now = ground.now();
        let site = with_recipients(ground, &[recipient]).await?;
        site.site.clock.advance_ms(now.since_ms(site.now()) + HOUR_MS);
        site.run_jobs().await?;
        let row = site.site.evidence_of(&decision).await?.context("it was not sealed")?;
        assert!(row.object_key.is_some());
        two_looks(&site).await?;
        assert_eq!(quarantine_of(&site).await?, Vec::<String>::new());
        assert!(site.site.evidence_of(&decision).await?.context("gone")?.object_key.is_some(), "evidence went with the quarantine");
        // And when its last retention ends, it goes as well.
        site.site.clock.advance_ms(day.since_ms(site.now()) + HOUR_MS);
        site.run_jobs().await?;
        assert!(site.site.evidence_of(&decision).await?.context("gone")?.object_key.is_some(), "destroyed at the first look");
        site.site.clock.advance_ms(DAY_MS + HOUR_MS);
        site.run_jobs().await?;
        let row = site.site.evidence_of(&decision).await?.context("that it was there is not known any more")?;
        assert!(row.object_key.is_none() && row.destroyed.is_some());
        assert_eq!(site.site.store.blobs.list("").await?, Vec::<String>::new());
        assert_eq!(left_of(&site, &[b"UNMISTAKABLE".to_vec(), b"a CAPTION".to_vec()]).await?, Vec::<String>::new());
        let acts = acts(&site).await?;
        for act in ["retention_added", "evidence_sealed", "quarantine_destroyed", "evidence_destroyed"] {
            assert_eq!(acts.iter().filter(|one| **one == act).count(), 1, "{act}: {acts:?}");
        }
        assert!(matches!(site.site.keep_for(None, &decision, asked("law", "2029-11-26")).await?, Err(NotKept::Nothing)));
    }
    Ok(())
}

#[tokio::test]
async fn a_removal_order_keeps_what_it_took_for_six_months_by_its_own_ground() -> Result<()> {
    for site in grounds().await? {
        let (ordered, plain) = (photo(&site, WORDS, &drawn(KITE)?).await?, post(&site, &[Part::Field("text", OTHER_WORDS)]).await?);
        site.site.give_notice(&[whole(&ordered)], &order(Category::Terrorism), None).await?.context("it does not stand")?;
        let grounds = async |id: &DecisionId| -> Result<Vec<&'static str>> {
            let all = site.site.retentions(id).await?;
            assert!(all.iter().all(|one| one.retention.until.since_ms(one.created) == KEEP_MS && one.moderator.is_none()));
            Ok(all.iter().map(|one| one.retention.ground.as_str()).collect())
        };
        let first = struck(&site, &whole(&ordered), "remove").await?;
        let mut of_order = grounds(&first).await?;
        of_order.sort_unstable();
        assert_eq!(of_order, ["appeal", "tco"]);
        let second = struck(&site, &whole(&plain), "remove").await?;
        assert_eq!(grounds(&second).await?, ["appeal"]);
        let covered = struck(&site, &whole(&post(&site, &[Part::Field("text", "one more kite of them all")]).await?), "cover").await?;
        assert!(grounds(&covered).await?.is_empty(), "what is covered is not kept");
        assert!(matches!(site.site.keep_for(None, &covered, asked("law", "2027-11-26")).await?, Err(NotKept::Nothing)));
        // Somebody who is no operator does not say how long.
        let nobody = domain::ModeratorId::from_random([7; 16]);
        assert!(matches!(site.site.keep_for(Some(&nobody), &first, asked("law", "2027-11-26")).await?, Err(NotKept::NotAllowed)));
        assert!(matches!(site.site.keep_for(None, &first, asked("appeal", "2027-11-26")).await?, Err(NotKept::Asked(_))));
        site.run_jobs().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_that_jumps_far_ahead_destroys_nothing_at_once_and_nothing_at_all_once_it_is_right() -> Result<()> {
    for site in sealing().await? {
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        let decision = struck(&site, &whole(&id), "remove").await?;
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        let held = site.objects().await?;
        for jump in [YEAR_MS, 20 * YEAR_MS] {
            site.site.clock.advance_ms(jump);
            // Some hours of work by the wrong clock.
            for _ in 0..6 {
                site.run_jobs().await?;
                site.site.clock.advance_ms(HOUR_MS);
            }
            site.site.clock.advance_ms(-jump);
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            site.site.clock.advance_ms(2 * DAY_MS);
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            assert_eq!(site.objects().await?, held, "{jump}");
        }
        // By the right clock it ends, also if a mark was left from the future.
        site.site.clock.advance_ms(KEEP_MS);
        two_looks(&site).await?;
        assert_eq!(site.site.store.blobs.list("").await?, Vec::<String>::new());
        assert!(site.site.decision(&decision).await?.context("gone")?.destroyed.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn what_is_given_back_is_evidence_no_longer_unless_somebody_else_needs_it() -> Result<()> {
    for site in sealing().await? {
        for preserved in [false, true] {
            let id = photo(&site, &format!("{WORDS} {preserved}"), &drawn(KITE)?).await?;
            let decision = struck(&site, &whole(&id), "remove").await?;
            site.run_jobs().await?;
            if preserved {
                let until = site.now().plus_ms(YEAR_MS);
                let day = format!("{}", 1970 + until.0 / (YEAR_MS + DAY_MS / 4)) + "-12-31";
                assert!(site.site.keep_for(None, &decision, asked("preservation", &day)).await?.is_ok());
            }
            assert!(site.site.undo(None, &decision).await?);
            site.run_jobs().await?;
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            site.site.clock.advance_ms(DAY_MS + HOUR_MS);
            site.run_jobs().await?;
            let row = site.site.evidence_of(&decision).await?.context("gone")?;
            assert_eq!((row.object_key.is_some(), row.destroyed.is_none()), (preserved, preserved));
            if preserved {
                let found = files(site.opened(&decision).await?.path())?;
                assert!(found.contains_key(&format!("posts/{id}/post.json")));
            }
            site.site.delete(&id).await?;
            site.run_jobs().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn undone_before_it_is_sealed_or_meanwhile_it_leaves_nothing_and_two_workers_seal_once() -> Result<()> {
    for mut site in sealing().await? {
        site.ground.test.leave_jobs();
        let id = photo(&site, WORDS, &drawn(KITE)?).await?;
        let decision = struck(&site, &whole(&id), "remove").await?;
        assert!(site.site.undo(None, &decision).await?);
        site.run_jobs().await?;
        assert!(site.site.evidence_of(&decision).await?.is_none());
        let decision = struck_now(&site, &whole(&id)).await?;
        twice_at_once(&site, &["settle", "seal"], &decision).await?;
        assert_eq!(site.site.store.blobs.list("evidence").await?.len(), 1);
        site.sealed(&decision).await?;
    }
    Ok(())
}

#[tokio::test]
async fn evidence_opens_only_whole_for_its_own_key_into_a_new_folder_and_a_child_s_is_not_laid_out() -> Result<()> {
    let site = sealing().await?.remove(0);
    let id = photo(&site, WORDS, &drawn(KITE)?).await?;
    let told = Notice { kind: NoticeKind::Notice, ..order(Category::ChildAbuse) };
    site.site.give_notice(&[whole(&id)], &told, None).await?.context("it does not stand")?;
    let decision = struck_now(&site, &whole(&id)).await?;
    site.run_jobs().await?;
    let (sealed, own) = (site.sealed(&decision).await?, site.identities()?);
    let manifest = evidence::check(&sealed[..], &own)?;
    assert!(manifest.never_shown && manifest.category == Some(Category::ChildAbuse));
    let folder = tempfile::tempdir()?;
    let (to, all) = (folder.path().join("words"), folder.path().join("all"));
    evidence::unpack(&sealed[..], &own, &manifest, &to, false)?;
    let found = files(&to)?;
    assert!(found.keys().all(|path| !path.starts_with("files/")), "{:?}", found.keys());
    let page = String::from_utf8(found[&format!("posts/{id}/page.html")].clone())?;
    assert!(!page.contains("<img") && !page.contains("files/"), "a child's picture is shown: {page}");
    assert_eq!(evidence::unpack(&sealed[..], &own, &manifest, &all, true)?, manifest.entries.len() + 1);
    assert_eq!(files(&all)?.keys().filter(|path| path.starts_with("files/")).count(), 1);
    assert!(matches!(evidence::unpack(&sealed[..], &own, &manifest, &all, true), Err(OpenError::Exists(_))));
    let (other, _) = evidence::keygen(Time(0));
    assert!(matches!(evidence::check(&sealed[..], &evidence::identities(other.as_bytes())?), Err(OpenError::OtherKey)));
    assert!(matches!(evidence::identities(&b"ola@kites.example"[..]), Err(OpenError::NoIdentity)));
    // Cut off anywhere, or with any part of it turned, it is not taken.
    for cut in [0, 20, 200, sealed.len() / 2, sealed.len() - 1] {
        assert!(evidence::check(&sealed[..cut], &own).is_err(), "{cut}");
    }
    for at in [10, 150, 300, sealed.len() / 2, sealed.len() - 1] {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(evidence::check(&altered[..], &own).is_err(), "{at}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_comes_out_of_a_backup_has_its_evidence_and_its_retentions() -> Result<()> {
    for site in sealing().await? {
        let id = rich(&site).await?;
        let all = store::media::of_post(&site.site.store.db, &id).await?;
        let decision = struck(&site, &of(&id, &all[0].id), "remove").await?;
        site.run_jobs().await?;
        let sealed = site.sealed(&decision).await?;
        let path = site.database();
        let source = site.url.as_deref().map_or(store::backup::Source::Sqlite(&path), store::backup::Source::Postgres);
        let mut archive = Vec::new();
        store::backup::write(source, &site.site.store.blobs, &mut archive, site.now(), |_| {}).await?;
        let folder = tempfile::tempdir()?;
        let (path, blobs) = (folder.path().join("handbill.db"), store::BlobStore::open_files(folder.path())?);
        store::backup::restore(store::backup::Target::Sqlite(&path), &blobs, &archive[..], site.now(), |_| {}).await?;
        let restored = store::Store { db: store::Db::open_sqlite(&path).await?, blobs };
        let again = TestSite::with(|parts| parts.store = restored).await?;
        let row = again.site.evidence_of(&decision).await?.context("its evidence is lost")?;
        let key = row.object_key.context("its evidence is lost")?;
        assert_eq!(again.site.store.blobs.read_all(&key).await?.to_vec(), sealed);
        assert_eq!(again.site.retentions(&decision).await?, site.site.retentions(&decision).await?);
        again.site.queue_upkeep().await?;
        again.site.clock.advance_ms(3 * DAY_MS);
        again.run_jobs().await?;
        assert!(again.site.store.blobs.list("evidence").await?.contains(&key), "the sweeper took it");
    }
    Ok(())
}

/// Runs a statement as the server's operator would.
fn psql(url: &str, statement: &str) -> Result<()> {
    let done = Command::new("psql").args(["-q", "-d", url, "-c", statement]).status()?;
    anyhow::ensure!(done.success(), "{statement}");
    Ok(())
}

#[tokio::test]
async fn postgresql_s_own_tables_hold_nothing_of_what_was_removed_once_it_has_written_them_anew() -> Result<()> {
    let cluster = tokio::task::spawn_blocking(testkit::postgres::Cluster::start).await??;
    let url = cluster.fresh_database()?;
    let (_, folder) = url.split_once("host=").context("no folder")?;
    let tables = Path::new(folder).join("data/base");
    store::Db::migrate_postgres(&url).await?;
    let db = store::Db::open_postgres(&url).await?;
    let (_, recipient) = evidence::keygen(Time(0));
    let site = TestSite::with(|parts| (parts.store.db, parts.evidence) = (db, vec![recipient])).await?;
    let id = rich(&site).await?;
    psql(&url, "CHECKPOINT")?;
    let found = || testkit::site::files_with(&tables, b"UNMISTAKABLE");
    assert!(!found()?.is_empty(), "it is looked for in the wrong place");
    let decision = struck(&site, &whole(&id), "remove").await?;
    site.run_jobs().await?;
    assert!(site.site.evidence_of(&decision).await?.is_some());
    // Its pages keep what was there until they are written anew (docs/operating.md).
    psql(&url, "VACUUM FULL")?;
    psql(&url, "CHECKPOINT")?;
    assert_eq!(found()?, Vec::<std::path::PathBuf>::new());
    site.site.store.db.close().await;
    Ok(())
}
