//! Who signs a request: HTTP Message Signatures (RFC 9421) by registered parties, with Ed25519 (RFC 8032) over a Content-Digest (RFC 9530).
//!
//! Of the signatures that a request carries only the one that says it is for this (`tag="handbill-notice"`) is looked at. It has to cover the method,
//! the whole target, the type and the digest of the body, so that nothing of it can be changed or sent elsewhere; that it is of this moment, and
//! comes only once, `app::parties` sees to.

use app::SignatureRefused;
use axum::http::header::HeaderName;
use axum::http::request::Parts;
use domain::{KeyId, Time};
use ed25519_dalek::{Signature, VerifyingKey};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, Parser};
use sha2::{Digest as _, Sha256, Sha512};
use store::PartyRow;

use crate::{Asker, Error, Web};

const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
/// What a signature is for.
const TAG: &str = "handbill-notice";
/// What a signature has to cover.
const COVERED: [&str; 4] = ["@method", "@target-uri", "content-type", "content-digest"];
/// The most components that one may cover.
const COMPONENTS: usize = 32;

/// A registered party that has signed a request.
#[derive(Debug)]
pub(crate) struct Sender {
    /// Who.
    pub(crate) party: PartyRow,
    /// With which key.
    pub(crate) key: KeyId,
}

/// Why a signed request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The fields do not read as RFC 9421 has them.
    #[error("the fields `Signature` and `Signature-Input` do not read, or more than one signature has tag=\"handbill-notice\"")]
    Form,
    /// It is made in another way than is asked for.
    #[error("`alg` is not \"ed25519\", or `keyid` is missing")]
    Algorithm,
    /// It leaves something open.
    #[error("it does not cover \"@method\" \"@target-uri\" \"content-type\" \"content-digest\", or covers what is not there or not known")]
    Covered,
    /// The body is another one.
    #[error("`Content-Digest` is missing, names no sha-256 or sha-512, or is not that of the body")]
    Digest,
    /// The signature is not right.
    #[error("the signature is not right for this request and this key")]
    Wrong,
    /// It is right, and not good.
    #[error(transparent)]
    Refused(#[from] SignatureRefused),
    /// Nobody signed, where somebody has to.
    #[error("only a registered party may do that, and signs it (RFC 9421, tag=\"handbill-notice\")")]
    Missing,
}

/// Who signs a request; `None`: nobody says that they do.
pub(crate) async fn sender(web: &Web, asker: &Asker, head: &Parts, body: &[u8]) -> Result<Option<Sender>, Error> {
    let Some(claim) = Claim::read(head)? else { return Ok(None) };
    let key = claim.key()?;
    let target = target(asker, head);
    let base = claim.base(head, &target)?;
    claim.covers_enough()?;
    check_digest(head, body)?;
    let Some(known) = web.site.public_key(&key).await? else { return Err(SignatureError::Refused(SignatureRefused::Key).into()) };
    let public = VerifyingKey::from_bytes(&known.public_key).map_err(|_| SignatureError::Wrong)?;
    public.verify_strict(base.as_bytes(), &claim.signature).map_err(|_| SignatureError::Wrong)?;
    if claim.number("expires").is_some_and(|expires| expires < web.site.clock.now().0.div_euclid(1_000)) {
        return Err(SignatureError::Refused(SignatureRefused::Time).into());
    }
    let created = claim.number("created").map(|seconds| Time(seconds.saturating_mul(1_000)));
    let party = web.site.use_signature(&known, created, claim.string("nonce")).await?.map_err(SignatureError::Refused)?;
    Ok(Some(Sender { party, key }))
}

/// The target URI: the address by which the site is known, and what was asked of it.
fn target(asker: &Asker, head: &Parts) -> String {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    format!("{}{path}", asker.origin)
}

/// A signature with what it says of itself.
struct Claim {
    input: InnerList,
    signature: Signature,
}

