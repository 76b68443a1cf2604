//! Registered parties, for operators: who they are, how that was made sure of, their keys and their people.

use app::{NewLink, PartyRefused, PersonRefused};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use domain::party::checked;
use domain::{KeyId, ModeratorId, ModeratorName, PartyError, PartyId, Precision, RawParty, Time};

use super::people::handed;
use super::{Fields, Operator, fields, frame_at, said, show};
use crate::api::notices::moment;
use crate::asker::Named;
use crate::error::Error;
use crate::headers;
use crate::locale::Locale;
use crate::pages::console::{Corner, Person};
use crate::pages::filings::FilingEntry;
use crate::pages::parties::{KeyShown, PartiesPage, PartyPage, PartyShown, PartyTyped, PartyValues};
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
    let parties = web.site.parties().await?.iter().map(PartyShown::of).collect();
    Ok(show(
        status,
        &PartiesPage { frame: frame_at(web, asker, &operator.0, Corner::Parties, Corner::Parties.path()), parties, values, error },
    ))
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
    let shown = drawn(&web, &asker, &operator, &id, StatusCode::OK, Told::default()).await;
    said(&web, &asker, shown)
}

/// What a party's page says after a form: a link that was made; or what was wrong, and what was typed then.
#[derive(Default)]
struct Told {
    link: Option<NewLink>,
    error: Option<&'static str>,
    typed: PartyTyped,
}

async fn drawn(web: &Web, asker: &Asker, operator: &Operator, id: &str, status: StatusCode, told: Told) -> Result<Response<Body>, Error> {
    let id = party_id(id)?;
    let row = web.site.party(&id).await?.ok_or(Error::NotFound)?;
    let now = web.site.clock.now();
    let people = web.site.people_of(&id).await?;
    let key = |key: &store::parties::KeyRow| KeyShown {
        id: key.id.as_str().to_owned(),
        public: STANDARD.encode(key.public_key),
        created: key.created,
        revoked: key.revoked,
    };
    let filings = web.site.filings(Some(&id), None, SHOWN).await?;
    let page = PartyPage {
        frame: frame_at(web, asker, &operator.0, Corner::Parties, format!("/console/parties/{id}")),
        party: PartyShown::of(&row),
        keys: web.site.keys_of(&id).await?.iter().map(key).collect(),
        people: people.iter().map(|one| Person::of(one, &operator.0.who.id, now)).collect(),
        precision: precision_words(web.locale(asker), web.site.precision_of(&id).await?),
        filings: filings.iter().map(|view| FilingEntry::of(view, format!("/console/filings/{}", view.row.id), now, true)).collect(),
        link: told.link.map(|link| handed(asker, &link, &people)),
        error: told.error,
        typed: told.typed,
    };
    Ok(show(status, &page))
}

/// What came of an act on a party.
enum Acted {
    /// It is so.
    Done,
    /// So it is, with a link to hand on.
    Linked(NewLink),
    /// It is not, and why.
    Refused(StatusCode, &'static str),
}

impl Acted {
    /// What was typed is wrong.
    fn wrong(key: &'static str) -> Self {
        Self::Refused(StatusCode::BAD_REQUEST, key)
    }

    /// Of a change to a party. Twice is once.
    fn of(done: Result<(), PartyRefused>) -> Self {
        match done {
            Ok(()) | Err(PartyRefused::Already) => Self::Done,
            Err(refused) => Self::Refused(StatusCode::CONFLICT, refused_key(refused)),
        }
    }

    /// Of a change to somebody who files for it.
    fn of_person(done: Result<(), PersonRefused>) -> Self {
        match done {
            Ok(()) | Err(PersonRefused::Already) => Self::Done,
            Err(refused) => Self::Refused(StatusCode::CONFLICT, person_key(refused)),
        }
    }

