//! Every page, drawn in every language and every state; and what must hold for all words, templates and styles.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use askama::Template;
use domain::lever::Pulled;
use domain::{
    Action, AppealState, Category, ClauseId, DraftError, Ground, Language, Limits, MediaKind, MediaState, NoticeError, Origin, Problem,
    Time,
};

use super::embed::{EmbedBody, EmbedPage};
use crate::contact::{Country, Points, Representative};
use crate::house::{Announcement, Colour, Contact};

use super::cases::{
    AppealAbout, AppealsPage, CaseBefore, CaseClaim, CaseClause, CaseDecision, CaseGround, CaseLook, CaseMatch, CaseMember, CaseNote,
    CaseNotice, CasePage, DecisionsPage, Filters, FoundEntry, FoundPage, Keeping, OpenAppeal, QueueEntry, QueueList, QueuePage, Today,
    Typed,
};
use super::console::ConsoleFrame;
use super::levers::{LeverEntry, LeversPage};
use super::newest::{Entry, NewestPage, Small};
use super::policy::Written;
use super::removed::Cited;
use super::*;

mod filed;
mod watched;

const PLACEHOLDER: &str =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGNcvnE5AwMDEwMDAwMDABYeAbWbVZQXAAAAAElFTkSuQmCC";

fn frame(locale: Locale) -> Frame {
    let house = House {
        name: None,
        colour: Some(Colour::parse("teal").expect("a colour")),
        announcement: Some(Announcement::parse("We move on **Sunday**, see https://kites.example/move").expect("short")),
        contact: Some(Contact::parse("ola@kites.example").expect("an address")),
        points: Points {
            name: Some("<b>Ola".into()),
            address: Some("<i>Kite Street 1".into()),
            phone: Contact::parse("tel:+48225550101").ok(),
            country: Country::parse("CH").ok(),
            users: Contact::parse("ola@kites.example").ok(),
            authorities: Contact::parse("https://kites.example/<b>").ok(),
            orders: Contact::parse("ola@kites.example").ok(),
            languages: ["pl", "xx"].into_iter().filter_map(Language::parse).collect(),
            representative: Some(Representative { name: "<b>Ela".into(), ..Representative::default() }),
        },
    };
    Frame {
        locale,
        back: "/?a=1&b=<script>".into(),
        house: house.into(),
        newest: false,
        away: Some(domain::Why::Queue),
        levers: vec!["<b>Until Sunday".into()],
    }
}

fn bare(locale: Locale) -> Frame {
    Frame { house: Arc::default(), away: None, levers: Vec::new(), ..frame(locale) }
}

fn picture(src: &str) -> Picture {
    Picture {
        src: src.into(),
        width: 1600,
        height: 1000,
        webp_srcset: String::new(),
        srcset: format!("{src} 1600w"),
        placeholder: Some(PLACEHOLDER.into()),
        download: Download { url: src.into(), size_bytes: 2_811_034 },
    }
}

fn medium(number: usize, body: MediumBody, caption: Option<&str>) -> Medium {
    Medium { id: format!("m{number}"), number, body, caption: caption.map(Into::into), alt: None, placed: number == 2 }
}

fn post(locale: Locale, full: bool) -> PostPage {
    let (title, text, tag, caption) = match locale {
        Locale::Ar => (
            "سوق السمك في الصباح الباكر",
            "<p>وصلنا قبل الشروق بقليل. كانت القوارب تعود واحدًا تلو الآخر، و<a href=\"/about\">النوارس</a> فوقها.</p><blockquote><p>البحر لا يعطي مرتين.</p></blockquote><ul><li>خبز</li><li>سمك</li></ul>",
            "ar",
            "المرفأ عند السادسة صباحًا",
        ),
        _ => (
            "The fish market, early",
            "<p>We came a little before sunrise. The boats were returning one by one, with <a href=\"/about\">gulls</a> above them.</p><blockquote><p>The sea does not give twice.</p></blockquote><ul><li>Bread</li><li>Fish</li></ul>",
            "en",
            "The harbour at six in the morning",
        ),
    };
    let video = Video {
        src: "video.mp4".into(),
        content_type: "video/mp4".into(),
        poster: Some("photo.svg".into()),
        width: 1280,
        height: 720,
        duration_ms: Some(83_000),
        download: Download { url: "video.mp4".into(), size_bytes: 18_200_000 },
    };
    let media = vec![
        medium(1, MediumBody::Photo(picture("photo.svg")), Some(caption)),
        medium(2, MediumBody::Animation(picture("photo.svg")), None),
        medium(3, MediumBody::Video(video), None),
        medium(4, MediumBody::Processing(Some(42)), None),
        medium(5, MediumBody::Processing(None), None),
        medium(5, MediumBody::Waiting, None),
        medium(8, MediumBody::Removed(Some(Box::new(statement(false)))), None),
        medium(6, MediumBody::Refused(Problem::Corrupt), None),
        medium(7, MediumBody::Covered("?show=7".into()), None),
    ];
    let preview = Preview { image_url: "https://example.org/m/a/800.jpg".into(), width: 800, height: 500, alt: Some("\"><script>".into()) };
    let film =
        VideoPreview { url: "https://example.org/m/b/original.mp4".into(), content_type: "video/mp4".into(), width: 1280, height: 720 };
    PostPage {
        waiting: full,
        public: full.then_some(Time(1_795_497_400_000)),
        frame: frame(locale),
        limits: Limits::default(),
        url: "https://example.org/abcdefghjkmnp".into(),
        path: "/abcdefghjkmnp".into(),
        title: full.then(|| title.into()),
        words: if full { vec![Piece::Words(text.into()), Piece::Medium(1), Piece::Words("<p>…</p>".into())] } else { Vec::new() },
        excerpt: if full { "We came a little before sunrise.".into() } else { String::new() },
        language: if full { Language::parse(tag) } else { None },
        created: Time(1_795_487_400_000),
        edited: full.then_some(Time(1_795_497_400_000)),
        expires: full.then_some(Time(1_797_487_400_000)),
        listed: full,
        sensitive: false,
        shown: false,
        media: if full { media } else { Vec::new() },
        previews: if full { vec![preview.clone(), preview] } else { Vec::new() },
        video: full.then_some(film),
        zip: full.then(|| Download { url: "/abcdefghjkmnp.zip".into(), size_bytes: 22_800_000 }),
        oembed: "https://example.org/oembed?url=https%3A%2F%2Fexample%2Eorg%2Fabcdefghjkmnp".into(),
        embed_code: "<iframe src=\"https://example.org/abcdefghjkmnp/embed\" title=\"&lt;b&gt;\"></iframe>".into(),
    }
}

