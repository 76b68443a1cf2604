//! A poster takes away what an open order or a request to keep covers: gone for everybody as anything is, and kept.

use anyhow::{Context as _, Result};
use app::{About, Edit, Edited, Found};
use domain::decision::KEEP_MS;
use domain::time::{DAY_MS, HOUR_MS};
use domain::{CaseId, Category, Draft, ManageSecret, Notice, NoticeKind, PostId, RetentionGround};
use store::Subject;
use testkit::TestSite;
use testkit::site::{Part, bytes};

use super::deciding::{
    Ground, KITE, OTHER, WORDS, addresses, case_of, decide, drawn, grounds, left_of, of, only, photo, pieces, quarantine_of, see, status,
    tell, two_looks, whole,
};

fn asked(kind: NoticeKind) -> Notice {
    let category = kind.rule().category.unwrap_or(Category::OtherIllegal);
    Notice { kind, category, explanation: "An authority of kites asks".to_owned(), name: None, email: None }
}

/// The case that a notice of this kind opens.
async fn covered(site: &TestSite, subject: &Subject, kind: NoticeKind) -> Result<CaseId> {
    site.site.give_notice(std::slice::from_ref(subject), &asked(kind), None).await?.context("it does not stand")?;
    site.run_jobs().await?;
    case_of(site, subject).await
}

/// What a visitor is told at a link, in each face, without the link itself.
async fn told(site: &TestSite, id: &PostId) -> Result<Vec<(u16, String)>> {
    let mut faces = Vec::new();
    for path in [
        format!("/{id}"),
        format!("/{id}.json"),
        format!("/{id}.md"),
        format!("/{id}.zip"),
        format!("/{id}/report"),
        format!("/{id}/embed"),
    ] {
        let response = site.get(&path).await?;
        let status = response.status().as_u16();
        let headers = format!("{:?}", response.headers());
        let body = String::from_utf8_lossy(&bytes(response).await?).into_owned();
        faces.push((status, format!("{headers}\n{body}").replace(id.as_str(), "ID")));
    }
    Ok(faces)
}