impl Claim {
    fn read(head: &Parts) -> Result<Option<Self>, SignatureError> {
        let Some(inputs) = combined(head, &SIGNATURE_INPUT) else { return Ok(None) };
        let inputs: Dictionary = Parser::new(&inputs).parse().map_err(|_| SignatureError::Form)?;
        let mut ours = inputs.into_iter().filter_map(|(label, entry)| match entry {
            ListEntry::InnerList(list) if string(&list, "tag") == Some(TAG) => Some((label, list)),
            _ => None,
        });
        let Some((label, input)) = ours.next() else { return Ok(None) };
        if ours.next().is_some() {
            return Err(SignatureError::Form);
        }
        let signatures = combined(head, &SIGNATURE).ok_or(SignatureError::Form)?;
        let signatures: Dictionary = Parser::new(&signatures).parse().map_err(|_| SignatureError::Form)?;
        let Some(ListEntry::Item(item)) = signatures.get(label.as_str()) else { return Err(SignatureError::Form) };
        let BareItem::ByteSequence(bytes) = &item.bare_item else { return Err(SignatureError::Form) };
        let signature = Signature::from_slice(bytes).map_err(|_| SignatureError::Wrong)?;
        Ok(Some(Self { input, signature }))
    }

    fn string(&self, name: &str) -> Option<&str> {
        string(&self.input, name)
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.input.params.get(name)? {
            BareItem::Integer(number) => Some(i64::from(*number)),
            _ => None,
        }
    }

    fn key(&self) -> Result<KeyId, SignatureError> {
        if self.string("alg") != Some("ed25519") {
            return Err(SignatureError::Algorithm);
        }
        self.string("keyid").and_then(KeyId::parse).ok_or(SignatureError::Algorithm)
    }

    /// Whether nothing of the request is left open.
    fn covers_enough(&self) -> Result<(), SignatureError> {
        let covers =
            |name: &str| self.input.items.iter().any(|item| matches!(&item.bare_item, BareItem::String(own) if own.as_str() == name));
        if COVERED.into_iter().all(covers) { Ok(()) } else { Err(SignatureError::Covered) }
    }

    /// The signature base (RFC 9421, 2.5): a line for each component, and last what the signature says of itself, in the order in which it says it.
    fn base(&self, head: &Parts, target: &str) -> Result<String, SignatureError> {
        let mut covered: Vec<&str> = Vec::new();
        let mut base = String::new();
        for item in &self.input.items {
            let BareItem::String(name) = &item.bare_item else { return Err(SignatureError::Covered) };
            let name = name.as_str();
            if !item.params.is_empty() || covered.contains(&name) || covered.len() == COMPONENTS {
                return Err(SignatureError::Covered);
            }
            let value = component(head, target, name).ok_or(SignatureError::Covered)?;
            base += &format!("\"{name}\": {value}\n");
            covered.push(name);
        }
        let params = sfv::FieldType::serialize(&vec![ListEntry::InnerList(self.input.clone())]).ok_or(SignatureError::Form)?;
        Ok(base + "\"@signature-params\": " + &params)
    }
}

/// The value of a component (RFC 9421, 2.1 and 2.2); `None`: it is not there, or not one that is known here.
fn component(head: &Parts, target: &str, name: &str) -> Option<String> {
    let after_scheme = target.split_once("://").map(|(_, rest)| rest);
    match name {
        "@method" => Some(head.method.as_str().to_owned()),
        "@target-uri" => Some(target.to_owned()),
        "@scheme" => target.split_once("://").map(|(scheme, _)| scheme.to_owned()),
        "@authority" => after_scheme.map(|rest| rest.split('/').next().unwrap_or_default().to_ascii_lowercase()),
        "@request-target" => head.uri.path_and_query().map(ToString::to_string),
        "@path" => Some(head.uri.path().to_owned()),
        "@query" => Some(format!("?{}", head.uri.query().unwrap_or_default())),
        // Names of fields are written in small letters here, and derived components that are not known are none.
        name if name.starts_with('@') || name.bytes().any(|byte| byte.is_ascii_uppercase()) => None,
        name => combined(head, &HeaderName::from_bytes(name.as_bytes()).ok()?),
    }
}

