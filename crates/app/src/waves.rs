//! Waves that no bank knows: what was posted again and again in the last minutes, from wherever it came.

use std::collections::HashSet;

use domain::{AlarmKind, Fingerprint, FingerprintKind, MediaId, PostId, Time};
use likeness::text::{Text, Texts};
use likeness::{Hash, RADIUS};
use store::Subject;
use store::fingerprints::Standing;

use crate::matching::known::{learnt_as, looked_up_by};
use crate::matching::words;
use crate::{Error, Site};

/// Subjects that are compared with each other, the newest: some milliseconds, every few seconds.
const MOST: i64 = 500;
/// Alarms whose wave may go on.
const STANDING: i64 = 100;

/// Words of which more is stored than this, some four thousand of them, are of a wave if they are equal only: five hundred books would take too long.
const LONG_BYTES: usize = 16 << 10;

/// Something, and the posts in which something like it is.
struct Wave {
    first: Subject,
    hashes: Vec<Hash>,
    text: Option<Text>,
    posts: HashSet<PostId>,
}

impl Wave {
    fn of(subject: Subject, fingerprints: &[Fingerprint]) -> Self {
        let hashes = fingerprints.iter().flat_map(learnt_as).collect();
        Self { first: subject, hashes, text: said(fingerprints), posts: HashSet::new() }
    }

    fn is_like(&self, asked: &[Hash]) -> bool {
        self.hashes.iter().any(|own| asked.iter().any(|hash| own.distance(*hash) <= RADIUS))
    }
}

impl Site {
    /// What was posted since then in `least` posts or more and no bank knows: the first of it, as [`name`] writes it, and in how many posts it is. A wave of which somebody is told
    /// keeps the first that it had.
    pub(crate) async fn posted_alike(&self, since: Time, least: i64) -> Result<Vec<(String, i64)>, Error> {
        let db = &self.store.db;
        let new = store::fingerprints::newcomers(db, since, MOST).await?;
        if new.len() < usize::try_from(least).unwrap_or_default() {
            return Ok(Vec::new());
        }
        let mut waves = Vec::new();
        for row in store::alarms::standing_now(db, STANDING).await?.into_iter().filter(|row| row.what.kind == AlarmKind::Alike) {
            if let Some(first) = subject(&row.what.subject) {
                let known = store::fingerprints::of(db, &first).await?;
                waves.push(Wave::of(first, &known));
            }
        }
        let counting = tokio::task::spawn_blocking(move || counted(waves, new));
        let waves = counting.await.map_err(std::io::Error::other)?;
        let told = waves.iter().map(|wave| (name(&wave.first), i64::try_from(wave.posts.len()).unwrap_or(i64::MAX)));
        Ok(told.filter(|(_, posts)| *posts >= least).collect())
    }
}

/// Each subject joins the first wave that it is like, or the one whose words it nearly says, or begins one.
fn counted(mut waves: Vec<Wave>, new: Vec<Standing>) -> Vec<Wave> {
    let mut texts = Texts::default();
    for (place, wave) in waves.iter().enumerate() {
        if let Some(text) = &wave.text {
            texts.add(place as u64, text);
        }
    }
    for Standing { subject, fingerprints, .. } in new {
        let asked: Vec<Hash> = fingerprints.iter().flat_map(looked_up_by).collect();
        let post = subject.post_id.clone();
        let alike = waves.iter().position(|wave| wave.is_like(&asked));
        let place = alike.or_else(|| {
            let near = said(&fingerprints).map(|text| texts.near(&text))?;
            near.first().and_then(|(place, _)| usize::try_from(*place).ok())
        });
        let place = place.unwrap_or_else(|| {
            let wave = Wave::of(subject, &fingerprints);
            if let Some(text) = &wave.text {
                texts.add(waves.len() as u64, text);
            }
            waves.push(wave);
            waves.len() - 1
        });
        if let Some(wave) = waves.get_mut(place) {
            wave.posts.insert(post);
        }
    }
    waves
}

/// The words that a subject is known by, unless there are very many.
fn said(fingerprints: &[Fingerprint]) -> Option<Text> {
    let own = fingerprints.iter().find(|one| one.kind == FingerprintKind::Text && one.bytes.len() <= LONG_BYTES)?;
    words::stored(own)
}

/// A subject as an alarm names it: its post, and after a stroke its medium.
fn name(subject: &Subject) -> String {
    match &subject.media_id {
        Some(medium) => format!("{}/{medium}", subject.post_id),
        None => subject.post_id.to_string(),
    }
}

/// What [`name`] has written.
#[must_use]
pub fn subject(name: &str) -> Option<Subject> {
    let (post, medium) = name.split_once('/').map_or((name, None), |(post, medium)| (post, Some(medium)));
    let media_id = match medium {
        Some(medium) => Some(MediaId::parse(medium)?),
        None => None,
    };
    Some(Subject { post_id: PostId::parse(post)?, media_id })
}
