//! Whose request it is: the connection's peer, or whom a web server before the site names, where the operator has said that this one
//! is believed. Everybody can write a header, so it is read from its end, as far as those go that are believed.
//!
//! The address ends here: what goes on is [`app::Who`], or how near a web server is that nobody has told us of.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use domain::network::{Nearness, nearness};
use domain::party::Jurisdiction;
use domain::time::HOUR_MS;
use domain::{Network, Time};
use serde::{Deserialize, Serialize};

use crate::Web;

/// The address that a connection came from. It is for this module alone.
#[derive(Clone, Copy)]
pub struct Peer(pub(crate) IpAddr);

impl std::fmt::Debug for Peer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Peer(..)")
    }
}

impl Peer {
    /// For whoever hands requests in without a network.
    #[must_use]
    pub fn new(address: IpAddr) -> Self {
        Self(address)
    }
}

/// The header in which web servers before the site write whom they serve. Only one is believed: a server that writes one of them
/// passes the other on, as a stranger has written it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// What nearly all of them write.
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

/// Which web servers before the site are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Their addresses.
    pub trusted: Vec<Network>,
    /// What they write.
    pub header: ForwardedHeader,
}

/// The most hops that are looked at: nobody has more proxies of their own, and a header may be as long as a stranger likes.
const MOST_HOPS: usize = 16;
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Knows the asker of a request, and in which country they are where the site knows countries; and notices a web server that is not
/// configured.
pub(crate) fn know(web: &Web, parts: &Parts) -> (app::Who, Option<Jurisdiction>) {
    let Some(Peer(peer)) = parts.extensions.get::<Peer>() else { return (app::Who::default(), None) };
    let known = |address: IpAddr| (web.site.know(address), web.geography.as_ref().and_then(|all| all.country(address)));
    let now = web.site.clock.now();
    let proxies = &web.proxies;
    if proxies.believes(*peer) {
        return known(proxies.client(*peer, &parts.headers));
    }
    let forwarded = parts.headers.contains_key(X_FORWARDED_FOR) || parts.headers.contains_key(header::FORWARDED);
    web.unknown_proxy().notice(nearness(*peer), forwarded, now);
    known(*peer)
}

impl Proxies {
    fn believes(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// The last address that somebody believed has named, and who is not believed themselves.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let name = match self.header {
            ForwardedHeader::XForwardedFor => X_FORWARDED_FOR,
            ForwardedHeader::Forwarded => header::FORWARDED,
        };
        let lines: Vec<&str> = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(MOST_HOPS);
        let mut last = peer;
        for hop in hops {
            // Whoever hides whom they serve, or writes what cannot be read, is the last that is known.
            let named = match self.header {
                ForwardedHeader::XForwardedFor => node(hop.trim()),
                ForwardedHeader::Forwarded => forwarded_for(hop),
            };
            let Some(named) = named else { break };
            last = named;
            if !self.believes(named) {
                break;
            }
        }
        last
    }
}

/// The `for` of one element of RFC 7239.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let value = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    })?;
    node(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// An address, perhaps with a port: `192.0.2.7`, `192.0.2.7:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse::<std::net::Ipv6Addr>().ok().map(IpAddr::V6);
    }
    text.parse().ok().or_else(|| text.split_once(':')?.0.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::V4))
}

/// A web server that stands before the site and that nobody has told us of: then everybody looks like one asker.
///
/// Any visitor can write the header as well. One who comes from this machine or a private network is no visitor; for others, it
/// counts when most requests have it.
#[derive(Default)]
pub(crate) struct UnknownProxy {
    /// Until when each kind is remembered, in milliseconds.
    loopback: AtomicI64,
    private: AtomicI64,
    public: AtomicI64,
    /// Requests of others with the header in the low half, all in the high.
    share: AtomicU64,
}

/// How long it is told after it was last seen.
const REMEMBERED_MS: i64 = HOUR_MS;
/// So many requests are looked at together.
const TOGETHER: u64 = 64;

impl UnknownProxy {
    fn notice(&self, near: Nearness, forwarded: bool, now: Time) {
        let until = now.plus_ms(REMEMBERED_MS).0;
        match near {
            Nearness::Loopback if forwarded => self.loopback.store(until, Ordering::Relaxed),
            Nearness::Private if forwarded => self.private.store(until, Ordering::Relaxed),
            Nearness::Loopback | Nearness::Private => {}
            Nearness::Public => {
                let one = (1 << 32) + u64::from(forwarded);
                let before = self.share.fetch_add(one, Ordering::Relaxed).wrapping_add(one);
                if before >> 32 >= TOGETHER {
                    self.share.store(0, Ordering::Relaxed);
                    if (before & u64::from(u32::MAX)) * 10 >= TOGETHER * 9 {
                        self.public.store(until, Ordering::Relaxed);
                    }
                }
            }
        }
    }