fn refused(full: bool) -> Vec<RefusedFile> {
    let all = Problem::ALL.iter().map(|problem| RefusedFile { name: Some("<b>holiday.mov".into()), problem: *problem });
    if full { all.take(3).chain([RefusedFile { name: None, problem: Problem::TooLarge }]).collect() } else { Vec::new() }
}

fn values(full: bool) -> ComposerValues {
    if !full {
        return ComposerValues::default();
    }
    let text = "\n<script>kept</script>".to_owned();
    ComposerValues {
        title: "\"kept\"".into(),
        text,
        language: "de-at".into(),
        listed: true,
        sensitive: true,
        expires: "1w".into(),
        views: "3".into(),
        has_password: true,
    }
}

fn composer(locale: Locale, full: bool) -> ComposerPage {
    let error = full.then(|| draft_error_words(locale, &DraftError::TextTooLong { limit_bytes: 1 << 20 }));
    ComposerPage {
        frame: frame(locale),
        limits: Limits::default(),
        once: "abcdefghjkmnp".into(),
        values: values(full),
        error,
        error_field: full.then_some("text"),
        refused: refused(full),
    }
}

fn manage(locale: Locale, full: bool) -> ManagePage {
    let one = ManagedMedium {
        id: "bbbbbbbbbbbbb".into(),
        number: 1,
        kind: Some(MediaKind::Photo),
        name: Some("kite.jpg".into()),
        size_bytes: Some(31_022),
        thumbnail: Some("photo.svg".into()),
        processing: false,
        waiting: false,
        removed: false,
        caption: String::new(),
        alt: String::new(),
        sensitive: full,
        still: None,
    };
    let two = ManagedMedium {
        still: full.then_some(ManagedStill { state: MediaState::Refused, problem: Some(Problem::NotPhoto) }),
        number: 2,
        id: "ccccccccccccc".into(),
        kind: Some(MediaKind::Video),
        thumbnail: None,
        processing: true,
        waiting: false,
        ..one.clone()
    };
    ManagePage {
        frame: frame(locale),
        links: full.then_some(Time(1_795_487_400_000)),
        limits: Limits::default(),
        post_url: "https://example.org/abcdefghjkmnp".into(),
        manage_url: "https://example.org/abcdefghjkmnp/manage/abcdefghjkmnpabcdefghjkmnp".into(),
        action: "/abcdefghjkmnp/manage/abcdefghjkmnpabcdefghjkmnp".into(),
        published: true,
        waits: Some(domain::Wait::Until(Time(1_795_497_400_000))),
        saved: full,
        error: full.then(|| draft_error_words(locale, &DraftError::LineTooLong { field: "title", limit: 1_000 })),
        error_field: full.then_some("title"),
        concerned: if full { vec![concerned(true), concerned(false)] } else { Vec::new() },
        stands: full.then(|| Stands { title: Some("<b>other".into()), text: "<script>other".into() }),
        seen: 0,
        refused_more: if full { 3 } else { 0 },
        refused: refused(full),
        values: values(full),
        now: ManagedNow { password: true, views: Some(2), listed: false, sensitive: true },
        expires: full.then_some(Time(1_797_487_400_000)),
        media: vec![one, two],
        failed: if full {
            vec![("ddddddddddddd".into(), RefusedFile { name: Some("<b>.mov".into()), problem: Problem::Corrupt })]
        } else {
            Vec::new()
        },
    }
}

