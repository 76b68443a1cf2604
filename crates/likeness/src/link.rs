//! Links: which of them lead to the same place, and what of them is somebody's own domain.
//!
//! The field compares links by their text, without the scheme, in small letters (python-threatexchange's `url`), so that the order of
//! values, a tracker's value or an escaped letter makes another link, and two letters of different case the same one. The form here is after
//! RFC 3986 §6 and the WHATWG URL Standard, and leaves out what does not change where a link leads.

mod found;

pub use found::take_out;

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};
use unicode_security::confusable_detection::skeleton;
use url::{Host, Url};

use crate::sets::{Overlap, Sets};

/// The version of the canonical form.
pub const VERSION: i64 = 3;

/// In bytes. What is longer is no link that people follow.
pub const LONGEST: usize = 4_096;

/// Links that two sets share at least when one is taken for the other.
const SHARED: usize = 3;
/// The share of one of the sets.
const SHARE: f64 = 0.8;

/// A link in its canonical form.
///
/// `http` and `https` are the same, and left out like `www.`, the ports that go without saying, a user's name, empty parts of the path, the
/// slash at its end, trackers' values and the fragment, unless it says what is shown (`#!…`, `#/…`). The host is in small ASCII letters
/// (IDNA), letters are not escaped where they need not be, and values are sorted. Paths and values keep their capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    text: String,
    host: (usize, usize),
}

/// What is no link, or no domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Longer than [`LONGEST`].
    #[error("the link is too long")]
    TooLong,
    /// It does not read.
    #[error("this is no link")]
    NoLink,
    /// It reads, but leads to no host.
    #[error("the link names no host")]
    NoHost,
    /// It does not read.
    #[error("this is no domain")]
    NoDomain,
}

impl Link {
    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// It as an address that others read: with a scheme, and `https` if its own does not matter.
    #[must_use]
    pub fn address(&self) -> String {
        let has_scheme = self
            .as_str()
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)));
        if has_scheme { self.as_str().to_owned() } else { format!("https://{}", self.as_str()) }
    }

    /// The host: a name in small ASCII letters or an address, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.text.get(self.host.0..self.host.1).unwrap_or_default()
    }

    /// The part of the host that somebody registered, by the Public Suffix List, its private part included (`kites.github.io`); the
    /// whole of an address.
    #[must_use]
    pub fn domain(&self) -> &str {
        registered(self.host())
    }

    /// The host, and each domain that it is within up to [`Link::domain`], the longest first: what a known domain is compared with.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let (host, least) = (self.host(), self.domain().len());
        let starts = std::iter::once(0).chain(host.match_indices('.').map(|(dot, _)| dot + 1));
        starts.map(move |start| &host[start..]).take_while(move |domain| domain.len() >= least)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads a link in whatever writing: also without a scheme, and as it is written so that nobody follows it (`hxxp://kites[.]example`).
impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        if text.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        read(plain(text).trim())
    }
}

/// Reads a domain: `kites.example`, `*.kites.example`, `https://kites.example/`. In its canonical form, which is what [`Link::domains`] gives.
///
/// # Errors
/// It is none, or more than one; a suffix under which everybody registers domains (`co.uk`) is none either.
pub fn domain(text: &str) -> Result<String, LinkError> {
    let bare = text.trim().trim_start_matches("*.").trim_start_matches('.');
    let link: Link = bare.parse().map_err(|_| LinkError::NoDomain)?;
    // An address stands for itself; a name is of two parts at least, and not a public suffix.
    let own = link.host() == link.text && (is_address(link.host()) || psl::domain_str(link.host()).is_some());
    if own { Ok(link.text) } else { Err(LinkError::NoDomain) }
}

/// The set of a text's links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(Vec<Link>);

impl Links {
    /// Each link once, in the order of their text.
    #[must_use]
    pub fn of(mut links: Vec<Link>) -> Self {
        links.sort_unstable();
        links.dedup();
        Self(links)
    }

    /// The links.
    #[must_use]
    pub fn as_slice(&self) -> &[Link] {
        &self.0
    }

    /// How much of one set is in the other, where that is enough to take one for the other: three links at least, and four fifths of one of
    /// the sets. The larger of the two shares.
    #[must_use]
    pub fn near(&self, known: &Self) -> Option<f64> {
        let shared = self.0.iter().filter(|link| known.0.binary_search(link).is_ok()).count();
        enough(shared, self.0.len().min(known.0.len()))
    }

