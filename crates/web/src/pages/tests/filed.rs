//! Pages about registered parties and what they file, in every state.

use app::FilingState;
use askama::Template as _;
use domain::party::CheckedBy;
use domain::{Fault, Inability, ModeratorId, NoticeError, NoticeKind, PartyKind, Role, Time};

use super::frame;
use crate::locale::Locale;
use crate::pages::cases::CaseFiling;
use crate::pages::console::{ConsoleFrame, Corner, Person, PersonState};
use crate::pages::filings::{FilingEntry, FilingLink, FilingPage, FilingsPage, Silence};
use crate::pages::parties::{DeedCase, DeedFiling, DeedsPage, KeyShown, PartiesPage, PartyPage, PartyShown, PartyTyped, PartyValues};
use crate::pages::portal::{FilePage, FileValues, LineShown, ListAnswer, ListPage, PortalPage};
use crate::pages::reply::{Document, LinkFact, OwnReplyPage, ReplyPage, Said, Section, Window};

const NOW: Time = Time(1_795_487_400_000);

pub(super) fn of_case() -> CaseFiling {
    CaseFiling {
        url: "/console/filings/abcdefghjkmnp".into(),
        kind: NoticeKind::TcoRemovalOrder,
        party: "<b>Kite Police".into(),
        reference: Some("<i>KP-17".into()),
        due: Some(NOW),
        unchecked: true,
        silent: Some(NOW),
    }
}

fn document() -> Document {
    let section = Section::new("<b>B")
        .and("<i>Measure", Said::Boxes(vec![(true, "<b>removed".into()), (false, "disabled".into())]))
        .and("When", Said::Time(NOW))
        .and("Words", Said::Words("<script>one\ntwo".into()))
        .and("Reference", Said::Code("<KP-17".into()));
    let link = LinkFact { url: "https://example.org/<".into(), state: "<b>".into(), ground: Some("<i>Act 7".into()), at: Some(NOW) };
    let bare = LinkFact { ground: None, at: None, ..link.clone() };
    Document {
        state: "done",
        form: Some("<b>Annex II".into()),
        heading: "<b>Feedback".into(),
        lead: "<i>".into(),
        sections: vec![Section { links: vec![link, bare], ..section }, Section::new("C")],
    }
}

fn entries(console: bool) -> Vec<FilingEntry> {
    let states = [
        FilingState::Open,
        FilingState::Done(NOW),
        FilingState::Decided,
        FilingState::Cannot(Inability::ManifestErrors),
        FilingState::Told,
        FilingState::Withdrawn,
    ];
    let one = |(state, kind): (FilingState, &NoticeKind)| FilingEntry {
        url: "/portal/filings/abcdefghjkmnp".into(),
        kind: *kind,
        party: console.then(|| "<b>Kite Police".into()),
        reference: console.then(|| "<i>KP-17".into()),
        links: 3,
        received: NOW,
        due: matches!(state, FilingState::Open).then_some(NOW),
        late: console,
        waits: matches!(state, FilingState::Open),
        marks: if console {
            vec!["mark-unchecked", "mark-suspended", "mark-often-wrong", "mark-confirm", "mark-secret"]
        } else {
            Vec::new()
        },
        state,
    };
    states.into_iter().zip(NoticeKind::ALL).map(one).collect()
}

fn party(full: bool) -> PartyShown {
    PartyShown {
        url: "/console/parties/abcdefghjkmnp".into(),
        name: "<b>Kite Police".into(),
        kind: if full { PartyKind::Authority } else { PartyKind::TrustedFlagger },
        jurisdiction: "PL".into(),
        languages: if full { "pl, en".into() } else { String::new() },
        contact: "<i>desk@kites.example".into(),
        checked: full.then(|| (CheckedBy::CallBack, "<b>Ola".into(), NOW)),
        suspended: (!full).then_some(NOW),
        distrusted: full.then_some(NOW),
        created: NOW,
    }
}

fn typed(full: bool) -> PartyValues {
    let values = PartyValues { name: "\"><script>".into(), kind: "partner".into(), checked_by: "letter".into(), ..PartyValues::default() };
    if full { values } else { PartyValues::default() }
}

