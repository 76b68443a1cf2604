//! A program of the operator's that is told of alarms: a signed POST, in the form of <https://www.standardwebhooks.com> (v1), so that the libraries
//! which others wrote for it verify ours.
//!
//! Redirects are not followed: the operator named the place. A place on a private network is theirs to name.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use domain::{TellingId, Time};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use store::AlarmRow;
use url::Url;

use super::{Alarms, Line};
use crate::evidence::iso;

/// How long it may take: to be reached, and to answer.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);
/// The shortest key, in bytes: as the standard has it, 24 to 64.
const SHORTEST: usize = 24;
/// What a secret begins with that is written in base64.
const PREFIX: &str = "whsec_";

/// Where, and the key that both sides know.
#[derive(Clone)]
pub struct Webhook {
    url: Url,
    key: Vec<u8>,
    client: reqwest::Client,
}

/// What is wrong with a webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No address.
    #[error("{0:?} is no address such as https://example.org/alarms")]
    Url(String),
    /// No key, or a short one.
    #[error("its secret has to have 24 bytes or more: \"whsec_\" and base64, such as `openssl rand -base64 32` prints")]
    Secret,
    /// This machine has no certificates to trust.
    #[error("it cannot be called: {0}")]
    Client(String),
}

impl Webhook {
    /// Reads an address and a secret.
    ///
    /// # Errors
    /// It says which of them is wrong.
    pub fn parse(address: &str, secret: &str) -> Result<Self, WebhookError> {
        let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        // What stands in an address is written into logs of others.
        let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
        let url = url.ok_or_else(|| WebhookError::Url(address.to_owned()))?;
        let key = match secret.trim().strip_prefix(PREFIX) {
            Some(coded) => STANDARD.decode(coded).map_err(|_| WebhookError::Secret)?,
            None => secret.trim().as_bytes().to_vec(),
        };
        if key.len() < SHORTEST {
            return Err(WebhookError::Secret);
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("Handbill/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| WebhookError::Client(error.to_string()))?;
        Ok(Self { url, key, client })
    }

    /// Its host, for whoever looks after the site; the rest of the address may be a secret.
    #[must_use]
    pub fn shown(&self) -> String {
        match (self.url.host_str().unwrap_or_default(), self.url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        }
    }

    /// Calls it. Its status if it took it; else a status or a word for what happened.
    pub(super) async fn call(&self, id: &TellingId, body: &str, now: Time) -> Result<u16, String> {
        let seconds = now.0.div_euclid(1_000);
        let answer = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id.as_str())
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", self.sign(id, seconds, body))
            .body(body.to_owned())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => Ok(answer.status().as_u16()),
            Ok(answer) => Err(answer.status().as_u16().to_string()),
            Err(error) if error.is_timeout() => Err("timeout".to_owned()),
            Err(error) if error.is_connect() => Err("unreachable".to_owned()),
            Err(_) => Err("broken".to_owned()),
        }
    }

    /// `v1,` and the base64 of HMAC-SHA256 over `id.seconds.body`.
    fn sign(&self, id: &TellingId, seconds: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// What it is told.
pub(super) fn body(alarms: &Alarms, id: &TellingId, lines: &[(AlarmRow, Line)], now: Time) -> String {
    let alarm = |(row, line): &(AlarmRow, Line)| {
        json!({
            "id": row.id, "kind": row.what.kind.as_str(), "number": row.what.number, "words": line.words, "link": line.link,
            "raised": iso(row.raised), "ended": row.ended.map(iso),
        })
    };
    let alarms_told: Vec<_> = lines.iter().map(alarm).collect();
    json!({ "type": "alarms", "id": id, "timestamp": iso(now), "site": alarms.origin, "data": { "alarms": alarms_told } }).to_string()
}

/// How long it waits after so many calls in vain; `None`: it is given up. All together some five hours: an alarm that comes later than that is none.
pub(super) fn pause_ms(tries: i64) -> Option<i64> {
    match tries {
        ..=1 => Some(10 * SECOND_MS),
        2 => Some(30 * SECOND_MS),
        3 => Some(2 * MINUTE_MS),
        4 => Some(5 * MINUTE_MS),
        5 => Some(15 * MINUTE_MS),
        6..=9 => Some(HOUR_MS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(address: &str, secret: &str) -> Result<Webhook, WebhookError> {
        store::use_ring();
        Webhook::parse(address, secret)
    }

    #[test]
    fn an_address_and_a_long_secret_are_needed() {
        const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(webhook("https://example.org/alarms?token=1", SECRET).is_ok_and(|hook| hook.shown() == "example.org"));
        assert!(webhook("http://10.0.0.7:9000/", "twenty-four bytes or more").is_ok_and(|hook| hook.shown() == "10.0.0.7:9000"));
        for address in ["", "example.org", "ftp://example.org", "https://", "https://ola:secret@example.org/"] {
            assert!(matches!(webhook(address, SECRET), Err(WebhookError::Url(_))), "{address}");
        }
        for secret in ["", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 not base64 not base64"] {
            assert!(matches!(webhook("https://example.org/", secret), Err(WebhookError::Secret)), "{secret}");
        }
    }

    #[test]
    fn a_signature_is_the_one_that_the_standard_gives_as_its_example() {
        // https://github.com/standard-webhooks/standard-webhooks, spec and the tests of its libraries. The id there has another form than ours, so
        // what is signed is put together here.
        let hook = webhook("https://example.org/", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("it reads");
        let mut mac = Hmac::<Sha256>::new_from_slice(&hook.key).expect("any length");
        mac.update(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
        assert_eq!(STANDARD.encode(mac.finalize().into_bytes()), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let id = TellingId::from_random([7; 16]);
        let signed = hook.sign(&id, 5, "{}");
        assert!(signed.starts_with("v1,") && signed != hook.sign(&id, 6, "{}") && signed != hook.sign(&id, 5, "[]"));
    }

    #[test]
    fn it_is_called_for_some_hours_and_then_given_up() {
        let pauses: Vec<i64> = (1..).map_while(pause_ms).collect();
        assert!(pauses.is_sorted() && (4 * HOUR_MS..6 * HOUR_MS).contains(&pauses.iter().sum()), "{pauses:?}");
    }
}