    /// How the set is stored: a link a line.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().map(Link::as_str).collect::<Vec<_>>().join("\n").into_bytes()
    }

    /// What was stored. What does not read is left out.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self::of(text.lines().filter_map(|line| line.parse().ok()).collect())
    }
}

/// Known sets of links under ids of the caller's, and which of them a text has. A clone costs next to nothing and stays as it is when the
/// other one grows.
#[derive(Clone, Debug, Default)]
pub struct LinkSets(Sets);

impl LinkSets {
    /// Learns a set. What is too small for anything to be near it is left out.
    pub fn add(&mut self, id: u64, links: &Links) {
        if links.0.len() >= SHARED {
            self.0.add(id, &numbers(links));
        }
    }

    /// The sets that are near this one as [`Links::near`] says, with their shares.
    #[must_use]
    pub fn near(&self, upload: &Links) -> Vec<(u64, f64)> {
        let own = numbers(upload);
        let near = |one: Overlap| Some((one.id, enough(one.shared as usize, own.len().min(one.size as usize))?));
        self.0.overlaps(&own).into_iter().filter_map(near).collect()
    }
}

/// Of a few links that two sets share, hardly ever one is another one's number.
fn numbers(links: &Links) -> Vec<u32> {
    let number = |link: &Link| Sha256::digest(link.as_str()).iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte));
    let mut numbers: Vec<u32> = links.0.iter().map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn enough(shared: usize, smaller: usize) -> Option<f64> {
    let share = shared as f64 / smaller.max(1) as f64;
    (shared >= SHARED && share >= SHARE).then_some(share)
}

/// Values that tell who sent somebody here, and nothing about what is shown.
fn is_tracker(name: &str) -> bool {
    const WHOLE: [&str; 22] = [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "ysclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "vero_id",
        "oly_anon_id",
        "oly_enc_id",
        "_ga",
        "_gl",
        "s_cid",
    ];
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || name.starts_with("mtm_") || name.starts_with("pk_") || WHOLE.contains(&name.as_str())
}

/// A text without what has no width, wide letters narrow, and links that were taken apart put together again.
fn plain(text: &str) -> String {
    let narrow: String = if is_nfkc_quick(text.chars()) == IsNormalized::Yes { text.to_owned() } else { text.nfkc().collect() };
    let mut text: String = if narrow.is_ascii() {
        narrow
    } else {
        narrow.chars().filter(|c| c.is_ascii() || skeleton(c.encode_utf8(&mut [0; 4])).next().is_some()).collect()
    };
    for (apart, together) in [
        ("[.]", "."),
        ("(.)", "."),
        ("{.}", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[/]", "/"),
        ("[h]ttp", "http"),
    ] {
        text = replaced(text, apart, together);
    }
    text
}

/// Regardless of case.
fn replaced(text: String, apart: &str, together: &str) -> String {
    let mut found = text.as_bytes().windows(apart.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(apart.as_bytes()));
    let Some((first, _)) = found.next() else { return text };
    let places: Vec<usize> = std::iter::once(first).chain(found.map(|(place, _)| place)).collect();
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for place in places {
        // None of these stands in itself, and all are ASCII: places are in order, apart, and at the ends of characters.
        out.push_str(&text[from..place]);
        out.push_str(together);
        from = place + apart.len();
    }
    out.push_str(&text[from..]);
    out
}

fn read(text: &str) -> Result<Link, LinkError> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(LinkError::NoLink);
    }
    let text = text.strip_prefix("//").unwrap_or(text);
    // Only where a link begins: what stands in a value is the value's.
    let begins = |start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let followed = (begins("hxxp://") || begins("hxxps://")).then(|| format!("http{}", &text["hxxp".len()..]));
    let text = followed.as_deref().unwrap_or(text);
    // `kites.example:8080/a` would read as a scheme of its own.
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && (rest.starts_with("//") || !scheme.contains('.') && !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let url = if has_scheme { Url::parse(text) } else { Url::parse(&format!("https://{text}")) }.map_err(|_| LinkError::NoLink)?;
    let host = match url.host().ok_or(LinkError::NoHost)? {
        Host::Domain(name) => canonical_name(name).ok_or(LinkError::NoLink)?,
        address => address.to_string(),
    };
    let scheme = match url.scheme() {
        "http" | "https" => String::new(),
        other => format!("{other}://"),
    };
    // Where the two are one, so are their ports.
    let goes_without_saying = |port: u16| scheme.is_empty() && matches!(port, 80 | 443);
    let port = url.port().filter(|port| !goes_without_saying(*port)).map(|port| format!(":{port}")).unwrap_or_default();
    let mut canonical = format!("{scheme}{host}{port}");
    for part in url.path().split('/').filter(|part| !part.is_empty()) {
        canonical.push('/');
        canonical.push_str(&escaped(part));
    }
    let mut values: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|value| escaped(&value.replace('+', "%20")))
        .filter(|value| !value.is_empty() && !is_tracker(value.split('=').next().unwrap_or_default()))
        .collect();
    values.sort_unstable();
    if !values.is_empty() {
        canonical.push('?');
        canonical.push_str(&values.join("&"));
    }
    if let Some(fragment) = url.fragment().filter(|fragment| fragment.len() > 1 && fragment.starts_with(['!', '/'])) {
        canonical.push('#');
        canonical.push_str(&escaped(fragment));
    }
    Ok(Link { host: (scheme.len(), scheme.len() + host.len()), text: canonical })
}