pub(super) fn pages(locale: Locale) -> Vec<(String, askama::Result<String>)> {
    let at = |corner, role| ConsoleFrame { frame: frame(locale), who: Some(("Ola <b>".to_owned(), role)), corner };
    let mut pages = Vec::new();
    for full in [false, true] {
        let state = if full { "full" } else { "bare" };
        let text = "/notices/abcdefghjkmnp?form=text".to_owned();
        let url = "https://example.org/notices/abcdefghjkmnp".to_owned();
        let more = |page: &str| full.then(|| format!("/console/filings/abcdefghjkmnp?links={page}"));
        let window = Window { first: 201, last: 400, of: 601, before: more("1"), after: more("401") };
        let reply = ReplyPage { frame: frame(locale), filed: full, url, text: text.clone(), document: document(), window: window.clone() };
        pages.push((format!("reply-{state}"), reply.render()));
        let own = OwnReplyPage { frame: at(Corner::Filed, Role::Party), filed: full, text, document: document(), window: window.clone() };
        pages.push((format!("own-reply-{state}"), own.render()));
        let filings = FilingsPage {
            frame: at(Corner::Filings, Role::Moderator),
            waiting: if full { entries(true) } else { Vec::new() },
            entries: if full { entries(true) } else { Vec::new() },
            older: full.then(|| "/console/filings?before=1".to_owned()),
        };
        pages.push((format!("filings-{state}"), filings.render()));
        let filing = FilingPage {
            frame: at(Corner::Filings, Role::Operator),
            action: "/console/filings/abcdefghjkmnp".into(),
            told: full.then_some("told-answered"),
            error: full.then_some("filing-no-words"),
            entry: entries(true).remove(0),
            document: document(),
            links: if full {
                vec![FilingLink { url: "https://example.org/<".into(), state: "<b>".into(), case: Some("/console/cases/a".into()) }]
            } else {
                Vec::new()
            },
            window,
            faults: if full { Fault::ALL.to_vec() } else { Vec::new() },
            confirm: vec![Fault::Jurisdiction],
            silence: full.then_some(Silence { until: NOW, lasts: true, longer: true }),
            holdings: full.then(|| "<script>We hold".into()),
            typed: "<script>".into(),
            answered: full,
        };
        pages.push((format!("filing-{state}"), filing.render()));
        let parties = PartiesPage {
            frame: at(Corner::Parties, Role::Operator),
            parties: if full { vec![party(true), party(false)] } else { Vec::new() },
            values: typed(full),
            error: full.then_some("party-error-checked"),
        };
        pages.push((format!("parties-{state}"), parties.render()));
        let key = |revoked| KeyShown { id: "kites-1".into(), public: "AAAA".into(), created: NOW, revoked };
        let person =
            |state| Person { id: ModeratorId::from_random([1; 16]), name: "<b>Salma".to_owned(), role: Role::Party, state, oneself: false };
        let one = PartyPage {
            frame: at(Corner::Parties, Role::Operator),
            party: party(full),
            keys: if full { vec![key(None), key(Some(NOW))] } else { Vec::new() },
            people: vec![person(PersonState::Passkey), person(PersonState::Suspended(NOW))],
            precision: "<b>".into(),
            filings: if full { entries(true) } else { Vec::new() },
            link: full.then(|| ("<b>Salma".to_owned(), "https://example.org/console/enrol/secret".to_owned(), NOW)),
            error: full.then_some("party-error-key"),
            typed: PartyTyped { check: typed(full), key: "\">".into(), public: "</textarea>".into(), person: "\">".into() },
        };
        pages.push((format!("party-{state}"), one.render()));
        let deeds = DeedsPage {
            frame: at(Corner::Parties, Role::Operator),
            party: party(full),
            since: "<script>".into(),
            from: full.then_some(NOW),
            error: (!full).then_some("deeds-no-time"),
            undoing: full,
            counted: vec!["<b>".into()],
            filings: vec![DeedFiling {
                url: "/console/filings/abcdefghjkmnp".into(),
                kind: NoticeKind::TcoRemovalOrder,
                reference: full.then(|| "<i>KP-17".into()),
                received: NOW,
            }],
            cases: vec![DeedCase {
                url: "/console/cases/abcdefghjkmnp".into(),
                subject: "/<b>".into(),
                stands: vec!["link-removed"],
                alone: full,
            }],
        };
        pages.push((format!("deeds-{state}"), deeds.render()));
        let portal = PortalPage {
            frame: at(Corner::Filed, Role::Party),
            party: "<b>Kite Police".into(),
            kinds: NoticeKind::ALL.to_vec(),
            entries: if full { entries(false) } else { Vec::new() },
            first: !full,
            older: full.then(|| "/portal?before=1".to_owned()),
        };
        pages.push((format!("portal-{state}"), portal.render()));
        let lines = ["line-taken", "line-duplicate", "line-refused"].into_iter().zip(2..);
        let line = |(state, line)| LineShown {
            line,
            state,
            words: "<script>".into(),
            url: (state == "line-taken").then(|| "/notices/abcdefghjkmnp".to_owned()),
        };
        let answer =
            ListAnswer { taken: 1, duplicates: 1, refused: 1, lines: lines.map(line).collect(), left: 7, csv: "data:text/csv,a".into() };
        let list = ListPage {
            frame: at(Corner::List, Role::Party),
            error: full.then(|| "<script>there is no column".into()),
            answer: full.then_some(answer),
        };
        pages.push((format!("list-{state}"), list.render()));
    }
    for kind in NoticeKind::ALL.iter().copied() {
        for error in [None, Some(NoticeError::Time("issued")), Some(NoticeError::Explanation)] {
            let values = vec![("explanation".to_owned(), "<script>".to_owned()), ("reasons".to_owned(), "incites".to_owned())];
            let name = format!("file-{}-{}", kind.as_str(), error.map_or(0, |error| error.to_string().len()));
            let page = FilePage { frame: at(Corner::Filed, Role::Party), kind, values: FileValues(values), error, told: None };
            pages.push((name, page.render()));
        }
    }
    pages
}
