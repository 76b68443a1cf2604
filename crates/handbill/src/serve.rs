//! `handbill serve`: opens the site, listens, works on its jobs, and stops in good order.

use std::path::Path;

use anyhow::{Context as _, Result};
use app::{Chance, Clock, Runner, Site};
use store::{BlobStore, Db, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::config::Config;

/// Serves until it is told to stop.
pub(crate) fn run(listen: Option<String>, data: &Path, config: Option<&Path>) -> Result<()> {
    let mut config = Config::load(config)?;
    if let Some(listen) = listen {
        config.server.listen = listen;
    }
    runtime()?.block_on(serve(config, data))
}

/// Brings a PostgreSQL database's schema up to date; SQLite's moves by itself.
pub(crate) fn migrate(config: Option<&Path>) -> Result<()> {
    let config = Config::load(config)?;
    if config.database.url.is_empty() {
        eprintln!("SQLite moves to a new schema by itself when the site starts: nothing to do.");
        return Ok(());
    }
    runtime()?.block_on(Db::migrate_postgres(&config.database.url)).context("the database could not be migrated")
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime did not start")
}

async fn serve(config: Config, data: &Path) -> Result<()> {
    let site = open(&config, data).await?;
    let listener =
        TcpListener::bind(&config.server.listen).await.with_context(|| format!("{} cannot be listened on", config.server.listen))?;
    let address = listener.local_addr()?;
    let host = if address.ip().is_loopback() || address.ip().is_unspecified() { "localhost".to_owned() } else { address.ip().to_string() };
    println!("http://{host}:{}", address.port());
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(Runner::new(site.clone(), config.media.workers).run(stopped.clone()));
    let public_url = (!config.site.public_url.is_empty()).then(|| config.site.public_url.clone());
    let router = web::router(web::Web::new(web::Inner { site: site.clone(), public_url, site_name: None }));
    let server = tokio::spawn(web::server::serve(listener, router, stopped));
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    server.await.context("the server panicked")??;
    runner.await.context("the runner panicked")?;
    site.store.db.close().await;
    Ok(())
}

/// Opens a site's storage and puts its parts together.
async fn open(config: &Config, data: &Path) -> Result<Site> {
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    private(data)?;
    let db = if config.database.url.is_empty() {
        Db::open_sqlite(&data.join("handbill.db")).await
    } else {
        Db::open_postgres(&config.database.url).await
    };
    // The object store is built without an HTTP transport so far: refused in words, not found out at the first upload.
    anyhow::ensure!(
        config.blobs.s3_endpoint.is_empty(),
        "an S3-compatible store is not available in this version; leave `blobs.s3_endpoint` empty"
    );
    let blobs = if config.blobs.s3_endpoint.is_empty() {
        BlobStore::open_files(data)
    } else {
        let s3 = &config.blobs;
        BlobStore::open_s3(&store::blobs::S3Config {
            endpoint: s3.s3_endpoint.clone(),
            bucket: s3.s3_bucket.clone(),
            region: s3.s3_region.clone(),
            access_key: s3.s3_access_key.clone(),
            secret_key: s3.s3_secret_key.clone(),
        })
    };
    let work_dir = data.join("work");
    // Work that a killed process left is done again from its start by whoever takes its job up.
    drop(std::fs::remove_dir_all(&work_dir));
    std::fs::create_dir_all(&work_dir)?;
    let work_dir = work_dir.canonicalize()?;
    Ok(Site::new(app::Parts {
        store: Store { db: db.context("the database could not be opened")?, blobs: blobs.context("the blob store could not be opened")? },
        sandbox: sandbox(config)?,
        limits: config.limits.clone(),
        clock: Clock::System,
        chance: Chance::system().context("the system has no randomness")?,
        work_dir,
    }))
}

fn sandbox(config: &Config) -> Result<media::Sandbox> {
    let exe = std::env::current_exe().context("this program's own file was not found")?;
    let policy = if config.media.without_sandbox { media::Policy::Off } else { media::Policy::Enforce };
    let plain = media::Sandbox::new(exe, vec!["media-child".into()]);
    Ok(media::Sandbox { ffmpeg: config.media.ffmpeg.clone(), ffprobe: config.media.ffprobe.clone(), policy, ..plain })
}

/// Nobody else on the machine has business in the data directory.
fn private(data: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("{} cannot be made private", data.display()))
}