/// A name of a host, small, without the dot at its end and without `www.` before a domain; `None` if no host is called so.
fn canonical_name(name: &str) -> Option<String> {
    // One dot alone: between two stands a label without letters, and nothing is called so.
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let mut bare = name.as_str();
    while let Some(rest) = bare.strip_prefix("www.").filter(|rest| psl::domain_str(rest).is_some()) {
        bare = rest;
    }
    let plain = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    bare.split('.').all(plain).then(|| bare.to_owned())
}

/// No name ends in a number: the parser takes what does for an address, or refuses it.
fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn registered(host: &str) -> &str {
    if is_address(host) { host } else { psl::domain_str(host).unwrap_or(host) }
}

/// Escapes in capitals, and none where none is needed (RFC 3986 §6.2.2). A lone `%` is escaped itself.
fn escaped(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let bytes = part.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match (byte, hex(at), hex(at + 1)) {
            (b'%', Some(high), Some(low)) => {
                let value = (high * 16 + low) as u8;
                at += 2;
                if value.is_ascii_alphanumeric() || b"-._~".contains(&value) {
                    out.push(char::from(value));
                } else {
                    out.push_str(&format!("%{value:02X}"));
                }
            }
            (b'%', ..) => out.push_str("%25"),
            // What the parser leaves as it is beyond ASCII and beside letters is escaped, so that one form is left; and brackets, in which a link would
            // read as taken apart.
            (byte, ..) if byte.is_ascii_graphic() && !b"\"<>\\^`{|}()[]".contains(byte) => out.push(char::from(*byte)),
            (byte, ..) => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        text.parse::<Link>().map_or_else(|error| error.to_string(), |link| link.to_string())
    }

    #[test]
    fn links_that_lead_to_the_same_place_are_one() {
        for text in [
            "https://kites.example/Fly/high?a=1&b=2",
            "http://www.kites.example:80/Fly/high/?b=2&a=1",
            "HTTPS://someone:secret@KITES.example.:443/./Fly/../Fly//high?a=1&utm_source=x&b=2&fbclid=9#top",
            "//kites.example/Fly/high?a=1&b=2",
            "kites.example/%46ly/h%69gh?b=%32&a=1&",
            "hxxps://kites[.]example/Fly/high?a=1&b=2",
            "ｈｔｔｐｓ://kites\u{200b}.example/Fly/high?a=1&b=2",
        ] {
            assert_eq!(canonical(text), "kites.example/Fly/high?a=1&b=2", "{text}");
        }
        for (text, form) in [
            ("https://kites.example", "kites.example"),
            ("https://żółw.example/ł?q=ł", "xn--w-uga1v8h.example/%C5%82?q=%C5%82"),
            ("http://kites.example:8080/", "kites.example:8080"),
            ("http://kites.example:443/", "kites.example"),
            ("https://kites.example:80/a", "kites.example/a"),
            ("kites.example:80", "kites.example"),
            ("https://kites.example/Kite_(toy)?a=[1]", "kites.example/Kite_%28toy%29?a=%5B1%5D"),
            ("https://kites.example/a?u=hxxp://b.example/", "kites.example/a?u=hxxp://b.example/"),
            ("https://kites.example/(%2E)", "kites.example/%28.%29"),
            ("hxxpkites.example/a", "hxxpkites.example/a"),
            ("kites.example:8080/a", "kites.example:8080/a"),
            ("http://ł:0", "xn--tfa:0"),
            ("www.www.kites.example", "kites.example"),
            ("www.com", "www.com"),
            ("ftp://kites.example/a", "ftp://kites.example/a"),
            ("tg://resolve?domain=kites", "tg://resolve?domain=kites"),
            ("http://0x7f.1/a", "127.0.0.1/a"),
            ("http://[::1]:3000/a", "[::1]:3000/a"),
            ("https://kites.example/#/fly", "kites.example#/fly"),
            ("https://kites.example/%zz%2f", "kites.example/%25zz%2F"),
            ("https://kites.example/?q=a+b&q=c%20d", "kites.example?q=a%20b&q=c%20d"),
        ] {
            assert_eq!(canonical(text), form, "{text}");
        }
        let address = |text: &str| text.parse::<Link>().expect("a link").address();
        assert_eq!(address("HTTP://www.kites.example/?to=http://a.example"), "https://kites.example?to=http://a.example");
        assert_eq!(address("tg://resolve?domain=kites"), "tg://resolve?domain=kites");
        assert_ne!(canonical("https://kites.example/Fly"), canonical("https://kites.example/fly"), "paths keep their capitals");
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for text in [
            "",
            "  ",
            "kites and strings",
            "http://",
            "mailto:kite@kites.example",
            "https://kites..example/",
            "http://0..",
            "https:///",
            "http://[::1",
            "media:kite",
        ] {
            assert!(text.parse::<Link>().is_err(), "{text:?} became {:?}", text.parse::<Link>());
        }
        assert_eq!(format!("https://kites.example/{}", "a".repeat(LONGEST)).parse::<Link>(), Err(LinkError::TooLong));
    }

    #[test]
    fn a_domain_is_what_somebody_registered() {
        let link: Link = "https://a.b.kites.co.uk/x".parse().expect("a link");
        assert_eq!((link.host(), link.domain()), ("a.b.kites.co.uk", "kites.co.uk"));
        assert_eq!(link.domains().collect::<Vec<_>>(), ["a.b.kites.co.uk", "b.kites.co.uk", "kites.co.uk"]);
        for (text, domain) in
            [("https://red.github.io/x", "red.github.io"), ("http://10.0.0.1:80/", "10.0.0.1"), ("http://localhost/a", "localhost")]
        {
            assert_eq!(text.parse::<Link>().expect("a link").domain(), domain);
        }
        for text in ["kites.example", "*.kites.example", "KITES.example.", "https://www.kites.example/", " .kites.example"] {
            assert_eq!(domain(text).as_deref(), Ok("kites.example"), "{text}");
        }
        for text in ["co.uk", "com", "kites.example/a", "kites.example:8080", "", "two words.example", "*"] {
            assert_eq!(domain(text), Err(LinkError::NoDomain), "{text}");
        }
    }

    #[test]
    fn a_set_of_links_is_known_also_when_one_is_missing() {
        let set =
            |names: &[&str]| Links::of(names.iter().map(|name| format!("https://{name}.example/").parse().expect("a link")).collect());
        let known = set(&["a", "b", "c", "d", "e"]);
        assert_eq!(set(&["e", "d", "c", "b", "a", "a"]).near(&known), Some(1.0));
        assert_eq!(set(&["a", "b", "c", "d", "x"]).near(&known), Some(0.8));
        assert_eq!(set(&["a", "b", "c"]).near(&known), Some(1.0), "a part of it");
        assert_eq!(set(&["a", "b"]).near(&known), None, "two links are in many texts");
        assert_eq!(set(&["a", "b", "c", "x", "y"]).near(&known), None);
        let mut sets = LinkSets::default();
        sets.add(7, &set(&["a", "b"]));
        sets.add(8, &known);
        for names in [&["a", "b", "c", "d", "x"][..], &["a", "b", "c"], &["a", "b"], &["a", "b", "c", "x", "y"], &[]] {
            let near = set(names).near(&known).map(|share| (8, share));
            assert_eq!(sets.near(&set(names)), near.into_iter().collect::<Vec<_>>());
        }
        assert_eq!(set(&[]).near(&set(&[])), None);
        assert_eq!(Links::from_bytes(&known.to_bytes()), known);
        assert_eq!(Links::from_bytes(b""), Links::default());
    }

    proptest! {
        #[test]
        fn a_canonical_link_is_its_own(text in "(https?://|ftp://|)[a-zA-Z0-9.\\-ł]{1,20}(:[0-9]{1,5})?(/[ -~]{0,12}){0,3}(\\?[ -~]{0,20})?(#[ -~]{0,8})?") {
            if let Ok(link) = text.parse::<Link>() {
                prop_assert_eq!(link.as_str().parse::<Link>(), Ok(link.clone()));
                prop_assert_eq!(link.address().parse::<Link>(), Ok(link.clone()));
                prop_assert!(link.as_str().is_ascii() && link.domains().last().is_some());
            }
        }
    }
}