fn statement(facts: bool) -> Statement {
    Statement {
        id: "abcdefghjkmnp".into(),
        action: if facts { Action::Remove } else { Action::Cover },
        ground: if facts { Ground::Policy } else { Ground::Law },
        reference: "<b>Act 7".into(),
        clause: facts.then(|| Cited { id: ClauseId::parse("violence").expect("an id"), kept: true, policy: Some(policy_version()) }),
        facts: facts.then(|| "<script>It threatens a kite.".into()),
        composed: None,
        origin: if facts { Origin::Notice } else { Origin::Match },
        alike: facts,
        asked: if facts {
            let authority = domain::party::Jurisdiction::parse("PL").map(|country| ("<b>Kite Police".to_owned(), country));
            let kinds = [(domain::NoticeKind::TcoRemovalOrder, authority), (domain::NoticeKind::TrustedFlagger, None)];
            kinds.into_iter().map(|(kind, authority)| super::Asked { kind, authority }).collect()
        } else {
            Vec::new()
        },
        countries: Vec::new(),
        created: Time(1_795_487_400_000),
        until: Time(1_797_487_400_000),
        redress: facts,
    }
}

fn policy_version() -> Arc<app::PolicyVersion> {
    let row = store::PolicyRow { version: 3, origin: domain::PolicyOrigin::Own, digest: [0; 32], since: Time(1_795_487_400_000) };
    Arc::new(app::PolicyVersion { row, policy: crate::policy::shipped() })
}

fn policy(locale: Locale, full: bool) -> PolicyPage {
    let language = |tag| Language::parse(tag).expect("a tag");
    let written = Written {
        language: language("de"),
        title: "<script>".into(),
        lead: if full { "<p>Es gilt.</p>".into() } else { String::new() },
        sections: vec![(Some("violence".into()), "<i>".into(), "<p>Kein Streit.</p>".into()), (None, "<b>".into(), String::new())],
    };
    PolicyPage {
        frame: frame(locale),
        version: 2,
        since: Time(1_795_487_400_000),
        until: full.then_some(Time(1_797_487_400_000)),
        own_language: !full,
        written,
        languages: if full { vec![language("de"), language("xx")] } else { vec![language("de")] },
        versions: vec![(3, Time(1_797_487_400_000)), (2, Time(1_795_487_400_000))],
    }
}

fn concerned(full: bool) -> Concerned {
    let appeal = |state| AppealNow {
        words: "<script>It is a kite.".into(),
        state,
        answer: (state != AppealState::Open).then(|| "<b>So it is.".into()),
        due: Time(1_797_487_400_000),
    };
    Concerned {
        statement: statement(full),
        undone: !full,
        of_media: usize::from(full),
        appeal: (!full).then(|| appeal(AppealState::Upheld)),
        can_appeal: full,
        typed: "<b>".to_owned(),
    }
}

fn case_decision(undone: bool) -> CaseDecision {
    CaseDecision {
        heading: "<b>".into(),
        statement: statement(!undone),
        reach: "<i>31".into(),
        case: "abcdefghjkmnp".into(),
        undone: undone.then_some(Time(1_795_487_400_000)),
        destroyed: None,
        can_undo: !undone,
        keeping: Keeping {
            retentions: vec![("<b>".into(), "<i>KWP 12/26".into(), Time(1_797_487_400_000))],
            sealed: undone.then_some(Time(1_795_487_400_000)),
            evidence_destroyed: undone.then_some(Time(1_797_487_400_000)),
            may_add: !undone,
            days: ["2026-11-27".into(), "2036-11-26".into()],
        },
    }
}

fn queue_page(frame: ConsoleFrame, full: bool) -> QueuePage {
    let entry = QueueEntry {
        url: "/console/cases/abcdefghjkmnp".into(),
        heading: "<b>".into(),
        id: "abcdefghjkmnp".into(),
        notices: full.then(|| "<u>5 reports".into()),
        rank: "<i>".into(),
        kind: full.then_some(domain::NoticeKind::TcoRemovalOrder),
        unregistered: !full,
        late: full,
        due: full.then_some(Time(1_797_487_400_000)),
        opened: Time(1_795_487_400_000),
        found: full.then(found),
        with: full.then(|| "<b>Ola".into()),
    };
    let list = QueueList {
        locale: frame.locale,
        entries: if full { vec![entry] } else { Vec::new() },
        open: u64::from(full),
        appeals: usize::from(full),
        waiting: i64::from(full),
        today: Today { words: "<i>".into(), used_up: full },
        filtered: full,
    };
    let filters = Filters { kind: if full { "notice".into() } else { String::new() }, due: full, ..Filters::default() };
    let undo = full.then(|| ("abcdefghjkmnp".into(), "<b>".into()));
    QueuePage {
        frame,
        list,
        filters,
        live: "/console?part=list&kind=\"".into(),
        told: full.then(|| "<b>".into()),
        undo,
        away: full.then(|| "<b>".into()),
    }
}