/// All values of a field as one (RFC 9421, 2.1): without the space around each, and with a comma and a space between them.
fn combined(head: &Parts, name: &HeaderName) -> Option<String> {
    let values: Option<Vec<&str>> = head.headers.get_all(name).iter().map(|value| value.to_str().ok().map(str::trim)).collect();
    values.filter(|values| !values.is_empty()).map(|values| values.join(", "))
}

fn string<'a>(list: &'a InnerList, name: &str) -> Option<&'a str> {
    match list.params.get(name)? {
        BareItem::String(text) => Some(text.as_str()),
        _ => None,
    }
}

/// Whether the body is the one that was signed: every digest of a kind that is known has to be right, and there has to be one.
fn check_digest(head: &Parts, body: &[u8]) -> Result<(), SignatureError> {
    let field = combined(head, &CONTENT_DIGEST).ok_or(SignatureError::Digest)?;
    let digests: Dictionary = Parser::new(&field).parse().map_err(|_| SignatureError::Digest)?;
    let mut known = 0;
    for (name, entry) in &digests {
        let ListEntry::Item(item) = entry else { return Err(SignatureError::Digest) };
        let BareItem::ByteSequence(told) = &item.bare_item else { return Err(SignatureError::Digest) };
        let is_right = match name.as_str() {
            "sha-256" => told.as_slice() == &Sha256::digest(body)[..],
            "sha-512" => told.as_slice() == &Sha512::digest(body)[..],
            _ => continue,
        };
        if !is_right {
            return Err(SignatureError::Digest);
        }
        known += 1;
    }
    if known > 0 { Ok(()) } else { Err(SignatureError::Digest) }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// RFC 9421, B.2 and B.2.6: the request, the key and the signature.
    #[test]
    fn the_vector_of_the_rfc_verifies() {
        let (head, ()) = axum::http::Request::builder()
            .method("POST")
            .uri("/foo?param=Value&Pet=dog")
            .header("host", "example.com")
            .header("date", "Tue, 20 Apr 2021 02:07:55 GMT")
            .header("content-type", "application/json")
            .header("content-length", "18")
            .body(())
            .expect("it is a request")
            .into_parts();
        let input = r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
        let inputs: Dictionary = Parser::new(input).parse().expect("it reads");
        let Some(ListEntry::InnerList(input)) = inputs.get("sig-b26") else { panic!("it is a list") };
        let bytes = STANDARD
            .decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")
            .expect("it is base64");
        let claim = Claim { input: input.clone(), signature: Signature::from_slice(&bytes).expect("it is 64 bytes") };
        let base = claim.base(&head, "https://example.com/foo?param=Value&Pet=dog").expect("all of it is there");
        assert_eq!(claim.covers_enough(), Err(SignatureError::Covered), "neither the digest nor the whole target");
        let key = STANDARD.decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").expect("it is base64");
        let key = VerifyingKey::from_bytes(&key.try_into().expect("it is 32 bytes")).expect("it is a key");
        assert!(key.verify_strict(base.as_bytes(), &claim.signature).is_ok());
        assert!(key.verify_strict((base + " ").as_bytes(), &claim.signature).is_err());
    }

    #[test]
    fn a_digest_is_that_of_the_body_or_the_request_is_refused() {
        let with = |digest: &str| {
            let head = axum::http::Request::builder().header("content-digest", digest).body(()).expect("it is a request").into_parts().0;
            check_digest(&head, b"{\"hello\": \"world\"}")
        };
        // RFC 9530, appendix B, and both at once.
        let right = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
        assert_eq!(with(right), Ok(()));
        assert_eq!(with(&format!("md5=:AAAA:, {right}")), Ok(()), "what is not known says nothing");
        for wrong in ["sha-256=:AAAA:", "md5=:AAAA:", "", "sha-256=X48E9qOo", &format!("{right}, sha-512=:AAAA:")] {
            assert_eq!(with(wrong), Err(SignatureError::Digest), "{wrong}");
        }
    }
}