    /// Where one was seen lately.
    pub(crate) fn seen(&self, now: Time) -> Option<Nearness> {
        [(&self.loopback, Nearness::Loopback), (&self.private, Nearness::Private), (&self.public, Nearness::Public)]
            .into_iter()
            .find(|(until, _)| until.load(Ordering::Relaxed) > now.0)
            .map(|(_, near)| near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("it is an address")
    }

    fn proxies(trusted: &[&str], header: ForwardedHeader) -> Proxies {
        Proxies { trusted: trusted.iter().map(|text| Network::try_from((*text).to_owned()).expect("it reads")).collect(), header }
    }

    fn client(trusted: &[&str], lines: &[(&'static str, &str)], header: ForwardedHeader) -> IpAddr {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("it is a header"));
        }
        proxies(trusted, header).client(address("127.0.0.1"), &headers)
    }

    #[test]
    fn the_header_is_read_from_its_end_as_far_as_those_go_that_are_believed() {
        let trusted = ["127.0.0.1", "10.0.0.0/8"];
        for (lines, who) in [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["203.0.113.9, 192.0.2.7"], "192.0.2.7"),
            (&["203.0.113.9, 192.0.2.7, 10.1.2.3"], "192.0.2.7"),
            (&["203.0.113.9", "192.0.2.7, 10.1.2.3", "10.3.2.1"], "192.0.2.7"),
            (&["10.1.2.3"], "10.1.2.3"),
            (&["192.0.2.7:4711"], "192.0.2.7"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["::ffff:10.1.2.3", "::ffff:10.1.2.3"], "::ffff:10.1.2.3"),
            (&["192.0.2.7, unknown"], "127.0.0.1"),
            (&["192.0.2.7, unknown, 10.1.2.3"], "10.1.2.3"),
            (&["192.0.2.7,"], "127.0.0.1"),
            (&[""], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(client(&trusted, &lines, ForwardedHeader::XForwardedFor), address(who), "{lines:?}");
        }
    }

    #[test]
    fn a_header_of_a_thousand_hops_is_not_walked_to_its_end() {
        let long = vec!["10.0.0.1"; 1_000].join(",");
        let spoofed = format!("192.0.2.7,{long}");
        assert_eq!(
            client(&["127.0.0.1", "10.0.0.0/8"], &[("x-forwarded-for", &spoofed)], ForwardedHeader::XForwardedFor),
            address("10.0.0.1")
        );
    }

    #[test]
    fn only_the_header_that_the_operator_named_is_believed() {
        let both = [("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=198.51.100.1")];
        assert_eq!(client(&["127.0.0.1"], &both, ForwardedHeader::XForwardedFor), address("192.0.2.7"));
        assert_eq!(client(&["127.0.0.1"], &both, ForwardedHeader::Forwarded), address("198.51.100.1"));
    }

    #[test]
    fn rfc_7239_is_read_as_its_examples_are_written() {
        for (line, who) in [
            ("for=192.0.2.43", "192.0.2.43"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
            ("by=203.0.113.43;for=192.0.2.60", "192.0.2.60"),
            ("for=\"_gazonk\"", "127.0.0.1"),
            ("for=unknown", "127.0.0.1"),
        ] {
            assert_eq!(client(&["127.0.0.1"], &[("forwarded", line)], ForwardedHeader::Forwarded), address(who), "{line}");
        }
    }

    #[test]
    fn an_unknown_web_server_is_noticed_and_a_stranger_who_writes_its_header_is_not() {
        let now = Time(1_000_000);
        let of = |near, requests: &[bool]| {
            let unknown = UnknownProxy::default();
            for forwarded in requests {
                unknown.notice(near, *forwarded, now);
            }
            (unknown.seen(now), unknown.seen(now.plus_ms(REMEMBERED_MS)))
        };
        assert_eq!(of(Nearness::Loopback, &[true]), (Some(Nearness::Loopback), None));
        assert_eq!(of(Nearness::Private, &[true]), (Some(Nearness::Private), None));
        assert_eq!(of(Nearness::Loopback, &[false]), (None, None));
        assert_eq!(of(Nearness::Public, &[true; 10]), (None, None));
        assert_eq!(of(Nearness::Public, &[true; 64]), (Some(Nearness::Public), None));
        let mixed: Vec<bool> = (0..640).map(|number| number % 2 == 0).collect();
        assert_eq!(of(Nearness::Public, &mixed), (None, None));
    }

    #[test]
    fn no_debug_form_holds_an_address() {
        assert!(!format!("{:?}", Peer::new(address("192.0.2.7"))).contains("192"));
    }
}