fn found_page(frame: ConsoleFrame, full: bool) -> FoundPage {
    let one = FoundEntry { url: "/console/cases/abcdefghjkmnp".into(), heading: "<b>".into(), detail: "<i>".into() };
    FoundPage { frame, words: "\"><script>".into(), found: if full { vec![one] } else { Vec::new() } }
}

fn found() -> CaseMatch {
    CaseMatch { bank: "kites".into(), reading: "pdq".into(), percent: 100, precision: "<b>".into(), held: "<i>".into() }
}

fn case_look(shown: bool) -> CaseLook {
    CaseLook {
        url: "/console/media/abcdefghjkmnp".into(),
        what: "<b>".into(),
        film: false,
        known: shown.then(|| "<i>".into()),
        shown,
        here: "/console/cases/a?look=abcdefghjkmnp#looks".into(),
    }
}

fn case_page(frame: ConsoleFrame, full: bool) -> CasePage {
    let notice = CaseNotice {
        category: "<b>".into(),
        explanation: "<script>".into(),
        who: full.then(|| "<i>Ola".into()),
        mail: full.then(|| "<b>".into()),
        filed: full.then(filed::of_case),
        id: "abcdefghjkmnp".into(),
        asked: Some(("<b>".into(), full.then(|| "<i>".into()))),
        created: Time(1_795_487_400_000),
    };
    let member = CaseMember {
        value: "a/b".into(),
        url: "https://example.org/<".into(),
        reading: "pdq".into(),
        percent: 97,
        taken: true,
        opened: 12,
        words: "</td><b>".into(),
    };
    CasePage {
        frame,
        alike: 3,
        id: "abcdefghjkmnp".into(),
        heading: "<b>".into(),
        action: "/console/cases/abcdefghjkmnp".into(),
        told: full.then(|| "<b>".into()),
        error: full.then(|| "<b>".into()),
        open: full,
        held: full,
        because: full.then(|| "<b>".to_owned()),
        edited: full,
        rank: "<i>".into(),
        notices: vec![notice],
        notice_count: 1,
        matches: if full { vec![found()] } else { Vec::new() },
        opened: 1,
        url: "https://example.org/abcdefghjkmnp".into(),
        title: full.then(|| "<script>".into()),
        words: if full { "<script>".into() } else { String::new() },
        now: full.then(|| "<script>".into()),
        version: Some(0),
        banks: if full { vec!["removed".into(), "<kites>".into()] } else { Vec::new() },
        never_shown: !full,
        looks: if full { vec![case_look(false), case_look(true)] } else { Vec::new() },
        today: Today { words: "<i>".into(), used_up: full },
        claim: (!full).then(|| CaseClaim { name: "<b>Ola".into(), until: Time(1_795_487_400_000) }),
        assigned: full.then(|| "<b>Ola".into()),
        notes: vec![CaseNote {
            by: "<b>".into(),
            to: full.then(|| "<i>".into()),
            words: "<script>".into(),
            created: Time(1_795_487_400_000),
        }],
        others: vec![("abcdefghjkmnp".into(), "<b>".into())],
        before: vec![CaseBefore {
            url: "/console/cases/b".into(),
            heading: "<b>".into(),
            state: "<i>".into(),
            opened: Time(1_795_487_400_000),
        }],
        ask_back: full.then(|| "/console/filings/abcdefghjkmnp#answer".into()),
        token: "abcdefghjkmnp".into(),
        grounds: vec![CaseGround { value: "policy:violence".into(), words: "<b>".into(), chosen: full }],
        typed: Typed {
            bank: "<kites>".into(),
            action: "remove".into(),
            law: "<b>Act 7".into(),
            facts: "</textarea><script>".into(),
            composed: "\"><script>".into(),
            countries: "\">".into(),
            alike: full,
            media: full,
        },
        own_media: full,
        shown: "a/b".into(),
        undo: full.then(|| ("abcdefghjkmnp".into(), "<b>".into())),
        members: if full { vec![member] } else { Vec::new() },
        reach: "<i>".into(),
        clauses: vec![CaseClause { id: "violence".into(), heading: "<b>".into(), likely: full }],
        preserved: full.then_some(Time(1_795_487_400_000)),
        silent: full.then_some(Time(1_795_487_400_000)),
        decisions: vec![case_decision(full)],
        note: "</textarea>".into(),
        question: full.then(|| ("abcdefghjkmnp".into(), "</textarea>".into())),
    }
}

fn report(locale: Locale, full: bool) -> ReportPage {
    let choice = |number: Option<usize>| AboutChoice {
        value: number.map(|_| "bbbbbbbbbbbbb".into()).unwrap_or_default(),
        number,
        alt: number.map(|_| "\"><script>".into()),
        chosen: number.is_none(),
    };
    let values =
        NoticeValues { category: "violence".into(), explanation: "<script>".into(), name: "\">".into(), ..NoticeValues::default() };
    ReportPage {
        frame: frame(locale),
        url: "https://example.org/abcdefghjkmnp".into(),
        action: "/abcdefghjkmnp/report".into(),
        choices: if full { vec![choice(None), choice(Some(1))] } else { vec![choice(None)] },
        values: if full { values } else { NoticeValues::default() },
        told: full.then(|| "<b>".into()),
        error: full.then_some(NoticeError::Email),
        mail: full,
    }
}

