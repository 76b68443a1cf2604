//! Posts' words: what they are known by, and what banks know of words, links and domains.

use std::sync::Arc;

use domain::placed::Named;
use domain::{Fingerprint, FingerprintKind, MediaId, PostId};
use likeness::Hash;
use likeness::link::{self, Link, LinkSets, Links};
use likeness::text::{self, Text, Texts, Tlsh};
use sha2::{Digest as _, Sha256};
use store::{MatchRow, Subject, Tx};

use super::{Released, Verdict};
use crate::{Error, Site};

/// Words with less than this are looked at at once; others off the request's thread.
const SHORT_BYTES: usize = 2_048;

/// What a post's words are known by: all of them together, and each part by itself as well. Markdown's signs do not count, and
/// neither do the addresses of the post's own media.
fn fingerprints(parts: &[String]) -> Vec<Fingerprint> {
    let (words, links): (Vec<String>, Vec<Vec<Link>>) = parts.iter().map(|part| link::take_out(&without_addresses(part))).unzip();
    let links = Links::of(links.concat());
    let text = Text::of(words.iter().map(String::as_str));
    // As it is: this is how others compute it.
    let tlsh = Tlsh::of(&parts.join("\n"));
    let one = |kind, version, bytes| Fingerprint { kind, version, bytes };
    let text = text.map(|text| one(FingerprintKind::Text, text::VERSION, text.to_bytes()));
    let links = (!links.as_slice().is_empty()).then(|| one(FingerprintKind::Links, link::VERSION, links.to_bytes()));
    let tlsh = tlsh.map(|tlsh| one(FingerprintKind::Tlsh, 1, tlsh.to_bytes().to_vec()));
    text.into_iter().chain(links).chain(tlsh).collect()
}

/// What a text is known by.
#[must_use]
pub fn words_known(text: &str) -> Vec<Fingerprint> {
    fingerprints(&[text.to_owned()])
}

/// Without the addresses by which kept words name media, which are of this post alone.
fn without_addresses(text: &str) -> String {
    let mut pieces = text.split("](");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find([')', ' ', '\t', '\n']).unwrap_or(piece.len());
        let (address, rest) = piece.split_at(end);
        out.push_str("](");
        out.push_str(if Named::parse(address).is_some() { rest } else { piece });
    }
    out
}

/// What a post's words are known by; parts that are empty, or stand in another one, say nothing new.
pub(crate) async fn known<'a>(
    title: Option<&'a str>,
    text: &'a str,
    said: impl IntoIterator<Item = Option<&'a str>>,
) -> Result<media::Known, Error> {
    let said = said.into_iter().flatten().filter(|said| !text.contains(said));
    let parts: Vec<String> = title.into_iter().chain([text]).chain(said).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let is_wordless = parts.is_empty();
    let mut fingerprints = made(parts).await?;
    if !is_wordless && fingerprints.iter().all(|one| one.kind != FingerprintKind::Text) {
        // Signs alone, or links. That they were looked at is written down too, else they would be looked at again and again.
        fingerprints.push(Fingerprint { kind: FingerprintKind::Text, version: text::VERSION, bytes: Vec::new() });
    }
    Ok(media::Known { fingerprints, views: Vec::new() })
}

/// What a post's words are known by to who shall find them again: all of them together. A title or a line under a picture by itself is not: "a
/// day out" under one thing that was removed must not take away everybody else's day out.
pub(crate) async fn learnt<'a>(
    title: Option<&'a str>,
    text: &'a str,
    said: impl IntoIterator<Item = Option<&'a str>>,
) -> Result<Vec<Fingerprint>, Error> {
    let said = said.into_iter().flatten().filter(|said| !text.contains(said));
    let parts: Vec<&str> = title.into_iter().chain([text]).chain(said).filter(|part| !part.is_empty()).collect();
    made(vec![parts.join("\n")]).await
}

async fn made(parts: Vec<String>) -> Result<Vec<Fingerprint>, Error> {
    if parts.iter().map(String::len).sum::<usize>() < SHORT_BYTES {
        return Ok(fingerprints(&parts));
    }
    Ok(tokio::task::spawn_blocking(move || fingerprints(&parts)).await.map_err(std::io::Error::other)?)
}

impl Site {
    /// What a text is known by that shall be put into a bank; `None` if there is nothing in it.
    pub async fn look_at_words(&self, text: &str) -> Result<Option<media::Known>, Error> {
        let fingerprints = made(vec![text.to_owned()]).await?;
        Ok((!fingerprints.is_empty()).then_some(media::Known { fingerprints, views: Vec::new() }))
    }

    /// Asks the banks about the words of a post that stands, without those of a medium that is about to go. The post stands still until the
    /// change that is begun is made or dropped; `None` if it is not there.
    pub(crate) async fn ask_of_words(
        &self,
        id: &PostId,
        without: Option<&MediaId>,
        passes: fn(&MatchRow) -> Option<Released>,
    ) -> Result<Option<(Tx, Subject, Arc<media::Known>, Verdict)>, Error> {
        let subject = Subject { post_id: id.clone(), media_id: None };
        loop {
            let Some(post) = store::posts::find(&self.store.db, id).await? else { return Ok(None) };
            let media = store::media::of_post(&self.store.db, id).await?;
            let said = media.iter().filter(|row| Some(&row.id) != without).flat_map(|row| [row.caption.as_deref(), row.alt.as_deref()]);
            let known = Arc::new(known(post.title.as_deref(), &post.text, said).await?);
            let (mut tx, verdict) = self.ask(&subject, &known, passes).await?;
            match store::posts::stand_still(&mut tx, id).await? {
                None => return Ok(None),
                Some(edited) if edited == post.edited => return Ok(Some((tx, subject, known, verdict))),
                // It was edited meanwhile: these are not its words any more.
                Some(_) => {}
            }
        }
    }
}

