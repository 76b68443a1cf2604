//! Links of strangers, alone and among words.

use likeness::link::{self, Link, Links};

/// A canonical link is its own canonical form, and so are those that are found among words.
pub(crate) fn holds(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(link) = text.parse::<Link>() {
        stands(&link);
    }
    if let Ok(domain) = link::domain(&text) {
        assert_eq!(link::domain(&domain).as_deref(), Ok(domain.as_str()));
        let link: Link = domain.parse().expect("a domain is a link to it");
        assert!(link.domains().any(|own| own == domain));
    }
    let (words, links) = link::take_out(&text);
    assert!(words.len() <= text.len() * 20 + 1 && links.len() <= text.len());
    links.iter().for_each(stands);
    let set = Links::of(links);
    assert_eq!(Links::from_bytes(&set.to_bytes()), set);
}

fn stands(link: &Link) {
    assert_eq!(link.as_str().parse::<Link>().as_ref(), Ok(link));
    assert!(link.as_str().contains(link.host()) && link.domains().last() == Some(link.domain()));
}