fn receipt(locale: Locale, filed: bool) -> ReceiptPage {
    let subject = |became| ("https://example.org/abcdefghjkmnp".to_owned(), became);
    ReceiptPage {
        frame: frame(locale),
        url: "https://example.org/notices/abcdefghjkmnpabcdefghjkmnp".into(),
        filed,
        mailed: filed,
        stopped: !filed,
        created: Time(1_795_487_400_000),
        category: Category::Violence,
        subjects: vec![
            subject(Became::Open),
            subject(Became::Gone),
            subject(Became::Left(Some("<script>".into()))),
            subject(Became::Covered(Box::new(statement(false)))),
            subject(Became::Removed(Box::new(statement(true)))),
            subject(Became::Restored),
        ],
        questions: vec![("abcdefghjkmnp".into(), "<b>".into(), (!filed).then(|| "<i>".into()))],
        typed: filed.then(|| ("abcdefghjkmnp".into(), "</textarea>".into())),
    }
}

fn newest(locale: Locale, full: bool) -> NewestPage {
    NewestPage {
        frame: Frame { newest: true, ..frame(locale) },
        entries: Vec::new(),
        first: !full,
        older: full.then(|| "/newest?before=1795487400000-abcdefghjkmnp".into()),
    }
}

fn entries(full: bool) -> Vec<Entry> {
    let small = Small { src: "/m/a/400.jpg".into(), width: 400, height: 300, alt: "\"><script>".into() };
    let one = Entry {
        url: "/abcdefghjkmnp".into(),
        urn: "urn:uuid:0".into(),
        title: Some("<b>سوق السمك</b>".into()),
        excerpt: "<i>We came a little before sunrise.".into(),
        language: Language::parse("ar"),
        created: Time(1_795_487_400_000),
        published: "2026-11-24T02:30:00Z".into(),
        updated: "2026-11-24T02:30:00Z".into(),
        sensitive: false,
        thumbnail: Some(small),
    };
    let bare = Entry { title: None, excerpt: String::new(), language: None, sensitive: true, thumbnail: None, ..one.clone() };
    let long = Entry { title: None, excerpt: "word ".repeat(40), ..one.clone() };
    if full { vec![one, bare, long] } else { Vec::new() }
}

fn drawn() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for locale in Locale::ALL.iter().copied() {
        let mut add =
            |name: String, page: Result<String, askama::Error>| pages.push((format!("{name}.{}", locale.tag()), page.expect(&name)));
        for full in [false, true] {
            let state = if full { "full" } else { "bare" };
            add(format!("composer-{state}"), composer(locale, full).render());
            add(format!("manage-{state}"), manage(locale, full).render());
            add(format!("post-{state}"), post(locale, full).render());
        }
        add("post-covered".into(), PostPage { sensitive: true, ..post(locale, true) }.render());
        add("post-shown".into(), PostPage { sensitive: true, shown: true, ..post(locale, true) }.render());
        for full in [false, true] {
            add(format!("newest-{full}"), NewestPage { entries: entries(full), ..newest(locale, full) }.render());
        }
        let there = |heading, link| EmbedBody::There { heading, link, url: "https://example.org/abcdefghjkmnp".into() };
        for (name, body) in [
            ("bare", EmbedBody::Post(Box::new(post(locale, false)))),
            ("full", EmbedBody::Post(Box::new(post(locale, true)))),
            ("covered", EmbedBody::Post(Box::new(PostPage { sensitive: true, ..post(locale, true) }))),
            ("locked", there("locked-heading", "manage-open")),
            ("removed", there("removed-heading", "removed-why")),
            ("gone", EmbedBody::Gone),
            ("nothing", EmbedBody::Nothing),
        ] {
            add(format!("embed-{name}"), EmbedPage { frame: frame(locale), body }.render());
        }
        for full in [false, true] {
            add(format!("report-{full}"), report(locale, full).render());
            add(format!("receipt-{full}"), receipt(locale, full).render());
            add(format!("removed-{full}"), RemovedPage { frame: frame(locale), statement: statement(full) }.render());
            let managed = ManagedRemovedPage {
                frame: frame(locale),
                url: "https://kites.example/abcdefghjkmnp".into(),
                action: "/abcdefghjkmnp/manage/abcdefghjkmnpabcdefghjkmnp".into(),
                concerned: vec![concerned(full)],
                appealed: full,
                error: (!full).then(|| "<b>no".into()),
            };
            add(format!("managed-removed-{full}"), managed.render());
        }
        for full in [true, false] {
            add(format!("policy-{full}"), policy(locale, full).render());
            let frame = if full { frame(locale) } else { bare(locale) };
            add(format!("contact-{full}"), ContactPage { frame }.render());
        }
        add("about".into(), AboutPage { frame: frame(locale), limits: Limits::default() }.render());
        for (lock, error) in [(app::Lock::Password, None), (app::Lock::Password, Some("<b>no".into())), (app::Lock::Press, None)] {
            let name = format!("locked-{lock:?}-{}", error.is_some());
            add(name, LockedPage { frame: frame(locale), lock, action: "/abcdefghjkmnp/open".into(), error }.render());
        }
        for message in Message::ALL.iter().copied() {
            add(format!("message-{message:?}"), MessagePage { frame: frame(locale), message, words: None }.render());
        }
        for (name, page) in console(locale) {
            add(format!("console-{name}"), page);
        }
    }
    pages
}

