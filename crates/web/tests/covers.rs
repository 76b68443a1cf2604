//! The cover of a single medium.

use anyhow::Result;
use app::{NewMedium, Posting, Source};
use testkit::TestSite;
use testkit::site::{picture, text};

use crate::json;

/// A post of two photos, the second of them covered: its path, and the covered one's id.
pub(crate) async fn covered(site: &TestSite) -> Result<(String, String)> {
    let mut media = Vec::new();
    for (position, sensitive) in [false, true].into_iter().enumerate() {
        let mut receiving = site.site.receive("kite.png", position).await.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        let bytes = picture(640, 480, u8::from(sensitive))?;
        receiving.write(bytes.into()).await.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        let file = receiving.finish().await.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        let words = sensitive.then(|| "UNMISTAKABLE".to_owned());
        media.push(NewMedium { source: Source::File(file), number: None, still: None, caption: words.clone(), alt: words, sensitive });
    }
    let published = site.site.publish(Posting { media, ..Posting::default() }).await?;
    site.run_jobs().await?;
    let path = format!("/{}", published.id);
    let facts = json(site, &path).await?;
    Ok((path, facts["media"][1]["id"].as_str().unwrap_or_default().to_owned()))
}

#[tokio::test]
async fn a_covered_medium_tells_nothing_before_it_is_asked_for_and_the_others_are_there() -> Result<()> {
    let site = TestSite::new().await?;
    let (path, hidden) = covered(&site).await?;
    for asked in ["", "?show=1", "?show=3", "?show=x", "?shown=2", "?show=-2"] {
        let page = text(site.get(&format!("{path}{asked}")).await?).await?;
        assert!(page.contains("/m/") && !page.contains(&hidden) && !page.contains("UNMISTAKABLE"), "{asked}: {page}");
    }
    let page = text(site.get(&format!("{path}?show=1")).await?).await?;
    assert!(
        page.contains(&format!("href=\"{path}?show=1&#38;show=2#m2\"")) || page.contains(&format!("href=\"{path}?show=1&amp;show=2#m2\"")),
        "{page}"
    );
    for _ in 0..2 {
        let shown = text(site.get(&format!("{path}?show=2")).await?).await?;
        assert!(shown.contains(&hidden) && shown.contains("UNMISTAKABLE"));
    }
    // A program is told which it is, and covers it itself.
    let facts = json(&site, &path).await?;
    assert_eq!(
        (&facts["sensitive"], &facts["media"][0]["sensitive"], &facts["media"][1]["sensitive"]),
        (&false.into(), &false.into(), &true.into())
    );
    Ok(())
}
