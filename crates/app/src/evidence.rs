//! Evidence: what a decision took away, as it was published, sealed for keys that its operator keeps elsewhere.
//!
//! It is made of the quarantine, so it holds what was taken away and nothing that came later, and it can be made at any time while that is kept:
//! also when somebody first says for whom. The form is a tar in an age file (docs/evidence.md): every program that reads these two opens it
//! without Handbill. This site cannot open what it has sealed.

mod manifest;
mod open;
mod page;
mod sealing;

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::str::FromStr;

use age::x25519;
use domain::{
    Act, Action, Category, DecisionId, FilingId, Fingerprint, FingerprintKind, MediaKind, PostId, RestrictionState, Retention, Time,
};
use serde::{Deserialize, Serialize};
use store::evidence::EvidenceRow;
use store::{DecisionRow, FilingRow, NoticeRow, PartyRow, RestrictionRow};

pub use age::Identity;

pub use self::manifest::{Custody, Entry, Manifest};
pub use self::open::{OpenError, check, identities, unpack};
use self::page::{Page, Shown};
use self::sealing::Sealing;
use crate::act::Failed;
use crate::quarantine::{Archive, ArchivedMedium, Kept};
use crate::{Error, Job, Site};

/// Subjects that are read at a time.
const PAGE: i64 = 100;
/// Notices of a case that are sealed with it.
const NOTICES: i64 = 10_000;

/// For whom evidence is sealed: an age recipient whose identity is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient(String);

/// Why it is no recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// A secret where the other half belongs.
    #[error(
        "this is a secret identity, which now stands in a file of this machine: make a new one elsewhere (`handbill evidence keygen`, or \
         age-keygen), keep that there, and write only its recipient, which begins with age1, here"
    )]
    Secret,
    /// Anything else.
    #[error("this is no age recipient: one begins with age1 and has 62 characters, as `handbill evidence keygen` prints it")]
    Unreadable,
}

impl Recipient {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY") {
            return Err(RecipientError::Secret);
        }
        text.parse::<x25519::Recipient>().map_err(|_| RecipientError::Unreadable)?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Recipient {
    type Error = RecipientError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.0
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A new identity, as `age-keygen` writes one, and its recipient.
#[must_use]
pub fn keygen(now: Time) -> (String, Recipient) {
    use age::secrecy::ExposeSecret as _;
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = format!("# created: {}\n# public key: {recipient}\n{}\n", iso(now), identity.to_string().expose_secret());
    (text, Recipient(recipient))
}

/// A sealed file, and until when it is kept.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// It.
    pub row: EvidenceRow,
    /// Of what it was said to be, the worst.
    pub category: Option<Category>,
    /// When the last of its retentions ends.
    pub until: Option<Time>,
}

/// How far a seal came.
#[derive(PartialEq, Eq)]
enum Step {
    Done,
    /// The decision was undone meanwhile, or another worker was faster.
    Useless,
}

/// What stands in `decision.json`.
#[derive(Serialize)]
struct Decided<'a> {
    id: &'a str,
    case: &'a str,
    action: &'a str,
    ground: &'a str,
    reference: &'a str,
    facts: &'a str,
    category: Option<&'a str>,
    policy_version: Option<i64>,
    origin: &'a str,
    decided: String,
    by: Option<&'a str>,
    commitment: String,
    blind: String,
    kept: Vec<KeptFor<'a>>,
}

#[derive(Serialize)]
struct KeptFor<'a> {
    ground: &'a str,
    reference: &'a str,
    until: String,
}

/// What stands in `post.json`, or of a medium alone in a file of its name.
#[derive(Serialize)]
struct Published<'a> {
    post: &'a str,
    /// The whole post was removed, and not only a medium of it.
    whole: bool,
    published: Option<String>,
    edited: Option<String>,
    ends: Option<String>,
    title: Option<&'a str>,
    language: Option<&'a str>,
    text: Option<&'a str>,
    html: Option<&'a str>,
    media: Vec<PublishedMedium<'a>>,
    /// What it said when notice was given of it.
    said: Vec<serde_json::Value>,
}