/// The console's pages.
fn console(locale: Locale) -> Vec<(String, askama::Result<String>)> {
    use super::console::*;
    use domain::{Act, AuditId, ModeratorId, Role};
    let (now, id) = (Time(1_795_487_400_000), |seed| ModeratorId::from_random([seed; 16]));
    let at = |corner, role| ConsoleFrame { frame: frame(locale), who: Some(("Ola <b>".to_owned(), role)), corner };
    let door = || ConsoleFrame { frame: frame(locale), who: None, corner: Corner::Door };
    let mut pages = Vec::new();
    for role in [Role::Operator, Role::Moderator] {
        pages.push((format!("home-{}", role.as_str()), HomePage { frame: at(Corner::Home, role), role }.render()));
    }
    for full in [false, true] {
        let state = if full { "full" } else { "bare" };
        let (queue, case) = (queue_page(at(Corner::Queue, Role::Operator), full), case_page(at(Corner::Queue, Role::Moderator), full));
        pages.push((format!("queue-{state}"), queue.render()));
        pages.push((format!("case-{state}"), case.render()));
        pages.push((format!("found-{state}"), found_page(at(Corner::Queue, Role::Moderator), full).render()));
        let decisions = DecisionsPage {
            frame: at(Corner::Decisions, Role::Operator),
            decisions: if full { vec![case_decision(true), case_decision(false)] } else { Vec::new() },
            older: full.then(|| "/console/decisions?before=1".to_owned()),
            unsealed: full,
            told: full.then(|| "<b>".to_owned()),
            error: full.then(|| "<i>".to_owned()),
        };
        pages.push((format!("decisions-{state}"), decisions.render()));
        let appeal = OpenAppeal {
            id: "abcdefghjkmnp".into(),
            words: "<script>It is a toy.".into(),
            due: Time(1_797_487_400_000),
            statement: statement(true),
            typed: "<b>So".into(),
            several: true,
            reach: "<b>2 posts".into(),
            case: "abcdefghjkmnp".into(),
            own: false,
            about: Some(AppealAbout {
                title: Some("<b>Kites".into()),
                words: "<script>".into(),
                looks: vec![case_look(false), case_look(true)],
                said: vec![("picture 1".into(), "<i>A kite".into())],
                never_shown: true,
            }),
        };
        let own = OpenAppeal { own: true, several: false, about: None, ..appeal.clone() };
        let appeals = AppealsPage {
            frame: at(Corner::Appeals, Role::Operator),
            appeals: if full { vec![appeal, own] } else { Vec::new() },
            today: Today { words: "0".into(), used_up: full },
            told: full.then(|| "<b>".into()),
            error: full.then(|| "<b>".into()),
        };
        pages.push((format!("appeals-{state}"), appeals.render()));
    }
    for failed in [false, true] {
        let page = SignInPage { frame: door(), to: "/console/audit".to_owned(), name: "Ola".to_owned(), failed, passkeys: !failed };
        pages.push((format!("sign-in-{failed}"), page.render()));
    }
    let refused = [None, Some(app::EnrolRefused::Password), Some(app::EnrolRefused::Code)];
    for (number, refused) in refused.into_iter().enumerate() {
        let page = EnrolPage {
            frame: door(),
            action: "/console/enrol/secret".to_owned(),
            name: "Ola".to_owned(),
            role: Role::Operator,
            until: Some(now),
            code_link: "otpauth://totp/Kites:Ola?secret=GEZDGNBV".to_owned(),
            key: "GEZD GNBV".to_owned(),
            picture: Some((29, "M4 4h7v1h-7z".to_owned())),
            refused,
            passkeys: true,
        };
        pages.push((format!("enrol-{number}"), page.render()));
    }
    let states =
        [PersonState::Passkey, PersonState::Password, PersonState::Waiting(now), PersonState::LinkEnded, PersonState::Suspended(now)];
    let person = |(seed, state)| Person { id: id(seed), name: "Salma".to_owned(), role: Role::Moderator, state, oneself: seed == 0 };
    let troubles = [
        None,
        Some(Trouble::Name),
        Some(Trouble::Taken),
        Some(Trouble::Oneself),
        Some(Trouble::Suspended),
        Some(Trouble::Changed),
        Some(Trouble::Looks),
    ];
    for (number, trouble) in troubles.into_iter().enumerate() {
        let page = PeoplePage {
            frame: at(Corner::People, Role::Operator),
            people: (0..).zip(states).map(person).collect(),
            link: (number == 0).then(|| ("Salma".to_owned(), "https://kites.example/console/enrol/secret".to_owned(), now)),
            trouble,
            typed: String::new(),
            looks: "\">9".to_owned(),
            overturned: vec![Overturned {
                name: "<b>".to_owned(),
                decisions: "<i>".to_owned(),
                undone: "<i>".to_owned(),
                appealed: "<i>".to_owned(),
                overturned: "<i>".to_owned(),
            }],
            banks: "<b>".to_owned(),
        };
        pages.push((format!("people-{number}"), page.render()));
    }
    for (number, full) in [true, false].into_iter().enumerate() {
        let source = BankSource { label: "<list>.csv".to_owned(), precision: "<b>".to_owned(), distrusted: now };
        let bank = BankEntry {
            name: "kites".to_owned(),
            acts: "<i>".to_owned(),
            numbers: "<b>".to_owned(),
            precision: "<i>".to_owned(),
            distrusted: Some(now),
            sources: vec![source],
            waiting: vec![BankWaiting {
                item: "abcdefghjkmnp".to_owned(),
                label: "<list>.csv".to_owned(),
                reach: 213,
                found: vec![
                    (Some("/abcdefghjkmnp".to_owned()), "<b>".to_owned(), "pdq".to_owned()),
                    (None, "<i>".to_owned(), "<u>".to_owned()),
                ],
            }],
        };
        let (banks, told) = if full { (vec![bank], Some("<b>".to_owned())) } else { (Vec::new(), None) };
        let lever = |lever: &domain::Lever| LeverEntry {
            lever: *lever,
            pulled: domain::lever::Source::ALL
                .iter()
                .filter(|_| full)
                .map(|source| Pulled { lever: *lever, source: *source, since: Time(0), until: Some(Time(1_795_487_400_000)) })
                .collect(),
        };
        let trouble = full.then_some(app::levers::LeverRefused::NotAllowed);
        let levers = domain::Lever::ALL.iter().map(lever).collect();
        pages.push((
            format!("levers-{number}"),
            LeversPage { frame: at(Corner::Levers, Role::Operator), levers, waiting: i64::from(full), trouble }.render(),
        ));
        pages.push((format!("banks-{number}"), BanksPage { frame: at(Corner::Banks, Role::Operator), banks, told }.render()));
    }
    let told = |act: Act| store::audit::Told {
        row: store::AuditRow {
            id: AuditId::from_random([1; 16]),
            at: now,
            by: None,
            act,
            subject: "abcdefghjkmnp".to_owned(),
            detail: "{}".to_owned(),
            times: 3,
        },
        by: (act == Act::Suspended).then(|| "Ola".to_owned()),
        to: None,
    };
    let acts = Act::ALL.iter().copied().map(told).collect();
    let older = Some("/console/audit?after=1-abcdefghjkmnp".to_owned());
    pages.push(("audit".to_owned(), AuditPage { frame: at(Corner::Audit, Role::Operator), acts, first: false, older }.render()));
    pages.extend(filed::pages(locale));
    pages.extend(watched::pages(locale));
    for telling in Telling::ALL.iter().copied() {
        pages.push((format!("telling-{telling:?}"), TellingPage { frame: door(), telling }.render()));
    }
    let fields = vec![("words".to_owned(), "Ask Salma first".to_owned()), ("to".to_owned(), String::new())];
    let (to, door_then) = ("/console/cases/abcdefghjkmnp/notes".to_owned(), "/console/sign-in?to=%2Fconsole".to_owned());
    pages.push(("unsent".to_owned(), UnsentPage { frame: door(), to, fields, door: door_then }.render()));
    pages
}

