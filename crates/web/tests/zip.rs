//! Everything of a post in one file, as other people's programs read it.

use std::io::Write as _;
use std::process::Command;

use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use testkit::TestSite;
use testkit::site::{Part, bytes, picture, text};

use crate::covers::covered;
use crate::{get, header, original, posted};

/// Names and sizes, as Python's zipfile tells them after it has read every byte and checked every checksum.
fn listing(zip: &[u8]) -> Result<Vec<String>> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(zip)?;
    for (program, arguments) in [("unzip", "-tqq"), ("7z", "t")] {
        // 7z is not on every machine; unzip comes with what the tests need.
        match Command::new(program).arg(arguments).arg(file.path()).output() {
            Ok(out) => anyhow::ensure!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stdout)),
            Err(error) => anyhow::ensure!(program == "7z", "{program}: {error}"),
        }
    }
    // Who reads it front to back, through a pipe, finds where each file ends.
    let first = Command::new("funzip").stdin(std::fs::File::open(file.path())?).output()?;
    anyhow::ensure!(first.status.success() && !first.stdout.is_empty(), "funzip: {}", String::from_utf8_lossy(&first.stderr));
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  for i in z.infolist(): print(f'{i.filename}|{i.file_size}|{i.compress_type}|{i.external_attr >> 16:o}')";
    let out = Command::new("python3").args(["-c", script]).arg(file.path()).output()?;
    anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8(out.stdout)?.lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_zip_holds_the_words_and_the_cleaned_originals_and_is_as_long_as_it_says() -> Result<()> {
    let site = TestSite::new().await?;
    let parts = [
        Part::Field("title", "Kites / over: \"Aleppo\""),
        Part::Field("text", "Over *the* harbour"),
        Part::File("one.png", &picture(640, 480, 1)?),
        Part::File("torn.png", &picture(64, 48, 3)?[..900]),
        Part::File("two.png", &picture(320, 200, 2)?),
        Part::Field("caption", "../طائرة: حمراء?"),
    ];
    let post = posted(&site, &parts).await?;
    let path = format!("{}.zip", post.path);
    let response = site.get(&path).await?;
    let headers = response.headers().clone();
    assert_eq!((response.status().as_u16(), header(&headers, "content-type")), (200, "application/zip"));
    let disposition = header(&headers, "content-disposition");
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with("%20Aleppo.zip"), "{disposition}");
    assert!(header(&headers, "content-security-policy").contains("sandbox"));
    assert_eq!(header(&headers, "x-robots-tag"), "noindex");
    let zip = bytes(response).await?;
    assert_eq!(header(&headers, "content-length"), zip.len().to_string());
    let size = bytes(site.get(&original(&site, &post.path).await?).await?).await?.len();
    let listed = listing(&zip)?;
    assert_eq!(listed[0], format!("01 طائرة حمراء.png|{size}|8|100644"));
    assert!(listed[1].starts_with("02 photo.png|"), "{listed:?}");
    assert_eq!(listed[2], format!("post.md|{}|8|100644", text(site.get(&format!("{}.md", post.path)).await?).await?.len()));
    assert_eq!(listed.len(), 3);
    let head = site.request(Request::head(&path).body(Body::empty())?).await;
    assert_eq!((head.status().as_u16(), header(head.headers(), "content-length")), (200, header(&headers, "content-length")));
    assert!(bytes(head).await?.is_empty());
    // The page offers it, with its size.
    assert!(text(get(&site, &post.path, &[("accept", "text/html")]).await?).await?.contains(&format!("href=\"{path}\"")));
    Ok(())
}

#[tokio::test]
async fn a_zip_is_read_from_a_distant_store_as_it_is_from_files() -> Result<()> {
    let s3 = testkit::s3::S3::start().await?;
    let site = TestSite::with(|parts| {
        let config = store::blobs::S3Config {
            endpoint: s3.endpoint.clone(),
            bucket: s3.bucket.clone(),
            region: String::new(),
            access_key: s3.access_key.clone(),
            secret_key: s3.secret_key.clone(),
        };
        parts.store.blobs = store::BlobStore::open_s3(&config).expect("the configuration is a good one");
    })
    .await?;
    let post = posted(&site, &[Part::File("1.png", &picture(900, 900, 1)?), Part::File("2.png", &picture(64, 48, 2)?)]).await?;
    let response = site.get(&format!("{}.zip", post.path)).await?;
    let said = header(response.headers(), "content-length").to_owned();
    let zip = bytes(response).await?;
    assert_eq!((zip.len().to_string(), listing(&zip)?.len()), (said, 2));
    // An object that is lost cuts the answer short of its length: nobody takes it for whole.
    let (key, _) = site.objects().await?.into_iter().max_by_key(|(_, bytes)| bytes.len()).context("no object")?;
    site.site.store.blobs.delete(&key).await?;
    let mut body = site.get(&format!("{}.zip", post.path)).await?.into_body();
    let mut rest = Ok(());
    while let Some(piece) = body.frame().await {
        rest = rest.and(piece.map(drop));
    }
    assert!(rest.is_err());
    Ok(())
}