    fn linked(made: Result<NewLink, PersonRefused>) -> Self {
        made.map_or_else(|refused| Self::Refused(StatusCode::CONFLICT, person_key(refused)), Self::Linked)
    }
}

/// The party's page after an act on it.
async fn after(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    (id, typed): (&str, PartyTyped),
    acted: Result<Acted, Error>,
) -> Response<Body> {
    let answer = async {
        let (status, told) = match acted? {
            Acted::Done => return Ok(headers::see(&format!("/console/parties/{id}"))),
            Acted::Linked(link) => (StatusCode::OK, Told { link: Some(link), ..Told::default() }),
            Acted::Refused(status, error) => (status, Told { error: Some(error), typed, ..Told::default() }),
        };
        drawn(web, asker, operator, id, status, told).await
    };
    said(web, asker, answer.await)
}

fn party_id(id: &str) -> Result<PartyId, Error> {
    PartyId::parse(id).ok_or(Error::NotFound)
}

/// Who does it.
fn by(operator: &Operator) -> Option<&ModeratorId> {
    Some(&operator.0.who.id)
}

/// What was typed into a form of a party's page.
fn typed(form: &Fields) -> PartyTyped {
    let text = |name: &str| form.field(name).chars().take(600).collect::<String>();
    let [checked_by, checked_who, checked_on] = ["checked_by", "checked_who", "checked_on"].map(text);
    let check = PartyValues { checked_by, checked_who, checked_on, ..PartyValues::default() };
    PartyTyped { check, key: text("key"), public: text("public"), person: text("name") }
}

/// `POST /console/parties/{id}/check`: its identity was checked.
pub(crate) async fn check(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let form = fields(body).await;
    let acted = async {
        let party = party_id(&id)?;
        let facts = day(&form).ok().and_then(|on| checked(form.field("checked_by"), form.field("checked_who"), on, web.site.clock.now()));
        let Some(facts) = facts else { return Ok(Acted::wrong("party-error-checked")) };
        Ok(Acted::of(web.site.check_party(by(&operator), &party, &facts).await?))
    };
    after(&web, &asker, &operator, (&id, typed(&form)), acted.await).await
}

/// `POST /console/parties/{id}/keys`.
pub(crate) async fn add_key(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let form = fields(body).await;
    let acted = async {
        let party = party_id(&id)?;
        let Some(key) = KeyId::parse(form.field("key").trim()) else { return Ok(Acted::wrong("party-error-key-name")) };
        let Some(public) = public_key(form.field("public")) else { return Ok(Acted::wrong("party-error-key")) };
        Ok(Acted::of(web.site.add_key(by(&operator), &party, &key, public).await?))
    };
    after(&web, &asker, &operator, (&id, typed(&form)), acted.await).await
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
    let acted = async {
        let (party, key) = (party_id(&id)?, KeyId::parse(&key).ok_or(Error::NotFound)?);
        if !web.site.keys_of(&party).await?.iter().any(|own| own.id == key) {
            return Err(Error::NotFound);
        }
        Ok(Acted::of(web.site.revoke_key(by(&operator), &key).await?))
    };
    after(&web, &asker, &operator, (&id, PartyTyped::default()), acted.await).await
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
    let acted = async { Ok(Acted::of(web.site.suspend_party(by(operator), &party_id(id)?, suspended).await?)) };
    after(web, asker, operator, (id, PartyTyped::default()), acted.await).await
}

/// `POST /console/parties/{id}/trust`: its notices come first again. Twice is once.
pub(crate) async fn trust(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let acted = async {
        web.site.trust_party(by(&operator), &party_id(&id)?).await?;
        Ok(Acted::Done)
    };
    after(&web, &asker, &operator, (&id, PartyTyped::default()), acted.await).await
}

/// `POST /console/parties/{id}/people`. The link is in the answer, and nowhere else.
pub(crate) async fn add_person(
    State(web): State<Web>,
    Named(id): Named<String>,
    operator: Operator,
    asker: Asker,
    body: Body,
) -> Response<Body> {
    let form = fields(body).await;
    let acted = async {
        let party = party_id(&id)?;
        let Some(name) = ModeratorName::parse(form.field("name")) else { return Ok(Acted::wrong("people-error-name")) };
        Ok(Acted::linked(web.site.add_party_person(by(&operator), &party, &name).await?))
    };
    after(&web, &asker, &operator, (&id, typed(&form)), acted.await).await
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
    let acted = async {
        let one = person(&web, &id, &one).await?;
        Ok(Acted::linked(web.site.link_moderator(by(&operator), &one).await?))
    };
    after(&web, &asker, &operator, (&id, PartyTyped::default()), acted.await).await
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
    let acted = async {
        let (one, by) = (person(web, &id, &one).await?, by(operator));
        let done = if suspended { web.site.suspend_moderator(by, &one).await? } else { web.site.resume_moderator(by, &one).await? };
        Ok(Acted::of_person(done))
    };
    after(web, asker, operator, (&id, PartyTyped::default()), acted.await).await
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
