//! What the operator made of the site, on its pages.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use testkit::TestSite;
use testkit::site::text;

use crate::{get, header, photo};

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

#[tokio::test]
async fn an_operator_s_colour_announcement_and_contact_stand_on_the_pages() -> Result<()> {
    let house = web::House {
        name: Some("Kites".to_owned()),
        colour: Some(web::Colour::parse("teal")?),
        announcement: Some(web::Announcement::parse("We move on **Sunday**.")?),
        contact: Some(web::Contact::parse("ola@kites.example")?),
        points: web::contact::Points { users: Some(web::Contact::parse("ola@kites.example")?), ..web::contact::Points::default() },
    };
    let site = TestSite::dressed(|_| {}, |inner| inner.house = Arc::new(house)).await?;
    let post = photo(&site).await?;
    let announcement = "We move on <strong>Sunday</strong>.";
    for (path, says_it) in [("/", true), ("/about", true), (post.path.as_str(), false), ("/nothing/at/all", false)] {
        let page = text(get(&site, path, PAGE).await?).await?;
        assert_eq!(page.contains(announcement), says_it, "{path}");
        assert!(page.contains("<a href=\"/contact\""), "{path}");
        let style = page.split('"').filter(|part| part.starts_with("/assets/colour.") && part.ends_with(".css"));
        assert_eq!(style.count(), 1, "{path}");
    }
    for path in ["/about", "/contact"] {
        assert!(text(get(&site, path, PAGE).await?).await?.contains("<a href=\"mailto:ola@kites.example\""), "{path}");
    }
    let page = text(get(&site, &format!("{}/embed", post.path), PAGE).await?).await?;
    let style = page.split('"').find(|part| part.starts_with("/assets/colour.")).context("an embed is dressed alike")?;
    let sheet = site.get(style).await?;
    assert_eq!(header(sheet.headers(), "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(sheet.headers(), "cache-control"), "public, max-age=31536000, immutable");
    assert!(text(sheet).await?.contains("--accent:#"));
    let told: serde_json::Value = serde_json::from_str(&text(site.get("/api/v1/site").await?).await?)?;
    assert_eq!((&told["name"], &told["contact"]), (&"Kites".into(), &"mailto:ola@kites.example".into()));
    assert_eq!(told["announcement"], "We move on **Sunday**.");
    Ok(())
}

#[tokio::test]
async fn a_site_of_which_nothing_was_made_has_none_of_it() -> Result<()> {
    let site = TestSite::new().await?;
    let page = text(get(&site, "/about", PAGE).await?).await?;
    assert!(!page.contains("class=\"announcement") && !page.contains("mailto:") && !page.contains("/assets/colour."));
    assert_eq!(site.get("/assets/colour.000000000000.css").await?.status(), 404);
    Ok(())
}
