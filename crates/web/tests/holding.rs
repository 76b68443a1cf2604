//! What a bank knows is held before anybody sees it, and what stands is found when a bank learns of it.

use anyhow::{Context as _, Result};
use app::{NewItem, Reached};
use domain::{BankKind, BankName, FingerprintKind, MatchState, OnMatch};
use store::banks::BankRow;
use testkit::TestSite;
use testkit::site::{Part, framed, mosaic, text};

use crate::{Posted, get, json, posted};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

/// The kite, and something else.
const KITE: u32 = 1;
const OTHER: u32 = 2;

pub(crate) fn drawn(seed: u32) -> Result<Vec<u8>> {
    mosaic(640, 480, seed)
}

pub(crate) async fn bank(site: &TestSite, name: &str, kind: BankKind, on_match: OnMatch) -> Result<BankRow> {
    let name = BankName::parse(name).context("a name")?;
    assert!(site.site.create_bank(&name, kind, on_match).await?);
    site.site.bank(&name).await?.context("the bank")
}

pub(crate) async fn learn(site: &TestSite, bank: &BankRow, file: &[u8]) -> Result<Vec<Reached>> {
    let path = site.dir().join("known");
    std::fs::write(&path, file)?;
    let app::Looked::Known(known) = site.site.look_at(&path).await? else { anyhow::bail!("it was refused") };
    Ok(site.site.add_to_bank(bank, NewItem { label: "kite".to_owned(), known }, |_| {}).await?.reached)
}

async fn states(site: &TestSite, post: &Posted) -> Result<(String, Vec<String>)> {
    let facts = json(site, &post.path).await?;
    let media = facts["media"].as_array().context("media")?;
    let state = |value: &serde_json::Value| value["state"].as_str().unwrap_or_default().to_owned();
    Ok((state(&facts), media.iter().map(state).collect()))
}

async fn photo_of(site: &TestSite, file: &[u8]) -> Result<Posted> {
    posted(site, &[Part::Field("text", "A day out"), Part::File("kite.png", file)]).await
}

#[tokio::test]
async fn what_a_bank_knows_is_never_seen_until_somebody_lets_it_go() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    assert!(learn(&site, &kites, &drawn(KITE)?).await?.is_empty());
    let (kite, under) = (drawn(KITE)?, "Seen above Mill Lane");
    let known = posted(&site, &[Part::Field("text", "A day out"), Part::File("kite.png", &kite), Part::Field("caption", under)]).await?;
    let other = photo_of(&site, &drawn(OTHER)?).await?;
    assert_eq!(states(&site, &known).await?, ("waiting".to_owned(), vec!["waiting".to_owned()]));
    for path in [known.path.clone(), format!("{}.json", known.path), format!("{}/embed", known.path)] {
        let page = text_of(&site, &path).await?;
        assert!(page.contains("A day out") && !page.contains(under), "{page}");
    }
    assert_eq!(states(&site, &other).await?, ("live".to_owned(), vec!["ready".to_owned()]));
    let page = text(get(&site, &known.path, PAGE).await?).await?;
    assert!(page.contains("Waiting. This is not public yet.") && !page.contains("<img") && !page.contains("/m/"), "{page}");
    let held = site.site.held().await?;
    let [(row, name)] = held.as_slice() else { anyhow::bail!("{held:?}") };
    assert_eq!((row.reading.as_str(), name.as_str(), row.state), ("exact", "kites", MatchState::Open));
    assert!(site.site.decide_on_held(&row.subject, MatchState::Released).await?);
    assert_eq!(states(&site, &known).await?, ("live".to_owned(), vec!["ready".to_owned()]));
    let page = text(get(&site, &known.path, PAGE).await?).await?;
    assert!(page.contains("<img") && page.contains(under), "{page}");
    assert!(site.site.held().await?.is_empty());
    Ok(())
}

/// A drawing as a stranger would show it again: cut, in a frame, turned a little, or mirrored. As a JPEG.
fn disguised(seed: u32, filter: &str) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("kite.png"), folder.path().join("kite.jpg"));
    std::fs::write(&from, drawn(seed)?)?;
    let done = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(&from)
        .args(["-vf", filter, "-frames:v", "1", "-q:v", "4"])
        .arg(&to)
        .status()?;
    assert!(done.success());
    Ok(std::fs::read(to)?)
}