/// Texts that banks know, and sets of links.
#[derive(Clone, Default)]
pub(super) struct Words {
    texts: Texts,
    links: LinkSets,
    tlshes: Arc<Vec<(Tlsh, u64)>>,
}

/// What a bank knows that is like these words.
pub(super) struct Near {
    pub(super) source: u64,
    pub(super) reading: &'static str,
    pub(super) confidence: f64,
    pub(super) distance: Option<u32>,
}

impl Words {
    pub(super) fn add(&mut self, source: u64, signal: &Fingerprint) {
        match signal.kind {
            FingerprintKind::Text => {
                if let Some(text) = stored(signal) {
                    self.texts.add(source, &text);
                }
            }
            FingerprintKind::Links => self.links.add(source, &Links::from_bytes(&signal.bytes)),
            FingerprintKind::Tlshes => {
                let (rows, _) = signal.bytes.as_chunks();
                Arc::make_mut(&mut self.tlshes).extend(rows.iter().map(|row| (Tlsh::from_bytes(*row), source)));
            }
            _ => {}
        }
    }

    pub(super) fn near(&self, asked: &Fingerprint) -> Vec<Near> {
        match asked.kind {
            FingerprintKind::Text => {
                let near = stored(asked).map(|text| self.texts.near(&text)).unwrap_or_default();
                // Only what is the same to the letter is sure.
                let one = |(source, near): (u64, text::Near)| Near {
                    source,
                    reading: "text",
                    confidence: near.score().min(0.99),
                    distance: None,
                };
                near.into_iter().map(one).collect()
            }
            FingerprintKind::Links => {
                let near = self.links.near(&Links::from_bytes(&asked.bytes));
                near.into_iter()
                    .map(|(source, share)| Near { source, reading: "links", confidence: share.min(0.99), distance: None })
                    .collect()
            }
            FingerprintKind::Tlsh => {
                let Ok(own) = <[u8; Tlsh::BYTES]>::try_from(asked.bytes.as_slice()).map(Tlsh::from_bytes) else { return Vec::new() };
                let apart = self.tlshes.iter().map(|(tlsh, source)| (own.distance(*tlsh), *source));
                apart
                    .filter(|(distance, _)| *distance <= Tlsh::RADIUS)
                    .map(|(distance, source)| Near {
                        source,
                        reading: "tlsh",
                        confidence: tlsh_sureness(distance),
                        distance: Some(distance),
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

/// How sure a match of two TLSHs at this distance is: 1 at 0, a half at the radius. A convention: nobody measured it.
#[must_use]
pub fn tlsh_sureness(distance: u32) -> f64 {
    1.0 - f64::from(distance.min(Tlsh::RADIUS)) / f64::from(2 * Tlsh::RADIUS)
}

/// What is the same to the letter or not at all, of a signal.
pub(super) fn exact(signal: &Fingerprint) -> Vec<Hash> {
    match signal.kind {
        FingerprintKind::Text => stored(signal).iter().flat_map(Text::exact).map(|digest| key("text", digest)).collect(),
        FingerprintKind::TextSha256 => signal.bytes.as_chunks::<32>().0.iter().map(|digest| key("text", digest)).collect(),
        FingerprintKind::Urls => lines(signal).map(|url| key("url", url.as_bytes())).collect(),
        FingerprintKind::Domains => lines(signal).map(|domain| key("domain", domain.as_bytes())).collect(),
        _ => Vec::new(),
    }
}

/// What is asked for of words: their digests, their links, and the domains that these are within. With what an answer is called.
pub(super) fn asked(words: &Fingerprint) -> Vec<(Hash, &'static str)> {
    match words.kind {
        FingerprintKind::Text => exact(words).into_iter().map(|key| (key, "text")).collect(),
        FingerprintKind::Links => {
            let links = Links::from_bytes(&words.bytes);
            let of_link = |link: &Link| {
                let domains = link.domains().map(|domain| (key("domain", domain.as_bytes()), "domain"));
                std::iter::once((key("url", link.as_str().as_bytes()), "url")).chain(domains).collect::<Vec<_>>()
            };
            links.as_slice().iter().flat_map(of_link).collect()
        }
        _ => Vec::new(),
    }
}

fn lines(signal: &Fingerprint) -> impl Iterator<Item = &str> {
    std::str::from_utf8(&signal.bytes).unwrap_or_default().lines()
}

/// A text that this version can read.
pub(crate) fn stored(fingerprint: &Fingerprint) -> Option<Text> {
    Text::from_bytes(&fingerprint.bytes).filter(|_| fingerprint.version == text::VERSION)
}

/// No two kinds are ever taken for each other, nor for a file.
fn key(kind: &str, bytes: &[u8]) -> Hash {
    Hash::from_bytes(Sha256::new().chain_update(kind).chain_update([0]).chain_update(bytes).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_this_post_alone_does_not_count() {
        let id = domain::MediaId::from_random([7; 16]);
        let placed = format!("A ![kite](media:{id}) and [more](https://kites.example/a)");
        let by = |parts: &[&str]| fingerprints(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        let (one, other) = (by(&[&placed]), by(&["**A** ![kite](media:3) and [more](http://www.kites.example/a/)"]));
        assert_eq!(one[0], other[0]);
        assert_eq!(one[1], Fingerprint { kind: FingerprintKind::Links, version: link::VERSION, bytes: b"kites.example/a".to_vec() });
        assert_eq!(without_addresses("](a) [b](media:2 \"c\")"), "](a) [b]( \"c\")");
        assert!(by(&["\u{200b}"]).is_empty() && by(&[]).is_empty());
    }
}