#[tokio::test]
async fn a_post_of_words_and_one_that_is_not_there_are_told_apart() -> Result<()> {
    let site = TestSite::new().await?;
    let words = posted(&site, &[Part::Field("text", "words")]).await?;
    assert_eq!(listing(&bytes(site.get(&format!("{}.zip", words.path)).await?).await?)?, ["post.md|6|8|100644"]);
    for (path, status) in [("/abcdefghjkmnp.zip", 404), ("/x.zip", 404), ("/.zip", 404)] {
        assert_eq!(site.get(path).await?.status(), status, "{path}");
    }
    let locked = posted(&site, &[Part::Field("text", "words"), Part::Field("password", "kite")]).await?;
    let refused = get(&site, &format!("{}.zip", locked.path), &[]).await?;
    assert_eq!(refused.status(), 403);
    assert!(!text(refused).await?.contains("words"));
    site.request(Request::post(format!("{}/delete", words.manage)).body(Body::empty())?).await;
    assert_eq!(site.get(&format!("{}.zip", words.path)).await?.status(), 410);
    site.run_jobs().await?;
    Ok(())
}

#[tokio::test]
async fn what_is_covered_is_in_the_zip_of_who_asked_for_it() -> Result<()> {
    let site = TestSite::new().await?;
    let (path, _) = covered(&site).await?;
    assert_eq!(listing(&bytes(site.get(&format!("{path}.zip")).await?).await?)?.len(), 1);
    assert_eq!(listing(&bytes(site.get(&format!("{path}.zip?show=2")).await?).await?)?.len(), 2);
    let whole = posted(&site, &[Part::Field("sensitive", "1"), Part::File("kite.png", &picture(64, 48, 1)?)]).await?;
    let asked_first = site.get(&format!("{}.zip", whole.path)).await?;
    assert_eq!((asked_first.status().as_u16(), header(asked_first.headers(), "location")), (303, whole.path.as_str()));
    assert_eq!(listing(&bytes(site.get(&format!("{}.zip?show=1", whole.path)).await?).await?)?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_program_that_has_opened_a_locked_post_fetches_its_zip_and_nobody_else_does() -> Result<()> {
    let site = TestSite::new().await?;
    let photo = picture(64, 48, 1)?;
    let locked = [Part::Field("text", "HIDDEN"), Part::Field("password", "kite"), Part::File("kite.png", &photo)];
    for covered in [false, true] {
        let mut parts = locked.to_vec();
        if covered {
            parts.push(Part::Field("sensitive", "1"));
        }
        let post = posted(&site, &parts).await?;
        let zip = format!("{}.zip", post.path);
        for wrong in [&[][..], &[("authorization", "Bearer 1")], &[("authorization", "Basic a2l0ZQ==")]] {
            let refused = get(&site, &zip, wrong).await?;
            assert_eq!((refused.status().as_u16(), header(refused.headers(), "location")), (403, ""), "{wrong:?}");
        }
        let knock = Request::post(format!("/api/v1/posts{}/open", post.path)).header("content-type", "application/json");
        let told = bytes(site.request(knock.body(Body::from(r#"{"password": "kite"}"#))?).await).await?;
        let told: serde_json::Value = serde_json::from_slice(&told)?;
        let pass = told["pass"].as_str().context("no pass")?;
        // What is covered as a whole is asked for by name, as on its page.
        if covered {
            let asks = get(&site, &zip, &[("authorization", &format!("Bearer {pass}"))]).await?;
            assert_eq!((asks.status().as_u16(), header(asks.headers(), "location")), (303, post.path.as_str()));
        }
        for scheme in ["Bearer", "bearer"] {
            let served = get(&site, &format!("{zip}?show=1"), &[("authorization", &format!("{scheme} {pass}"))]).await?;
            assert_eq!(served.status(), 200, "{scheme}");
            assert!(header(served.headers(), "cache-control").contains("no-store"));
            assert_eq!(listing(&bytes(served).await?)?.len(), 2);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_deletion_in_the_midst_cuts_the_zip_and_an_edit_of_words_does_not() -> Result<()> {
    for (form, path, cut) in [("", "/delete", true), ("text=other", "", false)] {
        let site = TestSite::new().await?;
        let post = posted(&site, &[Part::File("1.png", &picture(900, 900, 1)?), Part::File("2.png", &picture(901, 900, 2)?)]).await?;
        let mut body = site.get(&format!("{}.zip", post.path)).await?.into_body();
        let first = body.frame().await.context("nothing came")??;
        assert!(first.into_data().is_ok_and(|head| head.starts_with(b"PK\x03\x04")));
        site.request(Request::post(format!("{}{path}", post.manage)).body(Body::from(form))?).await;
        let mut rest = Ok(());
        while let Some(piece) = body.frame().await {
            rest = rest.and(piece.map(drop));
        }
        assert_eq!(rest.is_err(), cut, "{path}");
        site.run_jobs().await?;
    }
    Ok(())
}
