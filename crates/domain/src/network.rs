//! Networks: ranges of addresses, as an operator names them and as askers are told apart. `core::net` has the forms of addresses
//! only; nothing here reaches a network.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

use serde::{Deserialize, Serialize};

/// A range of addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    base: IpAddr,
    length: u8,
}

/// How much of an address is looked at. People share addresses, and whoever has one often has many; so each asker is counted by
/// several prefixes, and the wider ones may have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// IPv4 /32: a household, or a thousand customers of a telephone company behind one address.
    Ipv4Address,
    /// IPv4 /24: the smallest block that is sold.
    Ipv4Block,
    /// IPv4 /16: a telephone company, or all that one provider rents out in a town.
    Ipv4Provider,
    /// IPv6 /64: one telephone, or one network at home.
    Ipv6Network,
    /// IPv6 /56: what a home usually gets.
    Ipv6Home,
    /// IPv6 /48: what a company gets, and whoever asks a tunnel broker for it.
    Ipv6Site,
    /// IPv6 /32: what a provider gets.
    Ipv6Provider,
}

/// The beginning of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// How much of it.
    pub reach: Reach,
    /// Its bytes; the rest of the address is naught.
    pub bytes: [u8; 16],
}

impl Reach {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Ipv4Address, Self::Ipv4Block, Self::Ipv4Provider, Self::Ipv6Network, Self::Ipv6Home, Self::Ipv6Site, Self::Ipv6Provider];

    const fn length(self) -> u8 {
        match self {
            Self::Ipv4Address => 32,
            Self::Ipv4Block => 24,
            Self::Ipv4Provider => 16,
            Self::Ipv6Network => 64,
            Self::Ipv6Home => 56,
            Self::Ipv6Site => 48,
            Self::Ipv6Provider => 32,
        }
    }

    /// Whether so many people are behind it that none of them is refused for what all of them do: they are slowed.
    #[must_use]
    pub const fn is_wide(self) -> bool {
        matches!(self, Self::Ipv4Provider | Self::Ipv6Provider)
    }
}

/// The prefixes that an address is counted by, the narrowest first.
#[must_use]
pub fn prefixes(address: IpAddr) -> Vec<Prefix> {
    let address = address.to_canonical();
    let reaches: &[Reach] = match address {
        IpAddr::V4(_) => &[Reach::Ipv4Address, Reach::Ipv4Block, Reach::Ipv4Provider],
        IpAddr::V6(_) => &[Reach::Ipv6Network, Reach::Ipv6Home, Reach::Ipv6Site, Reach::Ipv6Provider],
    };
    reaches.iter().map(|reach| Prefix { reach: *reach, bytes: begin(address, reach.length()).to_be_bytes() }).collect()
}

/// Where a peer is, as far as an operator must know to find a web server that stands before the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// The same machine.
    Loopback,
    /// A private network.
    Private,
    /// Anywhere.
    Public,
}

/// How near an address is.
#[must_use]
pub fn nearness(address: IpAddr) -> Nearness {
    let private = match address.to_canonical() {
        address if address.is_loopback() => return Nearness::Loopback,
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    if private { Nearness::Private } else { Nearness::Public }
}

/// The first `length` bits of an address, at the upper end; the rest is naught.
fn begin(address: IpAddr, length: u8) -> u128 {
    let bits = match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    };
    bits & u128::MAX.checked_shl(128_u32.saturating_sub(length.into())).unwrap_or(0)
}

/// Words that name no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a range of them such as 10.0.0.0/8 or fd00::/8")]
pub struct NoNetwork(String);

impl Network {
    /// Whether the address lies in it. An IPv4 address that is written as IPv6 is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && begin(address, self.length) == begin(self.base, self.length)
    }
}

impl TryFrom<String> for Network {
    type Error = NoNetwork;

