//! Registered parties, for operators: who they are, how that was made sure of, their keys and their people.

use app::{NewLink, PartyRefused, PersonRefused};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use domain::party::checked;
use domain::{KeyId, ModeratorId, ModeratorName, PartyError, PartyId, Precision, RawParty, Time};

use super::{Fields, Operator, fields, frame, said, show};
use crate::api::notices::moment;
use crate::asker::Named;
use crate::error::Error;
use crate::headers;
use crate::locale::Locale;
use crate::pages::console::{Corner, Person};
use crate::pages::filings::FilingEntry;
use crate::pages::parties::{KeyShown, PartiesPage, PartyPage, PartyShown, PartyValues};
use crate::{Asker, Web};

/// Filings of a party that are shown on its page.
const SHOWN: i64 = 10;
/// Before the 32 bytes of an Ed25519 key in a public key's own form (RFC 8410): what `openssl pkey -pubout` writes.
const DER_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// `GET /console/parties`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    let shown = all(&web, &asker, &operator, StatusCode::OK, PartyValues::default(), None).await;
    said(&web, &asker, shown)
}

async fn all(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    status: StatusCode,
    values: PartyValues,
    error: Option<&'static str>,
) -> Result<Response<Body>, Error> {
    let asker = Asker { path: "/console/parties".to_owned(), ..asker.clone() };
    let parties = web.site.parties().await?.iter().map(PartyShown::of).collect();
    Ok(show(status, &PartiesPage { frame: frame(web, &asker, &operator.0, Corner::Parties), parties, values, error }))
}

/// `POST /console/parties`: registers one.
pub(crate) async fn add(State(web): State<Web>, operator: Operator, asker: Asker, body: Body) -> Response<Body> {
    let typed = fields(body).await;
    let text = |name: &str| typed.field(name).chars().take(600).collect::<String>();
    let values = PartyValues {
        name: text("name"),
        kind: text("kind"),
        jurisdiction: text("jurisdiction"),
        languages: text("languages"),
        contact: text("contact"),
        checked_by: text("checked_by"),
        checked_who: text("checked_who"),
        checked_on: text("checked_on"),
    };
    let added = async {
        let party = match day(&typed) {
            Err(()) => Err(PartyError::Checked),
            Ok(on) => {
                let raw = RawParty {
                    name: values.name.clone(),
                    kind: values.kind.clone(),
                    jurisdiction: values.jurisdiction.clone(),
                    languages: values.languages.clone(),
                    contact: values.contact.clone(),
                    checked_by: values.checked_by.clone(),
                    checked_who: values.checked_who.clone(),
                    checked_on: on,
                };
                raw.check(web.site.clock.now())
            }
        };
        let party = match party {
            Ok(party) => party,
            Err(error) => return all(&web, &asker, &operator, StatusCode::BAD_REQUEST, values, Some(error_key(error))).await,
        };
        match web.site.add_party(Some(&operator.0.who.id), party).await? {
            Ok(row) => Ok(headers::see(&format!("/console/parties/{}", row.id))),
            Err(refused) => all(&web, &asker, &operator, StatusCode::CONFLICT, values, Some(refused_key(refused))).await,
        }
    };
    said(&web, &asker, added.await)
}

/// How often a party's notices were right, in words.
fn precision_words(locale: Locale, precision: Precision) -> String {
    match precision.judged() {
        0 => locale.text("party-unjudged").into_owned(),
        judged => {
            let number = |count: u32| locale.number(i64::from(count)).into();
            locale.with("party-precision", &[("right", number(precision.right)), ("judged", number(judged))])
        }
    }
}

fn error_key(error: PartyError) -> &'static str {
    match error {
        PartyError::Name => "party-error-name",
        PartyError::Kind => "party-error-kind",
        PartyError::Jurisdiction => "party-error-jurisdiction",
        PartyError::Languages => "party-error-languages",
        PartyError::Contact => "party-error-contact",
        PartyError::Checked => "party-error-checked",
    }
}

fn refused_key(refused: PartyRefused) -> &'static str {
    match refused {
        PartyRefused::Taken => "party-error-taken",
        PartyRefused::Key => "party-error-key",
        PartyRefused::NotAllowed | PartyRefused::Nobody | PartyRefused::Already => "people-error-changed",
    }
}

/// The day of a check as a browser or a person writes it; no day is today.
fn day(typed: &Fields) -> Result<Option<Time>, ()> {
    moment("checked_on", Some(typed.field("checked_on").to_owned())).map_err(|_| ())
}

/// `GET /console/parties/{id}`.
pub(crate) async fn one(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let shown = drawn(&web, &asker, &operator, &id, StatusCode::OK, None, None).await;
    said(&web, &asker, shown)
}