#[derive(Serialize)]
struct PublishedMedium<'a> {
    id: &'a str,
    position: Option<i64>,
    kind: Option<&'a str>,
    name: Option<&'a str>,
    caption: Option<&'a str>,
    alt: Option<&'a str>,
    width: Option<i64>,
    height: Option<i64>,
    duration_ms: Option<i64>,
    still_of: Option<&'a str>,
    /// Where its bytes are in the archive.
    file: Option<String>,
    content_type: Option<&'a str>,
    /// Of the upload as it arrived.
    arrived: Option<Arrived>,
}

#[derive(Serialize)]
struct Arrived {
    sha256: Option<String>,
    md5: Option<String>,
}

impl Site {
    /// Whether anything is sealed.
    #[must_use]
    pub fn seals_evidence(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// How many decisions keep something that is not sealed.
    pub async fn unsealed(&self) -> Result<i64, Error> {
        Ok(store::evidence::count_unsealed(&self.store.db).await?)
    }

    /// The evidence of a decision.
    pub async fn evidence_of(&self, id: &DecisionId) -> Result<Option<EvidenceRow>, Error> {
        Ok(store::evidence::find(&self.store.db, id).await?)
    }

    /// At most `limit` sealed files, the newest first, from after the one of this time and decision.
    pub async fn list_evidence(&self, after: Option<(Time, &DecisionId)>, limit: i64) -> Result<Vec<Sealed>, Error> {
        let db = &self.store.db;
        let mut all = Vec::new();
        for row in store::evidence::list(db, after, limit).await? {
            let category = store::decisions::find(db, &row.decision_id).await?.and_then(|decision| decision.category);
            let until = store::evidence::until(db, &row.decision_id).await?;
            all.push(Sealed { row, category, until });
        }
        Ok(all)
    }

    /// Queues the sealing of what is in quarantine and was not sealed, as after somebody first said for whom.
    pub(crate) async fn queue_seals(&self) -> Result<(), Error> {
        let mut last = None;
        while self.seals_evidence() {
            let page = store::evidence::wanting(&self.store.db, last.as_ref(), PAGE).await?;
            let mut tx = self.store.db.begin_light().await?;
            for id in &page {
                self.enqueue(&mut tx, &Job::Seal { decision_id: id.clone() }).await?;
            }
            tx.commit().await?;
            match page.into_iter().last() {
                Some(id) => last = Some(id),
                None => break,
            }
        }
        Ok(())
    }

    /// Seals what a decision took away, unless as much of it is sealed already.
    pub(crate) async fn seal(&self, id: &DecisionId) -> Result<(), Error> {
        if !self.seals_evidence() {
            return Ok(());
        }
        let db = &self.store.db;
        let Some(row) = store::decisions::find(db, id).await?.filter(|row| row.undone.is_none()) else { return Ok(()) };
        let Some(key) = row.key.as_deref() else { return Ok(()) };
        let identity = crate::quarantine::identity(key)?;
        let mut held = Vec::new();
        loop {
            let page = store::decisions::in_state(db, id, RestrictionState::Quarantined, held.last().map(subject_of), PAGE).await?;
            if page.is_empty() {
                break;
            }
            held.extend(page);
        }
        let before = store::evidence::find(db, id).await?;
        let holds = i64::try_from(held.len()).unwrap_or(i64::MAX);
        if holds == 0 || before.is_some_and(|before| before.destroyed.is_some() || before.holds >= holds) {
            return Ok(());
        }
        let sealed = self.sealed(&row, &identity, &held).await?;
        let evidence = EvidenceRow {
            decision_id: id.clone(),
            object_key: Some(sealed.key.clone()),
            sha256: sealed.sha256,
            size_bytes: i64::try_from(sealed.size).unwrap_or(i64::MAX),
            holds,
            recipients: self.evidence.iter().map(Recipient::as_str).collect::<Vec<_>>().join(" "),
            sealed: sealed.at,
            destroyed: None,
        };
        let done = self.note_evidence(&evidence).await;
        if self.or_give_up(std::slice::from_ref(&sealed.key), done).await? == Step::Useless {
            self.give_up(&sealed.key).await;
        }
        Ok(())
    }

    async fn note_evidence(&self, row: &EvidenceRow) -> Result<Step, Failed> {
        let mut tx = self.store.db.begin().await?;
        if !store::decisions::stands(&mut tx, &row.decision_id).await? || !store::evidence::put(&mut tx, row).await? {
            return Ok(Step::Useless);
        }
        let detail = serde_json::json!({ "holds": row.holds, "bytes": row.size_bytes });
        self.note(&mut tx, None, Act::EvidenceSealed, row.decision_id.as_str(), &detail).await?;
        tx.commit().await.map_err(Failed::commit)?;
        Ok(Step::Done)
    }

    async fn sealed(&self, row: &DecisionRow, identity: &x25519::Identity, held: &[RestrictionRow]) -> Result<sealing::Whole, Error> {
        let db = &self.store.db;
        let mut notices = Vec::new();
        let mut filings: BTreeMap<FilingId, serde_json::Value> = BTreeMap::new();
        for case in store::evidence::cases(db, &row.id).await? {
            notices.extend(store::notices::of_case(db, &case, NOTICES).await?);
            for filing in store::filings::of_case(db, &case).await? {
                let party = store::parties::find(db, &filing.party_id).await?;
                filings.insert(filing.id.clone(), filed(&filing, party.as_ref()));
            }
        }
        let never_shown = row.category.is_some_and(Category::is_never_shown)
            || notices.iter().any(|one: &NoticeRow| one.notice.category.is_never_shown());
        let by = match row.moderator.as_deref().and_then(domain::ModeratorId::parse) {
            Some(id) => store::moderators::find(db, &id).await?.map(|one| one.name),
            None => None,
        };
        let kept: Vec<Retention> = store::retentions::of_decision(db, &row.id).await?.into_iter().map(|one| one.retention).collect();
        let mut sealing = Sealing::begin(&self.evidence, self.store.blobs.evidence().await?, row.created)?;
        sealing.small("decision.json", &pretty(&decided(row, by.as_deref(), &kept))?).await?;
        sealing.small("notices.json", &pretty(&notices.iter().map(told).collect::<Vec<_>>())?).await?;
        sealing.small("filings.json", &pretty(&filings.into_values().collect::<Vec<_>>())?).await?;
        let mut files = HashSet::new();
        for restriction in held {
            let archive = self.archive(identity, restriction).await?;
            self.seal_subject(&mut sealing, restriction, &archive, never_shown).await?;
            for file in archive.media.iter().filter_map(ArchivedMedium::original) {
                if !files.insert(file.sha256) {
                    continue;
                }
                let missing = || std::io::Error::other("a blob is missing in quarantine");
                let found = store::decisions::quarantined(db, &row.id, &file.sha256).await?.ok_or_else(missing)?;
                let plain = self.decrypted(identity, &found.object_key).await?;
                sealing.file(&file_path(file.sha256, &file.content_type), found.size_bytes, &file.sha256, plain).await?;
            }
        }
        let now = self.clock.now();
        let custody = custody(row, by.as_deref(), &notices, now, &self.evidence);
        sealing.finish(row, never_shown, custody, now).await
    }

    async fn seal_subject(&self, sealing: &mut Sealing, of: &RestrictionRow, archive: &Archive, never_shown: bool) -> Result<(), Error> {
        let post = &of.subject.post_id;
        let (folder, name, up) = match &of.subject.media_id {
            None => (format!("posts/{post}"), "post".to_owned(), "../.."),
            Some(medium) => (format!("posts/{post}/media"), medium.to_string(), "../../.."),
        };
        sealing.small(&format!("{folder}/{name}.json"), &pretty(&published(post, of.subject.media_id.is_none(), archive))?).await?;
        if let Some(text) = archive.words.text.as_deref().filter(|_| of.subject.media_id.is_none()) {
            let words = match &archive.words.title {
                Some(title) => format!("# {title}\n\n{text}\n"),
                None => format!("{text}\n"),
            };
            sealing.small(&format!("{folder}/words.md"), words.as_bytes()).await?;
        }
        let media = archive.media.iter().map(|medium| shown(medium, up)).collect();
        let is_post = of.subject.media_id.is_none();
        let page = Page {
            post: post.as_str(),
            title: archive.words.title.as_deref().filter(|_| is_post),
            language: archive.words.language.as_deref(),
            published: archive.post.as_ref().map(|facts| iso(Time(facts.created_ms))),
            html: archive.words.html.as_deref().filter(|_| is_post).unwrap_or_default(),
            media,
            hidden: never_shown,
        };
        let name = if is_post { "page" } else { name.as_str() };
        sealing.small(&format!("{folder}/{name}.html"), page.draw().as_bytes()).await
    }
}

fn subject_of(row: &RestrictionRow) -> &store::Subject {
    &row.subject
}

/// A time as machines read it.
pub(crate) fn iso(time: Time) -> String {
    jiff::Timestamp::from_millisecond(time.0).map_or_else(|_| String::new(), |stamp| stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Where a file lies in the archive: once, by its hash, however many posts showed it.
fn file_path(sha256: [u8; 32], content_type: &str) -> String {
    format!("files/{}.{}", hex::encode(sha256), domain::media::extension(content_type).unwrap_or("bin"))
}

fn decided<'a>(row: &'a DecisionRow, by: Option<&'a str>, kept: &'a [Retention]) -> Decided<'a> {
    let decision = &row.decision;
    let kept_for = |one: &'a Retention| KeptFor { ground: one.ground.as_str(), reference: &one.reference, until: iso(one.until) };
    Decided {
        id: row.id.as_str(),
        case: row.case_id.as_str(),
        action: decision.action.as_str(),
        ground: decision.ground.as_str(),
        reference: &decision.reference,
        facts: &decision.facts,
        category: row.category.map(Category::as_str),
        policy_version: row.policy_version,
        origin: row.origin.as_str(),
        decided: iso(row.created),
        by,
        commitment: hex::encode(row.commitment),
        blind: hex::encode(row.blind),
        kept: kept.iter().map(kept_for).collect(),
    }
}

fn told(row: &NoticeRow) -> serde_json::Value {
    let notice = &row.notice;
    serde_json::json!({
        "id": row.id, "case": row.case_id, "received": iso(row.created), "kind": notice.kind.as_str(), "category": notice.category.as_str(),
        "explanation": notice.explanation, "name": notice.name, "email": notice.email, "filing": row.filing, "language": row.language,
        "version": row.version,
    })
}

/// What a registered party filed, and who that is.
fn filed(row: &FilingRow, party: Option<&PartyRow>) -> serde_json::Value {
    let party = party.map(|row| {
        let party = &row.party;
        serde_json::json!({ "id": row.id, "name": party.name.as_str(), "kind": party.kind.as_str(), "jurisdiction": party.jurisdiction.as_str() })
    });
    let (notice, order) = (&row.filing.notice, &row.filing.order);
    let reasons: Vec<&str> = order.reasons.iter().map(|reason| reason.as_str()).collect();
    serde_json::json!({
        "id": row.id, "party": party, "received": iso(row.received), "due": row.due.map(iso), "kind": notice.kind.as_str(),
        "category": notice.category.as_str(), "explanation": notice.explanation, "reference": order.reference, "legal_basis": order.legal_basis,
        "issued": order.issued.map(iso), "reasons": reasons, "asks": order.asks, "redress": order.redress, "silent_until": row.silent_until.map(iso),
    })
}

fn published<'a>(post: &'a PostId, whole: bool, archive: &'a Archive) -> Published<'a> {
    let facts = archive.post.as_ref();
    let at = |ms: Option<i64>| ms.map(|ms| iso(Time(ms)));
    let said = if whole {
        let one = |one: &crate::quarantine::ArchivedSnapshot| {
            let media: serde_json::Value = serde_json::from_str(&one.media).unwrap_or_default();
            serde_json::json!({ "at": iso(Time(one.taken_ms)), "version": one.version, "title": one.title, "text": one.text, "media": media })
        };
        archive.snapshots.iter().map(one).collect()
    } else {
        archive
            .said
            .iter()
            .map(|(version, place, said)| serde_json::json!({ "version": version, "place": place, "medium": said }))
            .collect()
    };
    let words = Some(&archive.words).filter(|_| whole);
    Published {
        post: post.as_str(),
        whole,
        published: at(facts.map(|facts| facts.created_ms)),
        edited: at(facts.and_then(|facts| facts.edited_ms)),
        ends: at(facts.and_then(|facts| facts.expires_ms)),
        title: words.and_then(|words| words.title.as_deref()),
        language: words.and_then(|words| words.language.as_deref()),
        text: words.and_then(|words| words.text.as_deref()),
        html: words.and_then(|words| words.html.as_deref()),
        media: archive.media.iter().map(published_medium).collect(),
        said,
    }
}

fn published_medium(medium: &ArchivedMedium) -> PublishedMedium<'_> {
    let (facts, original) = (medium.facts.as_ref(), medium.original());
    PublishedMedium {
        id: medium.id.as_str(),
        position: facts.map(|facts| facts.position),
        kind: facts.and_then(|facts| facts.kind).map(MediaKind::as_str),
        name: medium.words.title.as_deref(),
        caption: medium.words.text.as_deref(),
        alt: medium.words.html.as_deref(),
        width: facts.and_then(|facts| facts.width),
        height: facts.and_then(|facts| facts.height),
        duration_ms: facts.and_then(|facts| facts.duration_ms),
        still_of: facts.and_then(|facts| facts.still_of.as_ref()).map(domain::MediaId::as_str),
        file: original.map(|file| file_path(file.sha256, &file.content_type)),
        content_type: original.map(|file| file.content_type.as_str()),
        arrived: arrived(&medium.fingerprints),
    }
}