#[test]
fn every_page_is_drawn_in_every_language_and_carries_nothing_that_the_csp_forbids() {
    for (name, html) in drawn() {
        let html = without_islands(&html);
        for forbidden in ["<script", "<style", " style=", " onclick", "javascript:"] {
            assert!(!html.contains(forbidden), "{forbidden} in {name}");
        }
        for key in keys("en").keys() {
            assert!(!html.contains(&format!(">{key}<")), "the key {key} stands for its words in {name}");
        }
        assert!(!html.contains("href=\"\""), "an asset is missing in {name}");
        assert_eq!(html.matches("<h1").count(), 1, "one heading in {name}");
        // For looking at: HANDBILL_LOOK=DIR cargo test -p web, then open the files.
        if let Some(directory) = std::env::var_os("HANDBILL_LOOK") {
            let css = crate::assets::url("handbill.css");
            std::fs::write(Path::new(&directory).join(format!("{name}.html")), html.replace(css, "handbill.css"))
                .expect("a page to look at");
        }
    }
}

#[test]
fn a_covered_post_loads_and_tells_nothing() {
    for locale in Locale::ALL.iter().copied() {
        let html = PostPage { sensitive: true, ..post(locale, true) }.render().expect("a page");
        for told in ["<img", "<video", "og:image", "og:video", "og:description", "sunrise", "<picture"] {
            assert!(!html.contains(told), "{told}");
        }
        assert!(html.contains("/abcdefghjkmnp?show=1"));
    }
}