/// What no hash of the whole picture sees through.
const DISGUISES: [&str; 4] =
    ["crop=0.75*iw:0.8*ih:40:60", "pad=iw+160:ih+260:80:90:white", "rotate=0.1:fillcolor=gray", "crop=0.85*iw:ih:0:0,hflip,negate"];

#[tokio::test]
async fn disguises_of_what_a_bank_knows_are_seen_through_before_and_after() -> Result<()> {
    let site = TestSite::new().await?;
    let stood = photo_of(&site, &disguised(KITE, DISGUISES[0])?).await?;
    let other = photo_of(&site, &disguised(OTHER, DISGUISES[0])?).await?;
    assert_eq!(states(&site, &stood).await?.0, "live");
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    let reached = learn(&site, &kites, &drawn(KITE)?).await?;
    assert_eq!(reached.iter().map(|one| one.likeness.reading).collect::<Vec<_>>(), ["keypoints"]);
    assert_eq!((states(&site, &stood).await?.0, states(&site, &other).await?.0), ("waiting".to_owned(), "live".to_owned()));
    for disguise in DISGUISES {
        let again = photo_of(&site, &disguised(KITE, disguise)?).await?;
        assert_eq!(states(&site, &again).await?.0, "waiting", "{disguise}");
        let other = photo_of(&site, &disguised(OTHER, disguise)?).await?;
        assert_eq!(states(&site, &other).await?.0, "live", "{disguise}");
    }
    Ok(())
}

/// A hash says nothing of what is fine: in one frame other pictures have nearly the same one. Of what a bank knows by its features as well they are told apart,
/// also where they stood before.
#[tokio::test]
async fn another_picture_in_the_same_frame_is_not_taken_for_what_a_bank_knows() -> Result<()> {
    let cards: Vec<Vec<u8>> = (1..4).map(|seed| framed(640, 480, seed)).collect::<Result<_>>()?;
    let [known, stood, other] = cards.as_slice() else { anyhow::bail!("three were drawn") };
    for by_hash_alone in [true, false] {
        let site = TestSite::new().await?;
        let stood = photo_of(&site, stood).await?;
        let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
        let path = site.dir().join("known");
        std::fs::write(&path, known)?;
        let app::Looked::Known(mut known_by) = site.site.look_at(&path).await? else { anyhow::bail!("it was refused") };
        if by_hash_alone {
            known_by.fingerprints.retain(|one| one.kind == FingerprintKind::Pdq);
            known_by.views.clear();
        }
        let learnt = site.site.add_to_bank(&kites, NewItem { label: "kite".to_owned(), known: known_by }, |_| {}).await?;
        let (reached, state) = if by_hash_alone { (1, "waiting") } else { (0, "live") };
        assert_eq!((learnt.reached.len(), states(&site, &stood).await?.0.as_str()), (reached, state), "{:?}", learnt.reached);
        let other = photo_of(&site, other).await?;
        assert_eq!(states(&site, &other).await?.0, state, "by its hash alone: {by_hash_alone}");
        let same = photo_of(&site, known).await?;
        assert_eq!(states(&site, &same).await?.0, "waiting");
    }
    Ok(())
}