    fn try_from(text: String) -> Result<Self, NoNetwork> {
        let read = || {
            let (base, length) = match text.trim().split_once('/') {
                Some((base, length)) => (base, Some(length.parse::<u8>().ok()?)),
                None => (text.trim(), None),
            };
            let base = base.parse::<IpAddr>().ok()?;
            let most = if base.is_ipv4() { 32 } else { 128 };
            let length = length.unwrap_or(most);
            // Written as IPv6, it would never be met.
            let (base, length) = match base.to_canonical() {
                v4 @ IpAddr::V4(_) if base.is_ipv6() => (v4, length.checked_sub(96)?),
                other => (other, length),
            };
            let most = if base.is_ipv4() { 32 } else { 128 };
            // `10.0.0.1/8` was meant as one or the other, and nobody knows which.
            let whole = match base {
                IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits((begin(v4.into(), length) >> 96) as u32)) == base,
                IpAddr::V6(v6) => Ipv6Addr::from_bits(begin(v6.into(), length)) == v6,
            };
            (length <= most && whole).then_some(Self { base, length })
        };
        read().ok_or_else(|| NoNetwork(text.clone()))
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.base, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("it is an address")
    }

    fn network(text: &str) -> Result<Network, NoNetwork> {
        Network::try_from(text.to_owned())
    }

    fn shared(one: &str, other: &str) -> Vec<Reach> {
        let others = prefixes(address(other));
        prefixes(address(one)).into_iter().filter(|prefix| others.contains(prefix)).map(|prefix| prefix.reach).collect()
    }

    #[test]
    fn neighbours_share_the_wider_prefixes_only() {
        use Reach::*;
        assert_eq!(shared("192.0.2.7", "192.0.2.7"), [Ipv4Address, Ipv4Block, Ipv4Provider]);
        assert_eq!(shared("192.0.2.7", "192.0.2.8"), [Ipv4Block, Ipv4Provider]);
        assert_eq!(shared("192.0.2.7", "192.0.3.7"), [Ipv4Provider]);
        assert_eq!(shared("192.0.2.7", "192.1.2.7"), []);
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:2:ffff::1"), [Ipv6Network, Ipv6Home, Ipv6Site, Ipv6Provider]);
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:3::1"), [Ipv6Home, Ipv6Site, Ipv6Provider]);
        assert_eq!(shared("2001:db8:1:2::1", "2001:db8:1:102::1"), [Ipv6Site, Ipv6Provider]);
        assert_eq!(shared("2001:db8:1::1", "2001:db8:2::1"), [Ipv6Provider]);
        assert_eq!(shared("2001:db8:1::1", "2001:db9:1::1"), []);
    }

    #[test]
    fn a_mapped_address_is_the_one_that_it_stands_for() {
        assert_eq!(shared("::ffff:192.0.2.7", "192.0.2.7"), [Reach::Ipv4Address, Reach::Ipv4Block, Reach::Ipv4Provider]);
        assert!(network("192.0.2.0/24").expect("it reads").contains(address("::ffff:192.0.2.200")));
        assert!(network("::ffff:192.0.2.7").expect("it reads").contains(address("192.0.2.7")));
        assert_eq!(nearness(address("::ffff:127.0.0.1")), Nearness::Loopback);
    }

    #[test]
    fn an_ipv4_address_never_looks_like_an_ipv6_one() {
        // Its four bytes stand where these do.
        assert_eq!(shared("32.1.13.184", "2001:db8::1"), []);
        assert!(!network("::/0").expect("it reads").contains(address("192.0.2.7")));
        assert!(network("0.0.0.0/0").expect("it reads").contains(address("192.0.2.7")));
    }

    #[test]
    fn a_network_is_an_address_or_a_whole_range() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("fd00::/8", "fdff::1", "fe80::1"),
            ("::1", "::1", "::2"),
            ("::ffff:10.0.0.0/104", "10.9.0.0", "11.0.0.0"),
            ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
        ] {
            let network = network(text).expect("it reads");
            assert!(network.contains(address(inside)) && !network.contains(address(outside)), "{text}");
            assert_eq!(Network::try_from(network.to_string()), Ok(network));
        }
        for wrong in ["", "localhost", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "fd00::1/8", "10.0.0.0/8/8", "10.0.0"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}
