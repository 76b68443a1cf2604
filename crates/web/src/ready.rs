//! What was made before and is kept in memory, ready to give again: pages and small files.
//!
//! Nothing here decides whether something may be given: whoever asks has asked the gate first, for this request. A page's key
//! holds its post's revision and a file's key is never used for other bytes, so what was changed is never found again.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::cover::Asked;
use crate::locale::Locale;

/// Memory for pages, in bytes.
const PAGES: u64 = 16 << 20;
/// Memory for files, in bytes.
const FILES: u64 = 32 << 20;
/// Files up to this size are worth a place: variants for screens, not originals.
pub(crate) const SMALL: u64 = 1 << 20;

/// What a page depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    /// Its path.
    pub(crate) path: String,
    /// The revision of its post; 0 for a page without one.
    pub(crate) revision: i64,
    /// The reader's language.
    pub(crate) locale: Locale,
    /// What its links begin with.
    pub(crate) origin: String,
    /// Which covers were lifted.
    pub(crate) asked: Asked,
    /// Links are plain words, because of a lever.
    pub(crate) plain: bool,
}

/// A page as it is sent.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// The page.
    pub(crate) html: Bytes,
    /// Whether robots may list it.
    pub(crate) listed: bool,
    gzip: OnceLock<Bytes>,
}

impl Drawn {
    pub(crate) fn new(html: String, listed: bool) -> Self {
        Self { html: html.into(), listed, gzip: OnceLock::new() }
    }

    /// The page compressed, which is done once.
    pub(crate) fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| gzip(&self.html)).clone()
    }
}

/// Compresses words. Never for a page with a secret: its length would tell of the secret to whoever can put words beside it.
pub(crate) fn gzip(bytes: &[u8]) -> Bytes {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 2), flate2::Compression::default());
    // Writing to memory does not fail; and if it did, an empty answer would be plain to see.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default().into()
}

/// The two kinds of things that are kept.
pub(crate) struct Ready {
    /// Pages.
    pub(crate) pages: Cache<PageKey, Arc<Drawn>, Weight>,
    /// Small files by object key.
    pub(crate) files: Cache<String, Bytes, Weight>,
}

impl Ready {
    pub(crate) fn new() -> Self {
        Self { pages: cache(2_000, PAGES), files: cache(500, FILES) }
    }
}

fn cache<Key: std::hash::Hash + Eq, Value: Clone>(about: usize, bytes: u64) -> Cache<Key, Value, Weight>
where
    Weight: Weighter<Key, Value>,
{
    Cache::with_weighter(about, bytes, Weight)
}

/// Weighs by bytes of memory.
#[derive(Clone)]
pub(crate) struct Weight;

impl Weighter<PageKey, Arc<Drawn>> for Weight {
    fn weight(&self, key: &PageKey, page: &Arc<Drawn>) -> u64 {
        // The compressed copy may come later and is never larger than half of what words are.
        (page.html.len() * 3 / 2 + key.path.len() + key.origin.len() + 200) as u64
    }
}

impl Weighter<String, Bytes> for Weight {
    fn weight(&self, key: &String, bytes: &Bytes) -> u64 {
        (bytes.len() + key.len() + 100) as u64
    }
}
