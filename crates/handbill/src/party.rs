//! `handbill party`: authorities, trusted flaggers and partners, how it is known who they are, and what they sign with.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use app::{Deeds, PartyRefused, Site};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand};
use domain::party::{Checked, checked};
use domain::{KeyId, ModeratorName, PartyName, RawParty, Time};
use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use serde_json::json;
use store::PartyRow;

use crate::Place;
use crate::bank::{Out, beside};
use crate::moderator::{done, to_one, told};

/// What to do with parties.
#[derive(Args)]
pub(crate) struct PartyArguments {
    #[command(subcommand)]
    command: PartyCommand,
}

#[derive(Subcommand)]
enum PartyCommand {
    /// Register a party.
    Add {
        /// Its name
        name: String,
        /// authority, trusted_flagger or partner
        #[arg(long)]
        kind: String,
        /// Where its word is law: a country's two letters, or EU
        #[arg(long)]
        jurisdiction: String,
        /// Languages that it reads, such as pl,en
        #[arg(long, default_value = "")]
        languages: String,
        /// How it is reached
        #[arg(long)]
        contact: String,
        #[command(flatten)]
        check: Check,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Show every party, how it is known who it is, and its keys.
    List {
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Write down that a party's identity was checked.
    Check {
        /// Its name
        name: String,
        #[command(flatten)]
        check: Check,
        #[command(flatten)]
        place: Place,
    },
    /// Give a party a key, by which it signs its requests.
    Key {
        /// Its name
        name: String,
        /// What its signatures call the key
        key: String,
        /// The Ed25519 public key: a PEM file, or its 32 bytes in base64
        public_key: String,
        #[command(flatten)]
        place: Place,
    },
    /// Make a key good no more, at once.
    Revoke {
        /// What signatures call the key
        key: String,
        #[command(flatten)]
        place: Place,
    },
    /// Print a link that enrols somebody who files for a party on its portal, once, within 48 hours.
    Person {
        /// The party's name
        name: String,
        /// The person's name
        person: String,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Let a party file no more, at once: neither its keys nor its people. With --since, list all that was done in its name since then, as when a key was
    /// stolen.
    Suspend {
        /// Its name
        name: String,
        /// List what was done in its name since this time, such as 2026-11-26T10:00Z
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Undo all of that as well: requests, cases, what is held, decisions
        #[arg(long, requires = "since")]
        undo: bool,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        place: Place,
    },
    /// Let the reports of a party that was often wrong come first again.
    Trust {
        /// Its name
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Let a party file again.
    Resume {
        /// Its name
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

/// How an identity was checked.
#[derive(Args)]
#[group(skip)]
struct Check {
    /// call_back (to a number found elsewhere), in_person, register or letter
    #[arg(long = "checked")]
    by: Option<String>,
    /// Who checked it
    #[arg(long = "checked-by", requires = "by")]
    who: Option<String>,
    /// On which day, such as 2026-11-26; today, where it is not said
    #[arg(long = "checked-on", requires = "by")]
    on: Option<String>,
}

impl Check {
    fn day(&self) -> Result<Option<Time>> {
        let Some(text) = &self.on else { return Ok(None) };
        let day: jiff::civil::Date = text.parse().with_context(|| format!("{text:?} is no day; write it like 2026-11-26"))?;
        Ok(Some(Time(day.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_millisecond())))
    }

    fn read(&self, now: Time) -> Result<Checked> {
        let day = self.day()?;
        let found = checked(self.by.as_deref().unwrap_or_default(), self.who.as_deref().unwrap_or_default(), day, now);
        found.context(domain::PartyError::Checked)
    }
}

/// `handbill party …`
pub(crate) fn party(arguments: &PartyArguments) -> Result<ExitCode> {
    match &arguments.command {
        PartyCommand::Add { name, kind, jurisdiction, languages, contact, check, out, place } => {
            let raw = RawParty {
                name: name.clone(),
                kind: kind.clone(),
                jurisdiction: jurisdiction.clone(),
                languages: languages.clone(),
                contact: contact.clone(),
                checked_by: check.by.clone().unwrap_or_default(),
                checked_who: check.who.clone().unwrap_or_default(),
                checked_on: check.day()?,
            };
            beside(place, async |site| add(&site, out, raw).await)
        }
        PartyCommand::List { out, place } => beside(place, async |site| list(&site, out).await),
        PartyCommand::Check { name, check, place } => to(place, name, async |site, one| {
            let checked = check.read(site.clock.now())?;
            Ok(done(site.check_party(None, &one.id, &checked).await?.map_err(words), "written down"))
        }),
        PartyCommand::Key { name, key, public_key, place } => {
            let (key, public) = (key_id(key)?, public(public_key)?);
            to(place, name, async |site, one| {
                Ok(done(site.add_key(None, &one.id, &key, public).await?.map_err(words), "it signs with this key from now on"))
            })
        }
        PartyCommand::Revoke { key, place } => {
            let key = key_id(key)?;
            beside(place, async |site| Ok(done(site.revoke_key(None, &key).await?.map_err(words), "the key is good no more")))
        }
        PartyCommand::Person { name, person, out, place } => {
            let Some(person) = ModeratorName::parse(person) else { bail!("{person:?} is no name") };
            to(place, name, async |site, one| told(place, out, site.add_party_person(None, &one.id, &person).await?))
        }
        PartyCommand::Suspend { name, since, undo, out, place } => {
            let since = since.as_deref().map(moment).transpose()?;
            to(place, name, async |site, one| suspend(site, &one, since, *undo, out).await)
        }
        PartyCommand::Trust { name, place } => to(place, name, async |site, one| {
            let trusted = site.trust_party(None, &one.id).await?.then_some(()).ok_or("its reports come first already");
            Ok(done(trusted, "its reports come first again"))
        }),
        PartyCommand::Resume { name, place } => {
            to(place, name, async |site, one| Ok(done(site.suspend_party(None, &one.id, false).await?.map_err(words), "it may file again")))
        }
    }
}

fn to(place: &Place, name: &str, deed: impl AsyncFnOnce(&Site, PartyRow) -> Result<ExitCode>) -> Result<ExitCode> {
    to_one(place, async |site: &Site| named(site, name).await, deed)
}

async fn add(site: &Site, out: &Out, raw: RawParty) -> Result<ExitCode> {
    let row = match site.add_party(None, raw.check(site.clock.now())?).await? {
        Ok(row) => row,
        Err(refused) => return Ok(done(Err(words(refused)), "")),
    };
    let mut stdout = std::io::stdout().lock();
    if out.json {
        writeln!(stdout, "{}", as_json(&row, &[]))?;
    } else {
        writeln!(stdout, "{}", row.id)?;
        eprintln!(
            "handbill: registered; `handbill party key` gives it a key to sign with, `handbill party person` somebody who files on the portal"
        );
        if row.party.checked.is_none() {
            eprintln!("handbill: nobody has checked who it is; `handbill party check` writes that down");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A time as somebody types it: with its zone, or a day.
fn moment(text: &str) -> Result<Time> {
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|day| day.timestamp())
    });
    let stamp = stamp.with_context(|| format!("{text:?} is no time; write it like 2026-11-26T10:00Z, or 2026-11-26"))?;
    Ok(Time(stamp.as_millisecond()))
}

async fn suspend(site: &Site, one: &PartyRow, since: Option<Time>, undo: bool, out: &Out) -> Result<ExitCode> {
    let suspended = site.suspend_party(None, &one.id, true).await?;
    let Some(since) = since else { return Ok(done(suspended.map_err(words), "it may file no more")) };
    eprintln!("handbill: {}", if suspended.is_ok() { "it may file no more" } else { "it was suspended before" });
    let deeds = site.deeds(&one.id, since).await?;
    tell(&deeds, out)?;
    if undo {
        site.undo_deeds(None, &one.id, since).await?.map_err(|refused| anyhow::anyhow!(words(refused)))?;
        site.undo_deeds_now(None, &one.id, since).await?;
        eprintln!(
            "handbill: undone; what others reported too stays as it was decided, and what was in quarantine comes back as soon as the site does its jobs"
        );
    } else if !deeds.is_empty() {
        eprintln!("handbill: the same command with --undo undoes all of it");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(deeds: &Deeds, out: &Out) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let subject = |case: &store::filings::Touched| web::subject_path(&case.subject);
    for row in &deeds.filings {
        let (kind, at) = (row.filing.notice.kind.as_str(), web::locale::iso(row.received));
        let reference = row.filing.order.reference.as_deref();
        if out.json {
            let line =
                json!({"what": "filing", "id": row.id, "type": kind, "reference": reference, "received": at, "links": row.links.len()});
            writeln!(stdout, "{line}")?;
        } else {
            writeln!(stdout, "filing\t{}\t{kind}\t{}\t{} links\t{at}", row.id, reference.unwrap_or("-"), row.links.len())?;
        }
    }
    for case in &deeds.cases {
        let state = case.state.as_str();
        if out.json {
            let line =
                json!({"what": "case", "id": case.id, "subject": subject(case), "state": state, "held": case.held, "others": !case.alone});
            writeln!(stdout, "{line}")?;
        } else {
            let held = if case.held { "held" } else { "-" };
            let others = if case.alone { "-" } else { "others reported it too" };
            writeln!(stdout, "case\t{}\t{}\t{state}\t{held}\t{others}", case.id, subject(case))?;
        }
    }
    for (decision, alone) in &deeds.decisions {
        let (action, at) = (decision.decision.action.as_str(), web::locale::iso(decision.created));
        if out.json {
            let line = json!({"what": "decision", "id": decision.id, "case": decision.case_id, "action": action, "decided": at, "would_be_undone": alone});
            writeln!(stdout, "{line}")?;
        } else {
            let undone = if *alone { "would be undone" } else { "stays: others reported it too" };
            writeln!(stdout, "decision\t{}\t{action}\t{at}\t{undone}", decision.id)?;
        }
    }
    eprintln!(
        "handbill: {} requests, {} cases ({} of them reported by nobody else), {} held, {} decisions",
        deeds.filings.len(),
        deeds.cases.len(),
        deeds.alone(),
        deeds.held(),
        deeds.decisions.len()
    );
    Ok(())
}

async fn named(site: &Site, name: &str) -> Result<Option<PartyRow>> {
    let found = match PartyName::parse(name) {
        Some(name) => site.party_named(&name).await?,
        None => None,
    };
    if found.is_none() {
        eprintln!("handbill: no party is called {name:?}; `handbill party list` shows all");
    }
    Ok(found)
}

fn key_id(text: &str) -> Result<KeyId> {
    KeyId::parse(text)
        .with_context(|| format!("{text:?} is no name of a key: it has 1 to 64 letters, digits, dots, hyphens and underscores"))
}

/// The bytes of a public key: a PEM file (RFC 8410), or base64.
fn public(text: &str) -> Result<[u8; 32]> {
    if let Ok(bytes) = STANDARD.decode(text)
        && let Ok(bytes) = bytes.try_into()
    {
        return Ok(bytes);
    }
    let file = PathBuf::from(text);
    let pem = std::fs::read_to_string(&file).with_context(|| format!("{} is neither a file nor 32 bytes in base64", file.display()))?;
    let key = VerifyingKey::from_public_key_pem(pem.trim()).with_context(|| format!("{} holds no Ed25519 public key", file.display()))?;
    Ok(key.to_bytes())
}

fn words(refused: PartyRefused) -> &'static str {
    match refused {
        PartyRefused::Taken => "there is one of this name already",
        PartyRefused::Nobody => "there is none of this name",
        PartyRefused::Already => "it is so already",
        PartyRefused::Key => "it is no Ed25519 key, or a weak one",
        // The command line is nobody, and may do everything.
        PartyRefused::NotAllowed => "that cannot be done",
    }
}

fn as_json(row: &PartyRow, keys: &[store::parties::KeyRow]) -> serde_json::Value {
    let party = &row.party;
    let checked = party.checked.as_ref();
    let keys: Vec<_> = keys
        .iter()
        .map(|key| json!({"id": key.id.as_str(), "public_key": STANDARD.encode(key.public_key), "since": web::locale::iso(key.created), "revoked": key.revoked.map(web::locale::iso)}))
        .collect();
    json!({"id": row.id, "name": party.name.as_str(), "kind": party.kind.as_str(), "jurisdiction": party.jurisdiction.as_str(),
        "languages": party.languages, "contact": party.contact, "suspended": row.suspended.map(web::locale::iso), "often_wrong": row.distrusted.map(web::locale::iso), "since": web::locale::iso(row.created),
        "checked": checked.map(|checked| json!({"by": checked.by.as_str(), "who": checked.who, "on": web::locale::iso(checked.on)})), "keys": keys})
}

async fn list(site: &Site, out: &Out) -> Result<ExitCode> {
    let all = site.parties().await?;
    let mut stdout = std::io::stdout().lock();
    for row in &all {
        let keys = site.keys_of(&row.id).await?;
        if out.json {
            writeln!(stdout, "{}", as_json(row, &keys))?;
            continue;
        }
        let party = &row.party;
        let checked = party.checked.as_ref().map_or_else(
            || "not checked".to_owned(),
            |checked| {
                format!("{} by {} on {}", checked.by.as_str(), checked.who, web::locale::iso(checked.on).get(..10).unwrap_or_default())
            },
        );
        let state = match (row.suspended, row.distrusted) {
            (Some(_), _) => "suspended",
            (None, Some(_)) => "often wrong",
            (None, None) => "active",
        };
        let good: Vec<&str> = keys.iter().filter(|key| key.revoked.is_none()).map(|key| key.id.as_str()).collect();
        let good = if good.is_empty() { "-".to_owned() } else { good.join(",") };
        writeln!(stdout, "{}\t{}\t{}\t{state}\t{checked}\t{good}", party.name.as_str(), party.kind.as_str(), party.jurisdiction)?;
    }
    if all.is_empty() {
        eprintln!("handbill: no party is registered; `handbill party add NAME` registers one");
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_a_file_as_others_write_it_and_from_base64() {
        // RFC 9421, B.1.4.
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n";
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), pem).expect("it is written");
        let read = public(&file.path().display().to_string()).expect("it is a key");
        assert_eq!(public("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").expect("it is a key"), read);
        for bad in ["", "JrQLj5P/", "/nothing/here.pem"] {
            assert!(public(bad).is_err(), "{bad}");
        }
    }
}
