//! Waves that no bank knows: what was posted again and again in the last minutes, from wherever it came.

use std::collections::HashSet;

use domain::{AlarmKind, MediaId, PostId, Time};
use likeness::{Hash, RADIUS};
use store::Subject;
use store::fingerprints::Standing;

use crate::matching::known::{learnt_as, looked_up_by};
use crate::{Error, Site};

/// Subjects that are compared with each other, the newest: some milliseconds, every few seconds.
const MOST: i64 = 500;
/// Alarms whose wave may go on.
const STANDING: i64 = 100;

/// Something, and the posts in which something like it is.
struct Wave {
    first: Subject,
    hashes: Vec<Hash>,
    posts: HashSet<PostId>,
}

impl Wave {
    fn of(subject: Subject, fingerprints: &[domain::Fingerprint]) -> Self {
        Self { first: subject, hashes: fingerprints.iter().flat_map(learnt_as).collect(), posts: HashSet::new() }
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

/// Each subject joins the first wave that it is like, or begins one.
fn counted(mut waves: Vec<Wave>, new: Vec<Standing>) -> Vec<Wave> {
    for Standing { subject, fingerprints, .. } in new {
        let asked: Vec<Hash> = fingerprints.iter().flat_map(looked_up_by).collect();
        let post = subject.post_id.clone();
        match waves.iter_mut().find(|wave| wave.is_like(&asked)) {
            Some(wave) => wave.posts.insert(post),
            None => {
                let mut wave = Wave::of(subject, &fingerprints);
                wave.posts.insert(post);
                waves.push(wave);
                true
            }
        };
    }
    waves
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
