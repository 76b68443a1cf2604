//! What the pages are dressed in: compiled in, and named by content, so that a browser may keep it for ever.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its name in the source: `handbill.css`.
    pub name: &'static str,
    /// Its address: `/assets/handbill.1a2b3c4d5e6f.css`.
    pub url: String,
    /// Its content type.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    /// The same, compressed.
    pub gzip: bytes::Bytes,
}

/// The address of the asset of this name; empty if there is none (a test draws every page and looks).
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.url.as_str())
}

/// The asset behind `/assets/{file}`.
#[must_use]
pub fn find(file: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(file))
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    [
        asset("handbill.css", "text/css; charset=utf-8", include_bytes!("../assets/handbill.css")),
        asset("favicon.svg", "image/svg+xml", include_bytes!("../assets/favicon.svg")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = hex::encode(&Sha256::digest(bytes)[..6]);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    Asset { name, url: format!("/assets/{stem}.{hash}.{extension}"), content_type, bytes, gzip: crate::ready::gzip(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_by_its_address_and_by_nothing_else() {
        for asset in ASSETS.iter() {
            assert_eq!(find(asset.url.trim_start_matches("/assets/")).map(|found| found.name), Some(asset.name));
            assert_eq!(find(asset.name).map(|found| found.name), None);
        }
        assert_eq!(url("nothing.css"), "");
    }
}