async fn drawn(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    id: &str,
    status: StatusCode,
    link: Option<NewLink>,
    error: Option<&'static str>,
) -> Result<Response<Body>, Error> {
    let id = PartyId::parse(id).ok_or(Error::NotFound)?;
    let row = web.site.party(&id).await?.ok_or(Error::NotFound)?;
    let asker = Asker { path: format!("/console/parties/{id}"), ..asker.clone() };
    let now = web.site.clock.now();
    let people = web.site.people_of(&id).await?;
    let link = link.map(|link| {
        let name = people.iter().find(|one| one.id == link.id).map_or_else(String::new, |one| one.name.clone());
        (name, format!("{}/console/enrol/{}", asker.origin, link.secret.expose()), link.until)
    });
    let key = |key: &store::parties::KeyRow| KeyShown {
        id: key.id.as_str().to_owned(),
        public: STANDARD.encode(key.public_key),
        created: key.created,
        revoked: key.revoked,
    };
    let filings = web.site.filings(Some(&id), None, SHOWN).await?;
    let page = PartyPage {
        frame: frame(web, &asker, &operator.0, Corner::Parties),
        party: PartyShown::of(&row),
        keys: web.site.keys_of(&id).await?.iter().map(key).collect(),
        people: people.iter().map(|one| Person::of(one, &operator.0.who.id, now)).collect(),
        precision: precision_words(web.locale(&asker), web.site.precision_of(&id).await?),
        filings: filings.iter().map(|view| FilingEntry::of(view, format!("/console/filings/{}", view.row.id), now, true)).collect(),
        link,
        error,
        values: PartyValues::default(),
    };
    Ok(show(status, &page))
}

/// What came of a change to a party: its page, or its page with why not.
async fn changed<T>(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    id: &str,
    done: Result<Result<T, PartyRefused>, Error>,
) -> Result<Response<Body>, Error> {
    match done? {
        // Twice is once.
        Ok(_) | Err(PartyRefused::Already) => Ok(headers::see(&format!("/console/parties/{id}"))),
        Err(refused) => drawn(web, asker, operator, id, StatusCode::CONFLICT, None, Some(refused_key(refused))).await,
    }
}

/// `POST /console/parties/{id}/check`: its identity was checked.
pub(crate) async fn check(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let party = PartyId::parse(&id).ok_or(Error::NotFound)?;
        let facts =
            day(&typed).ok().and_then(|on| checked(typed.field("checked_by"), typed.field("checked_who"), on, web.site.clock.now()));
        let Some(facts) = facts else {
            return drawn(&web, &asker, &operator, &id, StatusCode::BAD_REQUEST, None, Some("party-error-checked")).await;
        };
        let done = web.site.check_party(Some(&operator.0.who.id), &party, &facts).await.map_err(Error::from);
        changed(&web, &asker, &operator, &id, done).await
    };
    said(&web, &asker, done.await)
}

/// `POST /console/parties/{id}/keys`.
pub(crate) async fn add_key(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let party = PartyId::parse(&id).ok_or(Error::NotFound)?;
        let wrong = |key| drawn(&web, &asker, &operator, &id, StatusCode::BAD_REQUEST, None, Some(key));
        let Some(key) = KeyId::parse(typed.field("key").trim()) else { return wrong("party-error-key-name").await };
        let Some(public) = public_key(typed.field("public")) else { return wrong("party-error-key").await };
        let done = web.site.add_key(Some(&operator.0.who.id), &party, &key, public).await.map_err(Error::from);
        changed(&web, &asker, &operator, &id, done).await
    };
    said(&web, &asker, done.await)
}

/// An Ed25519 public key as people have it: a PEM file's words, or its 32 bytes in base64 or hexadecimal.
fn public_key(typed: &str) -> Option<[u8; 32]> {
    let bare: String =
        typed.lines().filter(|line| !line.starts_with("-----")).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    if bare.len() == 64
        && let Ok(bytes) = hex::decode(&bare)
    {
        return bytes.try_into().ok();
    }
    let bytes = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|engine| engine.decode(&bare).ok())?;
    bytes.strip_prefix(&DER_HEAD).unwrap_or(&bytes).try_into().ok()
}

/// `POST /console/parties/{id}/keys/{key}/revoke`.
pub(crate) async fn revoke(
    State(web): State<Web>,
    Named((id, key)): Named<(String, String)>,
    operator: Operator,
    asker: Asker,
) -> Response<Body> {
    let done = async {
        let (party, key) = (PartyId::parse(&id).ok_or(Error::NotFound)?, KeyId::parse(&key).ok_or(Error::NotFound)?);
        if !web.site.keys_of(&party).await?.iter().any(|own| own.id == key) {
            return Err(Error::NotFound);
        }
        let done = web.site.revoke_key(Some(&operator.0.who.id), &key).await.map_err(Error::from);
        changed(&web, &asker, &operator, &id, done).await
    };
    said(&web, &asker, done.await)
}

/// `POST /console/parties/{id}/suspend`.
pub(crate) async fn suspend(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    set_suspended(&web, &asker, &operator, &id, true).await
}

/// `POST /console/parties/{id}/resume`.
pub(crate) async fn resume(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    set_suspended(&web, &asker, &operator, &id, false).await
}

