//! What scripts of other people rely on when they post.

use anyhow::Result;
use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use testkit::TestSite;
use testkit::site::{Part, form, picture, text};

use crate::header;

#[tokio::test]
async fn a_terminal_gets_the_link_the_manage_link_and_a_line_for_each_refused_file() -> Result<()> {
    let mut site = TestSite::new().await?;
    site.leave_jobs();
    let kite = picture(40, 30, 1)?;
    let (status, lines) = site
        .post(&[Part::File("../a kite.png", &kite), Part::File("words.jpg", b"These are words."), Part::File("empty.png", b"")])
        .await?;
    assert_eq!((status, lines.len()), (201, 4), "{lines:?}");
    assert!(lines[1].starts_with(&format!("{}/manage/", lines[0])));
    assert!(lines[2].starts_with("! words.jpg: ") && lines[3].starts_with("! empty.png: "), "{lines:?}");
    Ok(())
}

#[tokio::test]
async fn a_put_posts_one_file() -> Result<()> {
    let mut site = TestSite::new().await?;
    site.leave_jobs();
    let response = site.request(Request::put("/kite.png").body(picture(40, 30, 1)?.into())?).await;
    assert_eq!(response.status(), 201);
    assert_eq!(text(response).await?.lines().count(), 2);
    let response = site.request(Request::put("/kite.png").body(Body::from("These are words."))?).await;
    assert_eq!(response.status(), 415);
    assert!(text(response).await?.starts_with("! kite.png: "));
    Ok(())
}

#[tokio::test]
async fn a_program_gets_json_and_problem_details() -> Result<()> {
    let site = TestSite::new().await?;
    let ask = |parts: &[Part<'_>]| -> Result<Request<Body>> {
        let mut request = form("/", parts)?;
        request.headers_mut().insert("accept", "application/json".parse()?);
        Ok(request)
    };
    let response = site.request(ask(&[Part::Field("text", "words")])?).await;
    assert_eq!((response.status().as_u16(), header(response.headers(), "content-type")), (201, "application/json"));
    let answer: serde_json::Value = serde_json::from_str(&text(response).await?)?;
    assert!(answer["url"].is_string() && answer["manage_url"].is_string() && answer["refused"] == serde_json::json!([]), "{answer}");
    let response = site.request(ask(&[Part::File("a.jpg", b"not a photo at all")])?).await;
    assert_eq!((response.status().as_u16(), header(response.headers(), "content-type")), (415, "application/problem+json"));
    let answer: serde_json::Value = serde_json::from_str(&text(response).await?)?;
    assert_eq!(answer["type"], "/problems/files-refused");
    assert_eq!(answer["refused"], serde_json::json!([{"name": "a.jpg", "problem": "not_media"}]));
    Ok(())
}

#[tokio::test]
async fn what_is_not_carried_out_is_refused_and_nothing_is_posted() -> Result<()> {
    let site = TestSite::new().await?;
    for (name, value, status) in [
        ("password", "x".repeat(201).as_str(), 400),
        ("views", "0", 400),
        ("views", "many", 400),
        ("expiers", "1h", 400),
        ("expires", "ten years", 400),
        ("expires", "2y", 400),
        ("listed", "perhaps", 400),
        ("language", "<script>", 400),
    ] {
        let (told, lines) = site.post(&[Part::Field("text", "words"), Part::Field(name, value)]).await?;
        assert_eq!((told, lines.len()), (status, 1), "{name}={value}: {lines:?}");
        assert!(lines[0].starts_with("! "), "{lines:?}");
    }
    let long = "x".repeat(site.site.limits.text_bytes + 1);
    assert_eq!(site.post(&[Part::Field("text", &long)]).await?.0, 413);
    assert_eq!(site.post(&[Part::Field("text", " \n ")]).await?.0, 400);
    assert_eq!(site.request(Request::post("/").body(Body::from("text=words"))?).await.status(), 415);
    // An empty password asks for none.
    assert_eq!(site.post(&[Part::Field("text", "words"), Part::Field("password", "")]).await?.0, 201);
    Ok(())
}

#[tokio::test]
async fn everybody_is_told_what_is_wrong_in_their_own_language() -> Result<()> {
    let site = TestSite::new().await?;
    let mut told = std::collections::BTreeSet::new();
    for language in ["en", "ar-SY", "pl, en;q=0.5"] {
        for accept in ["*/*", "application/json"] {
            for parts in [vec![Part::File("a.jpg", b"no photo".as_slice())], vec![Part::Field("expires", "ten years")]] {
                let mut request = form("/", &parts)?;
                request.headers_mut().insert("accept-language", language.parse()?);
                request.headers_mut().insert("accept", accept.parse()?);
                told.insert(text(site.request(request).await).await?);
            }
        }
    }
    assert_eq!(told.len(), 12, "two languages say the same: {told:#?}");
    Ok(())
}

#[tokio::test]
async fn a_browser_gets_its_words_back_beside_what_is_wrong() -> Result<()> {
    let site = TestSite::new().await?;
    let mut request = form("/", &[Part::Field("title", "A kite & a string"), Part::Field("expires", "ten years")])?;
    request.headers_mut().insert("accept", "text/html".parse()?);
    let response = site.request(request).await;
    assert_eq!(response.status(), 400);
    let page = text(response).await?;
    assert!(page.contains("A kite &#38; a string") && page.contains("role=\"alert\""), "{page}");
    Ok(())
}