#[test]
fn every_problem_and_every_draft_error_has_words() {
    let limits = Limits::default();
    let errors = [
        DraftError::TextTooLong { limit_bytes: 9 },
        DraftError::LineTooLong { field: "alt", limit: 9 },
        DraftError::Language,
        DraftError::Flag("listed"),
        DraftError::Expires(domain::expiry::ExpiryError),
        DraftError::Nothing,
        DraftError::unknown("titel"),
    ];
    for locale in Locale::ALL.iter().copied() {
        let problems = Problem::ALL.iter().map(|problem| problem_words(locale, *problem, &limits));
        for words in problems.chain(errors.iter().map(|error| draft_error_words(locale, error))) {
            assert!(words.contains(' ') && !words.contains('{'), "{words}");
        }
    }
}

#[test]
fn every_language_has_the_same_keys_with_the_same_arguments_and_every_key_is_used() {
    let english = keys("en");
    for tag in ["ar", "pl"] {
        let other = keys(tag);
        assert_eq!(english.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{tag}");
        for (key, (arguments, _)) in &english {
            assert_eq!(Some(arguments), other.get(key).map(|(theirs, _)| theirs), "{key} in {tag}");
        }
    }
    let sources: String = files("src").iter().chain(&files("templates")).map(|path| read(path)).collect();
    for key in english.keys() {
        assert!(sources.contains(&format!("\"{key}\"")), "{key} is used nowhere");
    }
    for call in [".text(\"", ".with(\""] {
        for rest in sources.split(call).skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            assert!(key.is_empty() || english.contains_key(key), "{key} has no words");
        }
    }
}

#[test]
fn plurals_have_every_form_of_their_language() {
    for (tag, forms) in [("en", &["one"][..]), ("pl", &["one", "few", "many"]), ("ar", &["zero", "one", "two", "few", "many"])] {
        for (key, (_, message)) in keys(tag).iter().filter(|(_, (_, message))| message.contains("->")) {
            for form in forms {
                assert!(message.contains(&format!("[{form}]")), "{key} in {tag} lacks {form}");
            }
        }
    }
}

#[test]
fn templates_and_styles_know_no_left_and_right_and_templates_no_words() {
    for path in files("assets")
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "css") && !path.starts_with(root().join("assets/dist")))
    {
        let css = read(path);
        for physical in
            ["-left", "-right", " left:", " right:", ": left", ": right", "margin-top", "margin-bottom", "padding-top", "padding-bottom"]
        {
            assert!(!css.contains(physical), "{physical} in {}", path.display());
        }
    }
    for path in files("templates") {
        let bare = outside(&outside(&outside(&read(&path), "{%", "%}"), "{{", "}}"), "<", ">");
        assert!(!bare.chars().any(char::is_alphabetic), "words in {}: {}", path.display(), bare.trim());
    }
}

#[test]
fn the_first_page_is_small_with_everything_that_it_loads_at_once() {
    for locale in Locale::ALL.iter().copied() {
        let page = composer(locale, false).render().expect("a page");
        // Only phones that put the site on their first screen fetch the icon for it.
        let linked = page.split('"').filter(|word| !word.ends_with(".png")).filter_map(|word| word.strip_prefix("/assets/")).map(|name| {
            let house = &frame(locale).house;
            house.asset(name).unwrap_or_else(|| panic!("{name} is linked and not there")).gzip.len()
        });
        let bytes = crate::ready::gzip(page.as_bytes()).len() + linked.sum::<usize>();
        // As it is sent; the answers' heads, and what a script imports, have the rest of the 50 kB.
        assert!(bytes < 46_000, "{bytes} bytes");
    }
}

/// A page without the scripts that it links to: files of the site's own, with nothing in between.
fn without_islands(html: &str) -> String {
    let mut pieces = html.split("<script type=\"module\" src=\"/assets/");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |kept, piece| {
        let (name, rest) = piece.split_once("\"></script>").expect("a script is linked, and empty");
        assert!(crate::assets::find(name).is_some(), "{name}");
        kept + rest
    })
}

/// What is left of `text` without everything from `open` to the next `close`.
fn outside(text: &str, open: &str, close: &str) -> String {
    let mut pieces = text.split(open);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |kept, piece| kept + " " + piece.split_once(close).map_or("", |(_, rest)| rest))
}

/// Key, to its arguments and its source.
fn keys(tag: &str) -> BTreeMap<String, (BTreeSet<String>, String)> {
    let mut found: BTreeMap<String, (BTreeSet<String>, String)> = BTreeMap::new();
    let mut current = String::new();
    for line in read(&root().join(format!("locales/{tag}.ftl"))).lines() {
        if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with([' ', '#']) && !key.is_empty()) {
            current = key.to_owned();
            assert!(!found.contains_key(key), "{key} stands twice in {tag}");
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (arguments, message) = found.entry(current.clone()).or_default();
        message.push_str(line);
        let names = line.split('$').skip(1).map(|rest| rest.split([' ', '}']).next().unwrap_or_default().to_owned());
        arguments.extend(names);
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a source file")
}

/// All files below a folder of this crate, tests left out.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut open = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}
