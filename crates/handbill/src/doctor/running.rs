//! The site that runs, if one does: what it says of itself, and whether it can tell its visitors apart.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;

use super::Finding;
use crate::config::Config;

/// `/healthz` answers within about two seconds, also when the database hangs.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `/healthz` answers.
#[derive(Deserialize)]
struct Health {
    status: String,
    degraded: Vec<Degraded>,
}

#[derive(Deserialize)]
struct Degraded {
    code: String,
    words: String,
}

pub(super) async fn site(config: &Config) -> Finding {
    const CHECK: &str = "running site";
    let listen = &config.server.listen;
    let Some(health) = ask(listen).await else { return Finding::ok(CHECK, format!("none answers at {listen}, which is fine")) };
    let Some(health) = health else {
        return Finding::warning(CHECK, format!("what answers at {listen} is not Handbill"), "stop it, or choose another server.listen");
    };
    if health.degraded.is_empty() {
        return Finding::ok(CHECK, format!("{listen} says that all is well"));
    }
    let seen: Vec<&str> = health.degraded.iter().map(|one| one.words.as_str()).collect();
    let seen = seen.join(" ");
    let mend = if health.degraded.iter().any(|one| one.code == "proxy_unknown") {
        "name the web server before the site in server.trusted_proxies, such as [\"127.0.0.1\", \"::1\"] for one on this machine; the other lines here say the rest"
    } else {
        "the other lines here say how; the site's log says when it began"
    };
    if health.status == "down" { Finding::broken(CHECK, seen, mend) } else { Finding::warning(CHECK, seen, mend) }
}

/// `None`: nothing answers; `Some(None)`: something else does.
async fn ask(listen: &str) -> Option<Option<Health>> {
    let mut address: SocketAddr = tokio::net::lookup_host(listen).await.ok()?.next()?;
    if address.port() == 0 {
        return None;
    }
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { IpAddr::from([127, 0, 0, 1]) } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    store::use_ring();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().ok()?;
    let answer = client.get(format!("http://{address}/healthz")).send().await.ok()?;
    let text = answer.text().await.ok()?;
    Some(serde_json::from_str(&text).ok())
}

/// Whether a web server must stand before the site, and is not named: then all visitors would be one.
pub(super) fn proxies(config: &Config) -> Finding {
    const CHECK: &str = "visitors";
    let trusted = &config.server.trusted_proxies;
    if trusted.is_empty() && config.site.public_url.starts_with("https://") {
        return Finding::warning(
            CHECK,
            "links begin with https, so a web server stands before the site; nobody has named it, and all visitors are counted as one",
            "set server.trusted_proxies to its addresses, such as [\"127.0.0.1\", \"::1\"] for one on this machine",
        );
    }
    let seen = match trusted.as_slice() {
        [] => "told apart by the addresses that they come from".to_owned(),
        some => {
            let names: Vec<String> = some.iter().map(ToString::to_string).collect();
            format!("told apart by the addresses that {} name", names.join(", "))
        }
    };
    Finding::ok(CHECK, seen)
}