/// Posts, and keeps the manage link's secret.
async fn managed(site: &TestSite, more: &[Part<'_>]) -> Result<(PostId, ManageSecret)> {
    let kite = drawn(KITE)?;
    let parts =
        [&[Part::Field("text", WORDS), Part::File("kite.png", &kite), Part::Field("caption", "a CAPTION of it")][..], more].concat();
    let (code, lines) = site.post(&parts).await?;
    anyhow::ensure!(code == 201, "{lines:?}");
    let id = PostId::parse(lines[0].rsplit('/').next().context("no link")?).context("no id")?;
    let secret = ManageSecret::parse(lines[1].rsplit('/').next().context("no link")?).context("no secret")?;
    site.run_jobs().await?;
    Ok((id, secret))
}

async fn needles(site: &TestSite, id: &PostId) -> Result<Vec<Vec<u8>>> {
    let mut all = pieces(&see(site, id).await?);
    all.extend([b"UNMISTAKABLE".to_vec(), b"a CAPTION of it".to_vec()]);
    Ok(all)
}

async fn is_as_gone(site: &Ground, id: &PostId, secret: &ManageSecret, paths: &[String], plain: &[(u16, String)]) -> Result<()> {
    assert!(matches!(site.site.read(id, None, None).await?, Found::Gone));
    assert!(matches!(site.site.about(id, None).await?, About::Gone));
    assert!(site.site.managed(id, secret).await?.is_none() && site.site.removals(id, secret).await?.is_empty(), "its poster is told");
    for path in paths {
        assert_eq!(status(site, path).await?, 404, "{path}");
    }
    assert_eq!(told(site, id).await?, plain, "somebody can tell that it is kept");
    Ok(())
}

#[tokio::test]
async fn what_a_poster_deletes_under_an_open_order_is_gone_for_everybody_and_kept_until_it_is_answered_for() -> Result<()> {
    for site in grounds().await? {
        // How it looks where nothing covers it.
        let (plain, _) = managed(&site, &[]).await?;
        site.site.delete(&plain).await?;
        site.run_jobs().await?;
        assert_eq!(site.objects().await?.len(), 0);
        let plain = told(&site, &plain).await?;

        let (id, secret) = managed(&site, &[]).await?;
        let (paths, needles) = (addresses(&site, &id).await?, needles(&site, &id).await?);
        let case = covered(&site, &whole(&id), NoticeKind::TcoRemovalOrder).await?;
        tell(&site, &only(&site, &id).await?, None).await?;
        site.run_jobs().await?;
        assert_eq!(site.site.queue(9).await?.1, 2);
        site.site.delete(&id).await?;
        is_as_gone(&site, &id, &secret, &paths, &plain).await?;
        site.run_jobs().await?;
        is_as_gone(&site, &id, &secret, &paths, &plain).await?;
        assert!(store::posts::find(&site.site.store.db, &id).await?.is_none(), "its row stays");
        assert_eq!(left_of(&site, &needles).await?, Vec::<String>::new());
        let held = quarantine_of(&site).await?;
        assert!(!held.is_empty(), "what an order is about is lost");
        let objects = site.objects().await?;
        assert!(objects.keys().all(|key| key.starts_with("quarantine/")), "{:?}", objects.keys());
        // The order's case waits; the other's is about nothing.
        let (queue, open) = site.site.queue(9).await?;
        assert_eq!((open, &queue[0].case.id), (1, &case));
        assert!(site.site.case(&case).await?.context("no case")?.preserved.is_some());
        let kept = store::preserved::of_subject(&site.site.store.db, &whole(&id)).await?;
        let [(record, _)] = kept.as_slice() else { anyhow::bail!("{kept:?}") };
        assert!(!site.site.undo(None, record).await?, "what its poster deleted came back");
        // As long as nobody has answered for it, it is kept, however long that takes.
        site.site.clock.advance_ms(2 * KEEP_MS);
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        site.site.clock.advance_ms(2 * DAY_MS);
        site.run_jobs().await?;
        assert_eq!(quarantine_of(&site).await?, held);
        decide(&site, &case, "remove").await?;
        site.run_jobs().await?;
        let grounds: Vec<_> = site.site.retentions(record).await?.into_iter().map(|one| one.retention.ground).collect();
        assert_eq!(grounds, [RetentionGround::Tco]);
        site.site.clock.advance_ms(KEEP_MS - HOUR_MS);
        site.run_jobs().await?;
        assert_eq!(quarantine_of(&site).await?, held, "the law has it kept");
        site.site.clock.advance_ms(HOUR_MS);
        two_looks(&site).await?;
        assert_eq!(site.objects().await?.len(), 0);
        assert_eq!(left_of(&site, &needles).await?, Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test]
async fn a_request_to_keep_outlives_its_case_and_ends_when_it_says() -> Result<()> {
    for site in grounds().await? {
        let (id, _) = managed(&site, &[]).await?;
        let needles = needles(&site, &id).await?;
        let case = covered(&site, &whole(&id), NoticeKind::PreservationRequest).await?;
        decide(&site, &case, "no_action").await?;
        site.site.delete(&id).await?;
        site.run_jobs().await?;
        assert!(matches!(site.site.read(&id, None, None).await?, Found::Gone));
        assert!(!quarantine_of(&site).await?.is_empty() && left_of(&site, &needles).await?.is_empty());
        site.site.queue_upkeep().await?;
        site.run_jobs().await?;
        site.site.clock.advance_ms(KEEP_MS);
        two_looks(&site).await?;
        assert_eq!(site.objects().await?.len(), 0);
        // What comes after its end is not kept.
        let (id, _) = managed(&site, &[]).await?;
        let case = covered(&site, &whole(&id), NoticeKind::PreservationRequest).await?;
        decide(&site, &case, "no_action").await?;
        site.site.clock.advance_ms(KEEP_MS + 1);
        site.run_jobs().await?;
        site.site.delete(&id).await?;
        site.run_jobs().await?;
        assert_eq!(site.objects().await?.len(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_medium_that_is_taken_out_of_a_post_is_kept_alone_and_the_post_says_nothing_of_it() -> Result<()> {
    for site in grounds().await? {
        for by_edit in [false, true] {
            let kite = drawn(OTHER)?;
            let (id, _) = managed(&site, &[Part::File("other.png", &kite)]).await?;
            let all = store::media::of_post(&site.site.store.db, &id).await?;
            let (own, left) = (of(&id, &all[0].id), &all[1]);
            let before = see(&site, &id).await?;
            let gone: Vec<_> = before.files.iter().filter(|(path, _)| path.starts_with(all[0].id.as_str())).collect();
            covered(&site, &own, NoticeKind::CourtOrder).await?;
            let Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it does not stand") };
            if by_edit {
                let kept = Edited::Kept { media_id: left.id.clone(), caption: None, alt: None, sensitive: false, still: None };
                let draft = Draft { text: "Only the other".to_owned(), ..Draft::default() };
                site.site.edit((*view).into(), Edit { draft, media: Some(vec![kept]), ..Edit::default() }).await?;
            } else {
                assert!(site.site.remove_medium(&view, &all[0].id).await?);
            }
            for settled in [false, true] {
                if settled {
                    site.run_jobs().await?;
                }
                let Found::Post(view) = site.site.read(&id, None, None).await? else { anyhow::bail!("it does not stand") };
                let media: Vec<_> = view.media.iter().map(|own| own.row.id.clone()).collect();
                assert_eq!(media, std::slice::from_ref(&left.id), "settled: {settled}");
                for (path, _) in &gone {
                    assert_eq!(status(&site, &format!("/m/{path}")).await?, 404);
                }
            }
            assert!(store::media::find(&site.site.store.db, &all[0].id).await?.is_none());
            assert!(!quarantine_of(&site).await?.is_empty());
            let pieces: Vec<Vec<u8>> =
                gone.iter().map(|(_, (_, bytes))| bytes[bytes.len() / 2..].iter().copied().take(48).collect()).collect();
            assert_eq!(left_of(&site, &pieces).await?, Vec::<String>::new());
            assert_eq!(site.site.queue(9).await?.1, 1);
            site.site.queue_upkeep().await?;
            site.run_jobs().await?;
            // The rest of the post goes for good.
            let case = case_of(&site, &own).await?;
            decide(&site, &case, "no_action").await?;
            site.site.delete(&id).await?;
            site.run_jobs().await?;
            two_looks(&site).await?;
            assert_eq!(site.objects().await?.len(), 0);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_post_that_ends_is_kept_as_one_that_is_deleted_and_one_that_is_covered_by_nothing_is_not() -> Result<()> {
    for site in grounds().await? {
        let (ends, _) = managed(&site, &[Part::Field("expires", "1h")]).await?;
        let free = photo(&site, "nothing is asked about this", &drawn(OTHER)?).await?;
        covered(&site, &only(&site, &ends).await?, NoticeKind::DsaInformationOrder).await?;
        tell(&site, &whole(&free), Some("Ada")).await?;
        site.run_jobs().await?;
        site.site.clock.advance_ms(2 * HOUR_MS);
        site.run_jobs().await?;
        site.site.delete(&free).await?;
        site.run_jobs().await?;
        assert!(matches!(site.site.read(&ends, None, None).await?, Found::Gone));
        assert!(store::posts::find(&site.site.store.db, &ends).await?.is_none());
        let objects = site.objects().await?;
        assert!(!objects.is_empty() && objects.keys().all(|key| key.starts_with("quarantine/")), "{:?}", objects.keys());
        assert_eq!(store::preserved::of_subject(&site.site.store.db, &whole(&free)).await?, []);
        assert_eq!(site.site.queue(9).await?.1, 1);
    }
    Ok(())
}
