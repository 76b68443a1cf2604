//! The public list and its feed: there only where the operator wants them, and never of what is not open to all.

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use domain::time::HOUR_MS;
use testkit::TestSite;
use testkit::site::{Part, picture, text};

use crate::{get, header, photo, posted};

async fn with_list() -> Result<TestSite> {
    TestSite::dressed(|_| {}, |inner| inner.newest = true).await
}

async fn list(site: &TestSite, path: &str) -> Result<String> {
    let response = get(site, path, &[("accept", "text/html")]).await?;
    anyhow::ensure!(response.status() == 200, "{path}: {}", response.status());
    text(response).await
}

/// What a feed reader would make of it: each entry's title, link, id and dates.
fn entries(xml: &str) -> Result<Vec<std::collections::BTreeMap<String, String>>> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut name, mut depth) = (Vec::new(), String::new(), 0_i32);
    loop {
        match reader.read_event()? {
            Event::Start(tag) => {
                depth += 1;
                name = String::from_utf8(tag.name().as_ref().to_vec())?;
                if name == "entry" {
                    found.push(std::collections::BTreeMap::new());
                }
            }
            Event::End(_) => depth -= 1,
            Event::Empty(tag) => {
                let tag_name = String::from_utf8(tag.name().as_ref().to_vec())?;
                for attribute in tag.attributes() {
                    let attribute = attribute?;
                    let key = format!("{tag_name} {}", String::from_utf8(attribute.key.as_ref().to_vec())?);
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
                    if let Some(entry) = found.last_mut() {
                        entry.insert(key, value);
                    }
                }
            }
            Event::Text(words) => {
                if let Some(entry) = found.last_mut() {
                    entry.entry(name.clone()).or_default().push_str(words.decode()?.trim());
                }
            }
            Event::GeneralRef(reference) => {
                let c = reference.resolve_char_ref()?.context("only characters are referred to by number")?;
                if let Some(entry) = found.last_mut() {
                    entry.entry(name.clone()).or_default().push(c);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    anyhow::ensure!(depth == 0, "it does not end");
    Ok(found)
}

#[tokio::test]
async fn where_it_is_not_wanted_nothing_stands_there_and_nothing_leads_there() -> Result<()> {
    let site = TestSite::new().await?;
    let post = posted(&site, &[Part::Field("text", "words"), Part::Field("listed", "1")]).await?;
    for path in ["/newest", "/newest.atom", "/newest?before=x"] {
        assert_eq!(site.get(path).await?.status(), 404, "{path}");
    }
    for path in ["/", "/about", post.path.as_str()] {
        let page = list(&site, path).await?;
        assert!(!page.contains("newest") && !page.contains("application/atom+xml"), "{path}: {page}");
    }
    assert!(!list(&site, "/").await?.contains("name=\"listed\""), "there is no list to be on");
    // Whoever is on it by another way can still be taken off, and is not by a form that does not name it.
    assert!(list(&site, &post.manage).await?.contains("name=\"listed\" value=\"1\" checked"));
    Ok(())
}

#[tokio::test]
async fn the_list_leads_to_listed_posts_and_every_page_leads_to_the_list() -> Result<()> {
    let site = with_list().await?;
    assert!(entries(&text(site.get("/newest.atom").await?).await?)?.is_empty());
    assert!(list(&site, "/newest").await?.contains("Nothing is here yet"));
    let kite = picture(640, 480, 1)?;
    let shown = posted(
        &site,
        &[
            Part::Field("title", "Kites & <strings>"),
            Part::Field("listed", "1"),
            Part::File("kite.png", &kite),
            Part::Field("alt", "A \"red\" kite"),
        ],
    )
    .await?;
    let quiet = photo(&site).await?;
    let page = list(&site, "/newest").await?;
    assert!(page.contains(&shown.path) && page.contains("Kites &#38; &#60;strings&#62;"), "{page}");
    assert!(!page.contains(&quiet.path), "an unlisted post is on the list");
    // The small picture can be had.
    let src = page.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).context("no picture")?;
    let picture = site.get(src).await?;
    assert_eq!((picture.status().as_u16(), header(picture.headers(), "content-type")), (200, "image/jpeg"), "{src}");
    assert!(page.contains("alt=\"A &#34;red&#34; kite\""), "{page}");
    for path in ["/", "/about", "/newest", shown.path.as_str()] {
        let page = list(&site, path).await?;
        assert!(page.contains("href=\"/newest\"") && page.contains("type=\"application/atom+xml\""), "{path}: {page}");
    }
    assert!(list(&site, "/").await?.contains("name=\"listed\""));
    Ok(())
}

#[tokio::test]
async fn nothing_that_is_locked_covered_or_over_shows_on_the_list() -> Result<()> {
    let site = with_list().await?;
    let kite = picture(64, 48, 1)?;
    let listed = Part::Field("listed", "1");
    let locked = posted(&site, &[Part::Field("title", "Password"), Part::Field("password", "kites"), listed]).await?;
    let counted = posted(&site, &[Part::Field("title", "Counted"), Part::Field("views", "3"), listed]).await?;
    let ending = posted(&site, &[Part::Field("title", "Ending"), Part::Field("expires", "1h"), listed]).await?;
    let covered = [Part::Field("text", "Covered words"), Part::Field("sensitive", "1"), listed, Part::File("kite.png", &kite)];
    let covered = posted(&site, &covered).await?;
    for path in ["/newest", "/newest.atom"] {
        let told = list(&site, path).await?;
        for hidden in [&locked.path, &counted.path] {
            assert!(!told.contains(hidden.as_str()), "{hidden} in {told}");
        }
        assert!(told.contains(&ending.path) && told.contains(&covered.path));
        assert!(!told.contains("Covered words") && !told.contains("/m/"), "{told}");
    }
    site.site.clock.advance_ms(HOUR_MS);
    assert!(!list(&site, "/newest").await?.contains(&ending.path), "its end has come, and its job has not");
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn a_post_that_shows_nothing_yet_waits_for_its_photo() -> Result<()> {
    let site = with_list().await?;
    let (status, lines) = site.post(&[Part::File("kite.png", &picture(64, 48, 1)?), Part::Field("listed", "1")]).await?;
    assert_eq!(status, 201);
    let path = lines[0].trim_start_matches("http://localhost:8080").to_owned();
    assert!(!list(&site, "/newest").await?.contains(&path));
    site.run_jobs().await?;
    assert!(list(&site, "/newest").await?.contains(&path));
    Ok(())
}

#[tokio::test]
async fn what_was_taken_away_is_not_on_the_next_list() -> Result<()> {
    let site = with_list().await?;
    let deleted = posted(&site, &[Part::Field("title", "Deleted"), Part::Field("listed", "1")]).await?;
    let quieted = posted(&site, &[Part::Field("title", "Quieted"), Part::Field("listed", "1")]).await?;
    for path in ["/newest", "/newest.atom"] {
        assert!(list(&site, path).await?.contains(&deleted.path) && list(&site, path).await?.contains(&quieted.path));
    }
    assert_eq!(site.request(Request::post(format!("{}/delete", deleted.manage)).body(Body::empty())?).await.status(), 200);
    // A check box says "off" by not being sent.
    assert_eq!(site.request(Request::post(&quieted.manage).body(Body::from("title=Quieted"))?).await.status(), 303);
    for path in ["/newest", "/newest.atom"] {
        let told = list(&site, path).await?;
        assert!(!told.contains(&deleted.path) && !told.contains("Deleted"), "{told}");
        assert!(!told.contains(&quieted.path), "{told}");
    }
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn page_after_page_every_post_comes_once_also_when_new_ones_come_meanwhile() -> Result<()> {
    let site = with_list().await?;
    let mut all = Vec::new();
    for number in 0..60 {
        // Some at the same moment.
        site.site.clock.advance_ms(number % 2);
        all.push(posted(&site, &[Part::Field("title", &format!("Number {number}")), Part::Field("listed", "1")]).await?.path);
    }
    let (mut seen, mut path) = (Vec::new(), "/newest".to_owned());
    loop {
        let page = list(&site, &path).await?;
        seen.extend(
            page.split("<a href=\"/")
                .filter_map(|rest| rest.split('"').next())
                .filter(|id| all.contains(&format!("/{id}")))
                .map(|id| format!("/{id}")),
        );
        // The language switch leads back to this page, not to the first.
        assert!(page.contains(&format!("name=\"back\" value=\"{path}\"")), "{path}");
        site.site.clock.advance_ms(1_000);
        posted(&site, &[Part::Field("title", "Meanwhile"), Part::Field("listed", "1")]).await?;
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()) else { break };
        path = next.to_owned();
    }
    assert_eq!(seen.len(), 60);
    seen.sort();
    all.sort();
    assert_eq!(seen, all);
    for wrong in ["/newest?before=", "/newest?before=yesterday", "/newest?before=-5-kd7mw3qh5xtn"] {
        assert_eq!(site.get(wrong).await?.status(), 404, "{wrong}");
    }
    Ok(())
}

#[tokio::test]
async fn the_feed_is_atom_and_says_when_what_changed() -> Result<()> {
    let site = with_list().await?;
    let title = "Kites \u{1}& <b>\"strings\"</b> فوق المرفأ";
    let post = posted(&site, &[Part::Field("title", title), Part::Field("text", "They fly."), Part::Field("listed", "1")]).await?;
    let feed = async || {
        let response = site.get("/newest.atom").await?;
        assert_eq!(header(response.headers(), "content-type"), "application/atom+xml; charset=utf-8");
        assert_eq!(header(response.headers(), "cache-control"), "private, no-cache");
        text(response).await
    };
    let xml = feed().await?;
    let [entry] = &entries(&xml)?[..] else { anyhow::bail!("{xml}") };
    let field = |name: &str| entry.get(name).map_or("", String::as_str);
    assert_eq!(field("link href"), format!("http://localhost:8080{}", post.path));
    assert_eq!((field("summary"), field("published")), ("They fly.", field("updated")));
    assert!(field("title").contains("<b>\"strings\"</b>") && field("title").ends_with("المرفأ"), "{xml}");
    assert!(field("id").starts_with("urn:uuid:") && field("id").len() == 45);
    let before = entry.clone();
    site.site.clock.advance_ms(HOUR_MS);
    assert_eq!(site.request(Request::post(&post.manage).body(Body::from("text=They+land.&listed=1"))?).await.status(), 303);
    let xml = feed().await?;
    let [entry] = &entries(&xml)?[..] else { anyhow::bail!("{xml}") };
    assert_eq!((entry.get("id"), entry.get("published")), (before.get("id"), before.get("published")));
    assert!(entry.get("updated") > before.get("updated"), "{xml}");
    assert_eq!(entry.get("summary").map(String::as_str), Some("They land."));
    assert!(xml.contains(&format!("<updated>{}</updated>", entry["updated"])));
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn words_stand_on_the_list_once_whether_they_have_a_title_or_not() -> Result<()> {
    let site = with_list().await?;
    let (begun, rest) = ("The red kite flies over the old harbour every morning, and the", "children on the quay watch until it is gone.");
    let words = format!("{begun} {rest}");
    posted(&site, &[Part::Field("text", &words), Part::Field("listed", "1")]).await?;
    let page = list(&site, "/newest").await?;
    assert!(page.contains(&format!(">{begun}…</h2>")) && page.contains(&format!(">…{rest}</p>")), "{page}");
    posted(&site, &[Part::Field("title", "Seen today"), Part::Field("text", &words), Part::Field("listed", "1")]).await?;
    posted(&site, &[Part::Field("text", "Short words."), Part::Field("listed", "1")]).await?;
    let page = list(&site, "/newest").await?;
    assert!(page.contains(">Seen today</h2>") && page.contains(&format!(">{words}</p>")), "{page}");
    assert_eq!(page.matches("Short words.").count(), 1, "{page}");
    Ok(())
}