async fn set_suspended(web: &Web, asker: &Asker, operator: &Operator, id: &str, suspended: bool) -> Response<Body> {
    let done = async {
        let party = PartyId::parse(id).ok_or(Error::NotFound)?;
        let done = web.site.suspend_party(Some(&operator.0.who.id), &party, suspended).await.map_err(Error::from);
        changed(web, asker, operator, id, done).await
    };
    said(web, asker, done.await)
}

/// `POST /console/parties/{id}/trust`: its notices come first again. Twice is once.
pub(crate) async fn trust(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let done = async {
        let party = PartyId::parse(&id).ok_or(Error::NotFound)?;
        web.site.trust_party(Some(&operator.0.who.id), &party).await?;
        Ok(headers::see(&format!("/console/parties/{party}")))
    };
    said(&web, &asker, done.await)
}

/// `POST /console/parties/{id}/people`. The link is in the answer, and nowhere else.
pub(crate) async fn add_person(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let typed = fields(body).await;
    let done = async {
        let party = PartyId::parse(&id).ok_or(Error::NotFound)?;
        let Some(name) = ModeratorName::parse(typed.field("name")) else {
            return drawn(&web, &asker, &operator, &id, StatusCode::BAD_REQUEST, None, Some("people-error-name")).await;
        };
        let made = web.site.add_party_person(Some(&operator.0.who.id), &party, &name).await?;
        linked(&web, &asker, &operator, &id, made).await
    };
    said(&web, &asker, done.await)
}

async fn linked(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    id: &str,
    made: Result<NewLink, PersonRefused>,
) -> Result<Response<Body>, Error> {
    match made {
        Ok(link) => drawn(web, asker, operator, id, StatusCode::OK, Some(link), None).await,
        Err(refused) => drawn(web, asker, operator, id, StatusCode::CONFLICT, None, Some(person_key(refused))).await,
    }
}

fn person_key(refused: PersonRefused) -> &'static str {
    match refused {
        PersonRefused::Taken => "people-error-taken",
        PersonRefused::Suspended => "people-error-suspended",
        PersonRefused::Oneself | PersonRefused::NotAllowed | PersonRefused::Nobody | PersonRefused::Already => "people-error-changed",
    }
}

/// Somebody of this party, and of no other.
async fn person(web: &Web, party: &str, person: &str) -> Result<ModeratorId, Error> {
    let (party, person) = (PartyId::parse(party).ok_or(Error::NotFound)?, ModeratorId::parse(person).ok_or(Error::NotFound)?);
    let own = web.site.people_of(&party).await?.iter().any(|one| one.id == person);
    if own { Ok(person) } else { Err(Error::NotFound) }
}

/// `POST /console/parties/{id}/people/{person}/link`.
pub(crate) async fn link_person(
    State(web): State<Web>,
    Named((id, one)): Named<(String, String)>,
    operator: Operator,
    asker: Asker,
) -> Response<Body> {
    let done = async {
        let one = person(&web, &id, &one).await?;
        let made = web.site.link_moderator(Some(&operator.0.who.id), &one).await?;
        linked(&web, &asker, &operator, &id, made).await
    };
    said(&web, &asker, done.await)
}

/// `POST /console/parties/{id}/people/{person}/suspend`.
pub(crate) async fn suspend_person(
    State(web): State<Web>,
    Named(names): Named<(String, String)>,
    operator: Operator,
    asker: Asker,
) -> Response<Body> {
    set_person_suspended(&web, &asker, &operator, names, true).await
}

/// `POST /console/parties/{id}/people/{person}/resume`.
pub(crate) async fn resume_person(
    State(web): State<Web>,
    Named(names): Named<(String, String)>,
    operator: Operator,
    asker: Asker,
) -> Response<Body> {
    set_person_suspended(&web, &asker, &operator, names, false).await
}

async fn set_person_suspended(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    (id, one): (String, String),
    suspended: bool,
) -> Response<Body> {
    let done = async {
        let (one, by) = (person(web, &id, &one).await?, Some(&operator.0.who.id));
        let done = if suspended { web.site.suspend_moderator(by, &one).await? } else { web.site.resume_moderator(by, &one).await? };
        match done {
            Ok(()) | Err(PersonRefused::Already) => Ok(headers::see(&format!("/console/parties/{id}"))),
            Err(refused) => drawn(web, asker, operator, &id, StatusCode::CONFLICT, None, Some(person_key(refused))).await,
        }
    };
    said(web, asker, done.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_read_as_people_have_it() {
        let own = [7; 32];
        let der = [&DER_HEAD[..], &own[..]].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\r\n{}\r\n-----END PUBLIC KEY-----\r\n", STANDARD.encode(&der));
        for typed in [STANDARD.encode(own), URL_SAFE_NO_PAD.encode(own), hex::encode(own), pem, format!(" {} \n", STANDARD.encode(own))] {
            assert_eq!(public_key(&typed), Some(own), "{typed}");
        }
        for wrong in ["", "kite", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 44]), "-----BEGIN PUBLIC KEY-----"] {
            assert_eq!(public_key(wrong), None, "{wrong}");
        }
    }
}