#[tokio::test]
async fn one_file_too_many_is_refused_by_name_and_the_others_are_kept() -> Result<()> {
    let mut site = TestSite::with(|parts| parts.limits.files_per_post = 2).await?;
    site.leave_jobs();
    let kite = picture(40, 30, 1)?;
    let (status, lines) = site.post(&[Part::File("1.png", &kite), Part::File("2.png", &kite), Part::File("3.png", &kite)]).await?;
    assert_eq!((status, lines.len()), (201, 3), "{lines:?}");
    assert!(lines[2].starts_with("! 3.png: "));
    Ok(())
}

#[tokio::test]
async fn a_terminal_is_told_why_nothing_was_posted_and_which_files_were_refused() -> Result<()> {
    let site = TestSite::new().await?;
    let (status, lines) = site.post(&[Part::File("words.jpg", b"These are words."), Part::Field("expires", "ten years")]).await?;
    assert_eq!((status, lines.len()), (400, 2), "{lines:?}");
    assert!(!lines[0].contains("words.jpg") && lines[1].starts_with("! words.jpg: "), "{lines:?}");
    Ok(())
}

#[tokio::test]
async fn a_title_that_is_too_long_is_told_with_the_limit_that_there_is() -> Result<()> {
    let site = TestSite::new().await?;
    for length in [1_001, 9_000, 100_000] {
        let (status, lines) = site.post(&[Part::Field("title", &"x".repeat(length))]).await?;
        assert_eq!(status, 400);
        assert!(lines[0].contains("1000") || lines[0].contains("1,000"), "{lines:?}");
    }
    let captions = vec![Part::Field("caption", "a"); site.site.limits.files_per_post + 1];
    assert_eq!(site.post(&captions).await?.0, 413);
    Ok(())
}

#[tokio::test]
async fn a_file_whose_name_cannot_be_read_is_pointed_at() -> Result<()> {
    let site = TestSite::new().await?;
    let part = |name: &str| format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\nno photo\r\n");
    let body = part("kite.jpg") + &part("ki\u{1}te.jpg") + "--b--\r\n";
    let request = Request::post("/").header("content-type", "multipart/form-data; boundary=b").body(Body::from(body))?;
    let response = site.request(request).await;
    assert_eq!(response.status(), 400);
    let lines = text(response).await?;
    assert!(lines.lines().any(|line| line.starts_with("! #2: ")), "{lines}");
    Ok(())
}

#[tokio::test]
async fn a_post_of_invisible_characters_is_no_post() -> Result<()> {
    let site = TestSite::new().await?;
    let (status, lines) = site.post(&[Part::Field("text", "\u{2066}\u{2069} \u{200F}"), Part::Field("title", "\u{200B}")]).await?;
    assert_eq!((status, lines.len()), (400, 1), "{lines:?}");
    Ok(())
}

#[tokio::test]
async fn a_refused_file_is_not_read_for_ever() -> Result<()> {
    let site = TestSite::with(|parts| parts.limits.file_bytes = 100_000).await?;
    let (status, lines) = site.post(&[Part::Field("text", "words"), Part::File("a.jpg", &vec![b'x'; 150_000])]).await?;
    assert_eq!((status, lines.len()), (201, 3), "{lines:?}");
    let pieces = (0..100_000).map(|number| {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n";
        Ok::<_, std::io::Error>(if number == 0 { head.to_owned() } else { "x".repeat(10_000) })
    });
    // One after the other, as a network brings them.
    let stream = futures_util::stream::iter(pieces).then(async |piece| {
        tokio::task::yield_now().await;
        piece
    });
    let request = Request::post("/").header("content-type", "multipart/form-data; boundary=b").body(Body::from_stream(stream))?;
    let response = site.request(request).await;
    assert_eq!(response.status(), 413);
    Ok(())
}

#[tokio::test]
async fn a_browser_is_sent_on_by_a_short_address_however_many_files_were_refused() -> Result<()> {
    let site = TestSite::new().await?;
    let names: Vec<String> = (0..60).map(|number| format!("{} {number}.jpg", "طائرة ورقية ".repeat(6))).collect();
    let mut parts = vec![Part::Field("text", "words")];
    parts.extend(names.iter().map(|name| Part::File(name, b"no photo")));
    let mut request = form("/", &parts)?;
    request.headers_mut().insert("accept", "text/html".parse()?);
    let response = site.request(request).await;
    assert_eq!(response.status(), 303);
    let to = header(response.headers(), "location").to_owned();
    assert!(to.len() < 2_100 && to.contains("&more="), "{} bytes", to.len());
    let page = text(crate::get(&site, &to, &[("accept", "text/html")]).await?).await?;
    assert!(page.contains("60 files"), "{page}");
    Ok(())
}

#[tokio::test]
async fn words_are_given_back_also_when_it_was_our_fault() -> Result<()> {
    let site = TestSite::new().await?;
    site.site.store.db.close().await;
    let mut request = form("/", &[Part::Field("text", "A kite over the harbour")])?;
    request.headers_mut().insert("accept", "text/html".parse()?);
    let response = site.request(request).await;
    assert_eq!(response.status(), 503);
    assert!(!header(response.headers(), "retry-after").is_empty());
    assert!(text(response).await?.contains("A kite over the harbour"));
    Ok(())
}