/// Digests of the upload stand before those of what was made of it (`media::fingerprint`).
fn arrived(kept: &[Kept]) -> Option<Arrived> {
    let first = |kind: FingerprintKind, length: usize| {
        let one: Fingerprint = kept.iter().find(|one| one.kind == kind)?.clone().back().ok()?;
        one.bytes.get(..length).map(hex::encode)
    };
    let (sha256, md5) = (first(FingerprintKind::Sha256, 32), first(FingerprintKind::Md5, 16));
    (sha256.is_some() || md5.is_some()).then_some(Arrived { sha256, md5 })
}

fn shown<'a>(medium: &'a ArchivedMedium, up: &str) -> Shown<'a> {
    let facts = medium.facts.as_ref();
    Shown {
        id: medium.id.as_str(),
        kind: facts.and_then(|facts| facts.kind),
        size: facts.and_then(|facts| facts.width.zip(facts.height)),
        caption: medium.words.text.as_deref(),
        alt: medium.words.html.as_deref(),
        file: medium.original().map(|file| format!("{up}/{}", file_path(file.sha256, &file.content_type))),
    }
}

/// Who had it in their hands, from the first notice on.
fn custody(row: &DecisionRow, by: Option<&str>, notices: &[NoticeRow], sealed: Time, recipients: &[Recipient]) -> Vec<Custody> {
    let step = |at: Time, what: &str, by: Option<String>| Custody { at: iso(at), what: what.to_owned(), by };
    let mut all: Vec<(Time, Custody)> = notices
        .iter()
        .filter(|one| one.created <= row.created)
        .map(|one| (one.created, step(one.created, "notice received", Some(format!("notice {}", one.id)))))
        .collect();
    all.sort_by_key(|(at, _)| *at);
    let (what, who) = match row.decision.action {
        Action::Preserve => ("taken away, and dark for everybody", "its poster, or its own end"),
        _ => ("decided, and dark for everybody", by.unwrap_or("the command line")),
    };
    let mut chain: Vec<Custody> = all.into_iter().map(|(_, step)| step).collect();
    chain.push(step(row.created, what, Some(who.to_owned())));
    let names = recipients.iter().map(Recipient::as_str).collect::<Vec<_>>().join(" ");
    let program = format!("handbill {}", env!("CARGO_PKG_VERSION"));
    chain.push(step(
        sealed,
        "copied from quarantine, each file checked against its SHA-256, and sealed",
        Some(format!("{program}, for {names}")),
    ));
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_told_from_a_secret_and_from_anything_else() {
        let (identity, recipient) = keygen(Time(1_795_000_000_000));
        assert_eq!(recipient.as_str().parse(), Ok(recipient.clone()));
        assert_eq!(format!(" {recipient}\n").parse(), Ok(recipient.clone()));
        let secret = identity.lines().last().expect("three lines");
        assert!(identity.starts_with("# created: 2026-11-18T11:06:40Z\n# public key: age1"), "{identity}");
        assert_eq!(Recipient::from_str(secret), Err(RecipientError::Secret));
        assert_eq!(Recipient::from_str(&secret.to_lowercase()), Err(RecipientError::Secret));
        let mut broken = recipient.as_str().to_owned();
        let last = broken.pop().expect("a letter");
        broken.push(if last == 'q' { 'p' } else { 'q' });
        for bad in ["", "age1", "ola@kites.example", "ssh-ed25519 AAAA", broken.as_str(), &recipient.as_str()[..61]] {
            assert_eq!(Recipient::from_str(bad), Err(RecipientError::Unreadable), "{bad}");
        }
    }
}