#[tokio::test]
async fn a_still_that_a_bank_knows_never_stands_before_its_video() -> Result<()> {
    for (on_match, state) in [(OnMatch::Hold, "waiting"), (OnMatch::Cover, "ready")] {
        let site = TestSite::dressed(|_| {}, |inner| inner.newest = true).await?;
        let kites = bank(&site, "kites", BankKind::Live, on_match).await?;
        learn(&site, &kites, &drawn(KITE)?).await?;
        let (post, video) = crate::stills::video(&site).await?;
        let own = json(&site, &post.path).await?["media"][0]["poster"]["url"].clone();
        crate::stills::give(&site, &post.manage, &video, "kite.png", &drawn(KITE)?).await?;
        site.run_jobs().await?;
        let medium = &json(&site, &post.path).await?["media"][0];
        assert_eq!((&medium["still"]["state"], &medium["poster"]["url"]), (&state.into(), &own));
        let still = text(get(&site, "/newest", PAGE).await?).await?;
        assert!(still.contains(&format!("/m/{video}/")), "{still}");
        // Found also when the bank learns of it later.
        crate::stills::give(&site, &post.manage, &video, "other.png", &drawn(OTHER)?).await?;
        site.run_jobs().await?;
        assert_ne!(json(&site, &post.path).await?["media"][0]["poster"]["url"], own);
        learn(&site, &kites, &drawn(OTHER)?).await?;
        assert_eq!(json(&site, &post.path).await?["media"][0]["poster"]["url"], own);
        let delete = axum::http::Request::post(format!("{}/delete", post.manage)).body(axum::body::Body::empty())?;
        assert_eq!(site.request(delete).await.status(), 200);
        site.run_jobs().await?;
        assert!(site.objects().await?.is_empty() && site.site.held().await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn what_stands_is_found_when_a_bank_learns_of_it_and_let_go_with_the_bank() -> Result<()> {
    let site = TestSite::new().await?;
    let (known, other) = (photo_of(&site, &drawn(KITE)?).await?, photo_of(&site, &drawn(OTHER)?).await?);
    let before = text(get(&site, &known.path, PAGE).await?).await?;
    let picture = before.split('"').find(|part| part.starts_with("/m/")).context("a picture")?.to_owned();
    assert_eq!(site.get(&picture).await?.status(), 200);
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    let reached = learn(&site, &kites, &drawn(KITE)?).await?;
    assert_eq!(reached.iter().map(|one| one.on_match).collect::<Vec<_>>(), [OnMatch::Hold]);
    assert_eq!(site.get(&picture).await?.status(), 404, "not a byte, also by an address that was given out before");
    assert_eq!((states(&site, &known).await?.0, states(&site, &other).await?.0), ("waiting".to_owned(), "live".to_owned()));
    assert_eq!(site.site.remove_bank(&kites.id).await?, 1);
    assert_eq!(states(&site, &known).await?.0, "live");
    assert_eq!(site.get(&picture).await?.status(), 200);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_bank_covers_or_counts_if_that_is_what_it_is_for_and_a_known_mistake_is_let_pass() -> Result<()> {
    let site = TestSite::new().await?;
    let shadow = bank(&site, "shadow", BankKind::Shadow, OnMatch::Hold).await?;
    let counting = bank(&site, "counting", BankKind::Live, OnMatch::Log).await?;
    let covering = bank(&site, "covering", BankKind::Live, OnMatch::Cover).await?;
    for own in [&shadow, &counting] {
        learn(&site, own, &drawn(KITE)?).await?;
    }
    let counted = photo_of(&site, &drawn(KITE)?).await?;
    assert_eq!(states(&site, &counted).await?.0, "live");
    learn(&site, &covering, &drawn(KITE)?).await?;
    let page = text(get(&site, &counted.path, PAGE).await?).await?;
    assert!(page.contains("class=\"cover\"") && !page.contains("<img"), "{page}");
    let holding = bank(&site, "holding", BankKind::Live, OnMatch::Hold).await?;
    let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
    learn(&site, &mistakes, &drawn(KITE)?).await?;
    learn(&site, &holding, &drawn(KITE)?).await?;
    assert_eq!(states(&site, &counted).await?.0, "live", "also what stood is not held for a known mistake");
    let passed = photo_of(&site, &drawn(KITE)?).await?;
    assert_eq!(states(&site, &passed).await?, ("live".to_owned(), vec!["ready".to_owned()]));
    assert!(text(get(&site, &passed.path, PAGE).await?).await?.contains("<img"));
    let matched = site.site.list_banks().await?.into_iter().map(|one| (one.bank.name.to_string(), one.bank.matched)).collect::<Vec<_>>();
    assert_eq!(matched.iter().find(|(name, _)| name == "shadow").map(|(_, count)| *count), Some(2), "{matched:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_held_for_a_mistake_alone_is_let_go_when_a_bank_learns_that_it_is_one() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    let others = bank(&site, "others", BankKind::Live, OnMatch::Hold).await?;
    let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
    // A mirrored river that is taken for a kite, twice; the second is kept by somebody. The third is known for something else too.
    let river = disguised(OTHER, "hflip")?;
    learn(&site, &kites, &drawn(OTHER)?).await?;
    let (mistaken, kept) = (photo_of(&site, &river).await?, photo_of(&site, &river).await?);
    let exact = photo_of(&site, &drawn(OTHER)?).await?;
    learn_words(&site, &kites, WORDS).await?;
    let words = words_of(&site, &WORDS.replace("red", "blue")).await?;
    let both = posted(&site, &[Part::Field("text", WORDS), Part::File("kite.png", &river)]).await?;
    let state = async |post: &Posted| -> Result<String> { Ok(states(&site, post).await?.0) };
    for post in [&mistaken, &kept, &exact, &words, &both] {
        assert_eq!(state(post).await?, "waiting");
    }
    let held = site.site.held().await?;
    let subject = |post: &Posted, words: bool| {
        let own = held
            .iter()
            .map(|(row, _)| &row.subject)
            .find(|one| post.path.ends_with(one.post_id.as_str()) && one.media_id.is_none() == words);
        own.cloned().context("it is held")
    };
    assert!(site.site.decide_on_held(&subject(&kept, false)?, MatchState::Kept).await?);

    // What would be let go is told, and nothing is.
    let path = site.dir().join("mistake");
    std::fs::write(&path, &river)?;
    let app::Looked::Known(known) = site.site.look_at(&path).await? else { anyhow::bail!("it was refused") };
    let item = NewItem { label: "river".to_owned(), known };
    let let_go = |reached: &[Reached]| {
        reached.iter().filter(|one| one.let_go).map(|one| one.subject.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    let expected = std::collections::BTreeSet::from([subject(&mistaken, false)?, subject(&both, false)?]);
    assert_eq!(let_go(&site.site.would_reach(&mistakes, item, |_| {}).await?), expected);
    assert_eq!(state(&mistaken).await?, "waiting");
    // A kite that is no mistake lets nothing go, and neither does anything let go of what another bank holds for another reason.
    assert_eq!(let_go(&learn(&site, &mistakes, &drawn(KITE)?).await?), Default::default());
    let blue = WORDS.replace("red", "blue");
    learn_words(&site, &others, &blue).await?;
    let twice = words_of(&site, &blue).await?;
    assert_eq!(let_go(&learn_words(&site, &mistakes, &blue.replace("gone", "away")).await?), Default::default());
    assert_eq!((state(&words).await?, state(&twice).await?), ("waiting".to_owned(), "waiting".to_owned()), "others hold it, surer");
    site.site.remove_bank(&others.id).await?;
    assert_eq!((state(&words).await?, state(&twice).await?), ("live".to_owned(), "live".to_owned()), "for nothing else");
    let reached = learn(&site, &mistakes, &river).await?;
    assert_eq!(let_go(&reached), expected, "{reached:?}");
    assert_eq!((state(&mistaken).await?, state(&both).await?), ("live".to_owned(), "waiting".to_owned()), "its words are held");
    assert_eq!((state(&kept).await?, state(&exact).await?), ("waiting".to_owned(), "waiting".to_owned()));
    // Neither is it held again by an edit.
    edited(&site, &words, &WORDS.replace("red", "blue")).await?;
    assert_eq!(state(&words).await?, "live");
    Ok(())
}

async fn learn_words(site: &TestSite, bank: &BankRow, text: &str) -> Result<Vec<Reached>> {
    let known = site.site.look_at_words(text).await?.context("words")?;
    Ok(site.site.add_to_bank(bank, NewItem { label: "words".to_owned(), known }, |_| {}).await?.reached)
}

async fn told(site: &TestSite, bank: &BankRow, signals: &[(FingerprintKind, &[u8])]) -> Result<Vec<Reached>> {
    let mut import = site.site.begin_import(bank, "list".to_owned()).await?;
    for (kind, bytes) in signals {
        import.take(*kind, bytes).await?;
    }
    Ok(import.finish(|_| {}).await?.1.reached)
}

async fn words_of(site: &TestSite, text: &str) -> Result<Posted> {
    posted(site, &[Part::Field("text", text)]).await
}

/// By which reading each of the held matches was found.
async fn readings(site: &TestSite) -> Result<Vec<String>> {
    Ok(site.site.held().await?.into_iter().map(|(row, _)| row.reading).collect())
}

const WORDS: &str = "The red kite flies over the old harbour every morning, and the children on the quay watch until it is gone.";

#[tokio::test]
async fn words_that_a_bank_knows_are_never_seen_until_somebody_lets_them_go() -> Result<()> {
    let site = TestSite::dressed(|_| {}, |inner| inner.newest = true).await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    assert!(learn_words(&site, &kites, WORDS).await?.is_empty());
    let other = words_of(&site, "My sister bakes bread on Sundays, and everybody on the stairs knows it.").await?;
    let disguised = WORDS.replace('e', "\u{435}").replace(' ', "\u{200b}  ").to_uppercase();
    let within = format!("## Seen today\n\nI was told this: *{WORDS}* Is it true? I shall go and see tomorrow.");
    let changed = WORDS.replace("red", "blue").replace("children", "people");
    for (text, reading) in [(disguised.as_str(), "text"), (&within, "text"), (&changed, "text")] {
        let post = words_of(&site, text).await?;
        assert_eq!(states(&site, &post).await?.0, "waiting", "{text}");
        for path in [post.path.clone(), format!("{}.json", post.path), format!("{}/embed", post.path)] {
            let page = text_of(&site, &path).await?.to_lowercase();
            assert!(!page.contains("harbour"), "{page}");
        }
        assert!(!text_of(&site, "/newest").await?.contains(&post.path));
        assert_eq!(readings(&site).await?, [reading]);
        let (row, _) = site.site.held().await?.remove(0);
        assert!(site.site.decide_on_held(&row.subject, MatchState::Released).await?);
        assert_eq!(states(&site, &post).await?.0, "live");
    }
    assert_eq!(states(&site, &other).await?.0, "live");
    Ok(())
}

async fn text_of(site: &TestSite, path: &str) -> Result<String> {
    text(get(site, path, PAGE).await?).await
}

#[tokio::test]
async fn a_title_and_the_words_under_a_picture_count_too() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    learn_words(&site, &kites, "Kites at ten").await?;
    let title = posted(&site, &[Part::Field("title", "KITES at ten!"), Part::Field("text", "Come along")]).await?;
    let photo = drawn(OTHER)?;
    let with = |caption| [Part::Field("text", "Come along"), Part::File("kite.png", &photo), Part::Field("caption", caption)];
    let (caption, other) = (posted(&site, &with("(kites at ten)")).await?, posted(&site, &with("Kites at two")).await?);
    assert_eq!((states(&site, &title).await?.0, states(&site, &caption).await?.0), ("waiting".to_owned(), "waiting".to_owned()));
    assert_eq!(states(&site, &other).await?.0, "live");
    Ok(())
}

#[tokio::test]
async fn links_and_domains_are_found_in_words_before_and_after_a_bank_learns_of_them() -> Result<()> {
    let site = TestSite::new().await?;
    let posts = [
        ("Look at https://www.kites.example/Red?utm_source=a", "url"),
        ("Join hxxps://fly.strings[.]example/now", "domain"),
        ("Look at https://kites.example/Blue and kites.example.org", ""),
    ];
    let mut before = Vec::new();
    for (text, _) in posts {
        before.push(words_of(&site, text).await?);
    }
    let list = bank(&site, "list", BankKind::Live, OnMatch::Hold).await?;
    let signals: [(FingerprintKind, &[u8]); 3] = [
        (FingerprintKind::Urls, b"nowhere.example"),
        (FingerprintKind::Urls, b"kites.example/Red"),
        (FingerprintKind::Domains, b"strings.example"),
    ];
    let reached = told(&site, &list, &signals).await?;
    let mut by: Vec<&str> = reached.iter().map(|one| one.likeness.reading).collect();
    by.sort_unstable();
    assert_eq!(by, ["domain", "url"]);
    for ((text, reading), post) in posts.iter().zip(&before) {
        let state = if reading.is_empty() { "live" } else { "waiting" };
        assert_eq!(states(&site, post).await?.0, state, "{text}");
        assert_eq!(states(&site, &words_of(&site, text).await?).await?.0, state, "{text}");
    }
    assert_eq!(site.site.remove_bank(&list.id).await?, 4);
    assert_eq!(states(&site, &before[0]).await?.0, "live");
    Ok(())
}

#[tokio::test]
async fn the_links_of_a_text_are_known_together_and_a_tlsh_that_others_told_is_found() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    learn_words(&site, &kites, "Mirrors: https://a.example/1 https://b.example/2 https://c.example/3 https://d.example/4").await?;
    let same = words_of(&site, "New! https://d.example/4, https://c.example/3 and https://b.example/2").await?;
    let one = words_of(&site, "I like https://a.example/1 and https://b.example/2").await?;
    assert_eq!((states(&site, &same).await?.0, states(&site, &one).await?.0), ("waiting".to_owned(), "live".to_owned()));
    assert_eq!(readings(&site).await?, ["links"]);
    let text = format!("{WORDS} {}", WORDS.replace("red", "green"));
    let known = site.site.look_at_words(&text).await?.context("words")?;
    let tlsh = known.fingerprints.iter().find(|one| one.kind == FingerprintKind::Tlsh).context("long enough")?;
    told(&site, &kites, &[(FingerprintKind::Tlshes, &tlsh.bytes)]).await?;
    site.site.clock.advance_ms(1);
    let post = words_of(&site, &text.replacen("morning", "evening", 1)).await?;
    assert_eq!(states(&site, &post).await?.0, "waiting");
    // Both were found at one moment, so they stand in no order.
    assert!(readings(&site).await?.iter().any(|reading| reading == "tlsh"));
    Ok(())
}

async fn edited(site: &TestSite, post: &Posted, text: &str) -> Result<()> {
    let (status, told) = crate::managing::edit(site, &post.manage, &[Part::Field("text", text)]).await?;
    anyhow::ensure!(status == 303, "{status} {told}");
    Ok(())
}

#[tokio::test]
async fn an_edit_is_asked_about_and_makes_nothing_seen_that_is_held() -> Result<()> {
    let site = TestSite::new().await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    learn_words(&site, &kites, WORDS).await?;
    let post = words_of(&site, "A day out, with bread and kites and nothing else to tell of it").await?;
    assert_eq!(states(&site, &post).await?.0, "live");
    edited(&site, &post, &WORDS.replace("red", "blue")).await?;
    assert_eq!((states(&site, &post).await?.0, readings(&site).await?), ("waiting".to_owned(), vec!["text".to_owned()]));
    edited(&site, &post, "A day out").await?;
    assert_eq!(states(&site, &post).await?.0, "waiting", "somebody decides, not the poster");
    let (row, _) = site.site.held().await?.remove(0);
    assert!(site.site.decide_on_held(&row.subject, MatchState::Released).await?);
    assert_eq!(states(&site, &post).await?.0, "live");
    edited(&site, &post, &WORDS.replace("red", "blue")).await?;
    assert_eq!(states(&site, &post).await?.0, "live", "what was let pass is let pass");
    edited(&site, &post, WORDS).await?;
    assert_eq!(states(&site, &post).await?.0, "waiting", "it is more like it than what was let pass");
    Ok(())
}

#[tokio::test]
async fn words_are_covered_counted_or_let_pass_as_their_bank_says() -> Result<()> {
    let site = TestSite::new().await?;
    let covering = bank(&site, "covering", BankKind::Live, OnMatch::Cover).await?;
    let shadow = bank(&site, "shadow", BankKind::Shadow, OnMatch::Hold).await?;
    learn_words(&site, &covering, WORDS).await?;
    learn_words(&site, &shadow, WORDS).await?;
    let post = words_of(&site, WORDS).await?;
    let page = text_of(&site, &post.path).await?;
    assert!(page.contains("class=\"cover\"") && states(&site, &post).await?.0 == "live", "{page}");
    let holding = bank(&site, "holding", BankKind::Live, OnMatch::Hold).await?;
    let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
    learn_words(&site, &mistakes, WORDS).await?;
    assert!(learn_words(&site, &holding, WORDS).await?.iter().all(|one| one.on_match == OnMatch::Log));
    let passed = words_of(&site, WORDS).await?;
    assert_eq!(states(&site, &passed).await?.0, "live");
    assert!(!text_of(&site, &passed.path).await?.contains("class=\"cover\""));
    Ok(())
}

#[tokio::test]
async fn words_are_held_found_again_and_let_go_over_postgresql_too() -> Result<()> {
    let url = tokio::task::spawn_blocking(testkit::postgres::fresh_database).await??;
    store::Db::migrate_postgres(&url).await?;
    let db = store::Db::open_postgres(&url).await?;
    let site = TestSite::with(move |parts| parts.store.db = db).await?;
    let photo = drawn(OTHER)?;
    let under = [Part::Field("text", "Come along"), Part::File("kite.png", &photo), Part::Field("caption", WORDS)];
    let (stood, captioned) = (words_of(&site, WORDS).await?, posted(&site, &under).await?);
    let link = words_of(&site, "Look at https://www.kites.example/Red?utm_source=a").await?;
    let kites = bank(&site, "kites", BankKind::Live, OnMatch::Hold).await?;
    let reached = learn_words(&site, &kites, &WORDS.replace("red", "blue")).await?;
    assert_eq!(reached.len(), 2, "{reached:?}");
    assert_eq!(told(&site, &kites, &[(FingerprintKind::Urls, b"kites.example/Red")]).await?.len(), 1);
    let came = words_of(&site, &WORDS.to_uppercase()).await?;
    let other = words_of(&site, "My sister bakes bread on Sundays, and everybody on the stairs knows it.").await?;
    for (post, state) in [(&stood, "waiting"), (&captioned, "waiting"), (&link, "waiting"), (&came, "waiting"), (&other, "live")] {
        assert_eq!(states(&site, post).await?.0, state, "{}", post.path);
    }
    edited(&site, &other, WORDS).await?;
    assert_eq!(states(&site, &other).await?.0, "waiting");
    // Without fingerprints, as they were posted before there were any; by the job they come again.
    let subject = site.site.held_subject(came.path.trim_start_matches('/')).await?.context("it is held")?;
    assert!(site.site.decide_on_held(&subject, MatchState::Released).await?);
    let made = store::fingerprints::of(&site.site.store.db, &subject).await?;
    let mut tx = site.site.store.db.begin().await?;
    store::fingerprints::replace(&mut tx, &subject, &[]).await?;
    tx.commit().await?;
    site.site.queue_upkeep().await?;
    for _ in 0..3 {
        site.run_jobs().await?;
        site.site.clock.advance_ms(60_000);
    }
    assert_eq!(store::fingerprints::of(&site.site.store.db, &subject).await?, made);
    assert_eq!(states(&site, &came).await?.0, "live", "what was let pass stays so");
    // A medium goes with what stood under it; a mistake lets go; the rest goes with the bank.
    let mistakes = bank(&site, "mistakes", BankKind::Negative, OnMatch::Log).await?;
    assert!(learn_words(&site, &mistakes, WORDS).await?.iter().filter(|one| one.let_go).count() >= 2);
    assert_eq!((states(&site, &stood).await?.0, states(&site, &other).await?.0), ("live".to_owned(), "live".to_owned()));
    assert_eq!(site.site.remove_bank(&kites.id).await?, 1);
    assert_eq!(states(&site, &link).await?.0, "live");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_is_removed_while_it_is_searched_or_filled_holds_nothing() -> Result<()> {
    let site = TestSite::new().await?;
    let mut posts = Vec::new();
    for number in 0..230 {
        posts.push(words_of(&site, &format!("{number}: {WORDS}")).await?);
    }
    let gone = bank(&site, "gone", BankKind::Live, OnMatch::Hold).await?;
    let known = site.site.look_at_words(WORDS).await?.context("words")?;
    let removed = std::cell::Cell::new(None);
    // After the first page of what stands.
    let remove = |_| {
        let handle = tokio::runtime::Handle::current();
        let let_go = tokio::task::block_in_place(|| handle.block_on(site.site.remove_bank(&gone.id)));
        removed.set(removed.take().or(let_go.ok()));
    };
    let searched = site.site.add_to_bank(&gone, NewItem { label: "words".to_owned(), known }, remove).await;
    assert!(matches!(searched, Err(app::Error::BankRemoved)), "{searched:?}");
    assert_eq!(removed.take(), Some(200), "they were held, and let go with the bank");
    for post in &posts {
        assert_eq!(states(&site, post).await?.0, "live");
    }
    assert!(site.site.held().await?.is_empty());
    let gone = bank(&site, "gone", BankKind::Live, OnMatch::Hold).await?;
    let mut import = site.site.begin_import(&gone, "list".to_owned()).await?;
    import.take(FingerprintKind::Urls, b"kites.example/Red").await?;
    site.site.remove_bank(&gone.id).await?;
    assert!(matches!(import.finish(|_| {}).await, Err(app::Error::BankRemoved)));
    assert!(site.site.list_banks().await?.is_empty());
    site.run_jobs().await?;
    Ok(())
}
