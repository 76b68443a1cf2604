//! What the pages are dressed in: compiled in, and named by content, so that a browser may keep it for ever.
//!
//! Style and pictures lie in `assets/` as they are. Scripts are bundled into `assets/dist` by `cargo xtask frontend`, whose names
//! carry their hashes already: they name each other. A program built without them serves the whole site, without islands.

use std::sync::LazyLock;

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its name without a hash: `handbill.css`, `composer.js`.
    pub name: String,
    /// Its address: `/assets/handbill.1a2b3c4d5e6f.css`.
    pub url: String,
    /// Its content type.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
    /// The same, compressed.
    pub gzip: Bytes,
}

impl Asset {
    /// It stands at `/assets/{file}`.
    pub(crate) fn is(&self, file: &str) -> bool {
        self.url.strip_prefix("/assets/") == Some(file)
    }
}

/// What the bundler left: file names and bytes.
const BUNDLED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/dist.rs"));

/// The service worker: it has one address for ever, so its name carries no hash.
const WORKER: &str = "sw.js";

/// The address of the asset of this name; empty if there is none (a test draws every page and looks).
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.url.as_str())
}

/// The address of an island's script, such as `composer`; `None` in a program that was built without them.
#[must_use]
pub fn script(name: &str) -> Option<&'static str> {
    ASSETS.iter().find(|asset| asset.name.strip_suffix(".js") == Some(name) && asset.name != WORKER).map(|asset| asset.url.as_str())
}

/// The service worker, if there is one.
pub(crate) fn worker() -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == WORKER)
}

/// The asset behind `/assets/{file}`.
#[must_use]
pub fn find(file: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.is(file))
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let own: [(&str, &'static [u8]); 8] = [
        ("handbill.css", include_bytes!("../assets/handbill.css")),
        ("composer.css", include_bytes!("../assets/composer.css")),
        ("console.css", include_bytes!("../assets/console.css")),
        ("reply.css", include_bytes!("../assets/reply.css")),
        ("favicon.svg", include_bytes!("../assets/favicon.svg")),
        ("icon-192.png", include_bytes!("../assets/icon-192.png")),
        ("icon-512.png", include_bytes!("../assets/icon-512.png")),
        ("icon-maskable.png", include_bytes!("../assets/icon-maskable.png")),
    ];
    let own = own.into_iter().map(|(name, bytes)| hashed(name, Bytes::from_static(bytes)));
    own.chain(BUNDLED.iter().map(|(file, bytes)| asset(unhashed(file), format!("/assets/{file}"), Bytes::from_static(bytes)))).collect()
});

/// A file that is made when the site starts.
pub(crate) fn made(name: &str, text: String) -> Asset {
    hashed(name, text.into())
}

fn hashed(name: &str, bytes: Bytes) -> Asset {
    let hash = hex::encode(&Sha256::digest(&bytes)[..6]);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    asset(name.to_owned(), format!("/assets/{stem}.{hash}.{extension}"), bytes)
}

fn asset(name: String, url: String, bytes: Bytes) -> Asset {
    let content_type = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("js") => "text/javascript; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let gzip = crate::ready::gzip(&bytes);
    Asset { name, url, content_type, bytes, gzip }
}

/// `composer.js` of `composer.1A2B3C4D.js`; chunks, which have no names, keep theirs.
fn unhashed(file: &str) -> String {
    match file.split('.').collect::<Vec<_>>()[..] {
        [stem, hash, extension] if hash.len() == 8 && stem != "chunk" => format!("{stem}.{extension}"),
        _ => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_by_its_address_and_what_has_a_hash_by_nothing_else() {
        for asset in ASSETS.iter() {
            let file = asset.url.trim_start_matches("/assets/");
            assert_eq!(find(file).map(|found| &found.name), Some(&asset.name));
            if file != asset.name {
                assert!(find(&asset.name).is_none(), "{}", asset.name);
            }
        }
        assert_eq!(url("nothing.css"), "");
    }

    #[test]
    fn a_bundled_file_is_named_without_its_hash() {
        assert_eq!(unhashed("composer.1A2B3C4D.js"), "composer.js");
        assert_eq!(unhashed("chunk.1A2B3C4D.js"), "chunk.1A2B3C4D.js");
        assert_eq!(unhashed("sw.js"), "sw.js");
    }

    #[test]
    fn the_islands_are_there_if_anything_was_bundled() {
        let scripts = ["composer", "manage", "post"].map(|name| script(name).is_some());
        assert_eq!(scripts, [!BUNDLED.is_empty(); 3]);
        assert_eq!([worker().is_some(), !url("photoswipe.css").is_empty()], [!BUNDLED.is_empty(); 2]);
        assert_eq!(script("sw"), None);
    }
}
