//! `handbill serve`: opens the site, listens, works on its jobs, and stops in good order.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::{Chance, Clock, First, Runner, Site};
use store::{BlobStore, Db, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::{log, metrics, notify};

/// The runner hands back what takes too long before this; only a database that hangs can hold it up for so long.
const JOBS_END: Duration = Duration::from_secs(45);
/// How often it is seen whether files of what stands should be made.
const CORPUS: Duration = Duration::from_secs(60);
/// How long the last of it may take: the database, then what is left of the runtime.
const CLOSING: Duration = Duration::from_secs(3);

/// Serves until it is told to stop.
pub(crate) fn run(listen: Option<String>, data: &Path, config: Option<&Path>) -> Result<()> {
    let mut config = Config::load(config)?;
    if let Some(listen) = listen {
        config.server.listen = listen;
    }
    log::start(&config.log)?;
    let runtime = runtime()?;
    let done = runtime.block_on(serve(config, data));
    // A thread that hangs in a system call must not hold up the end.
    runtime.shutdown_timeout(CLOSING);
    done
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

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime did not start")
}

async fn serve(mut config: Config, data: &Path) -> Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    private(data)?;
    // Before anything is touched: a second server would clear away the work of the first.
    let _lock = alone(data)?;
    let listener = listen(&config.server.listen, "--listen").await?;
    let metrics_listener = match config.server.metrics_listen.as_str() {
        "" => None,
        address => Some(listen(address, "server.metrics_listen").await?),
    };
    let site = open(&config, data).await?;
    site.adopt_policy(&web::policy::shipped()).await.context("the policy could not be put in force")?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(Runner::new(site.clone(), config.media.workers).run(stopped.clone()));
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let web = web::Web::new(web::Inner {
        site: site.clone(),
        public_url: given(&config.site.public_url),
        media_url: given(config.site.media_url.trim_end_matches('/')),
        house: config.house()?.into(),
        newest: config.site.newest,
        geography: config.geography.open()?,
        proxies: web::Proxies { trusted: config.server.trusted_proxies.clone(), header: config.server.forwarded_header },
    });
    tokio::spawn(web::health::watch(web.clone(), stopped.clone()));
    tokio::spawn(follow(site.clone(), stopped.clone()));
    tokio::spawn(look_after(site.clone(), stopped.clone()));
    tokio::spawn(keep_openings(site.clone(), stopped.clone()));
    tokio::spawn(tend_corpus(site.clone(), stopped.clone()));
    let mut router = web::router(web.clone());
    if let Some(listener) = metrics_listener {
        let render = metrics::start()?;
        router = web::metrics::measured(router);
        tokio::spawn(web::server::serve(listener, web::metrics::router(web, render), stopped.clone()));
    }
    let server = tokio::spawn(web::server::serve(listener, router, stopped));
    // Before anybody is told that we are there, and may ask us to go.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    // Whoever reads this may go away; that is no reason not to serve.
    drop(writeln!(std::io::stdout(), "{}", shown(address)));
    config.server.listen = address.to_string();
    greet(&config, &site).await;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), database = site.store.db.engine(), "serving");
    notify::ready();

    let mut asked = async move || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    asked().await;
    tracing::info!("stopping");
    notify::stopping();
    stop.send_replace(true);
    site.halt_uploads();
    tokio::select! {
        done = in_good_order(server, runner, &site) => done,
        // Nothing that was acknowledged is lost by this; what is under way is cut off.
        () = asked() => {
            tracing::warn!("asked twice: stopping at once");
            Ok(())
        }
    }
}

/// As long as nobody may decide, whoever starts the site is given the link that makes them its operator. It goes to where the address goes, and
/// not into the log, which others may read.
async fn greet(config: &Config, site: &Site) {
    if config.house().is_ok_and(|house| house.points.missing().contains(&web::contact::Missing::Reach)) {
        tracing::info!(
            "nobody can reach you: /contact names nobody until site.contact is set; `handbill doctor` tells what else is missing"
        );
    }
    match site.first_operator().await {
        Ok(First::Somebody) => {}
        Ok(First::Link(link)) => {
            let address = crate::moderator::address(config, &link);
            drop(writeln!(std::io::stdout(), "{address}"));
            tracing::info!("nobody may decide yet: whoever opens the link that was printed, once and within 48 hours, is the operator");
        }
        Ok(First::Waits(until)) => tracing::info!(
            until = web::locale::iso(until),
            "nobody may decide yet: the link that was printed before waits; `handbill moderator link operator` makes another"
        ),
        Err(error) => tracing::warn!(%error, "whether anybody may decide could not be seen"),
    }
}

/// Keeps what the banks know and which levers are pulled in memory, a second behind whoever changes it.
async fn follow(site: Site, mut stopped: watch::Receiver<bool>) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    while !*stopped.borrow_and_update() {
        tokio::select! {
            _ = every.tick() => {
                site.follow_levers().await;
                site.follow_exits().await;
                site.follow_banks().await;
            }
            _ = stopped.changed() => {}
        }
    }
}

/// Sees to it that somebody looks after the site: this node, or another one.
async fn look_after(site: Site, mut stopped: watch::Receiver<bool>) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    // What was missed while the database hung is not made up for.
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !*stopped.borrow_and_update() {
        tokio::select! {
            _ = every.tick() => {
                if let Err(error) = site.look_after().await {
                    tracing::warn!(%error, "nobody looked after the site");
                }
            }
            _ = stopped.changed() => {}
        }
    }
}

/// Writes down how often posts were opened, once a minute.
async fn keep_openings(site: Site, mut stopped: watch::Receiver<bool>) {
    let mut every = tokio::time::interval(Duration::from_secs(60));
    while !*stopped.borrow_and_update() {
        tokio::select! {
            _ = every.tick() => write_openings(&site).await,
            _ = stopped.changed() => {}
        }
    }
}

async fn write_openings(site: &Site) {
    if let Err(error) = site.keep_openings().await {
        tracing::warn!(%error, "how often posts were opened was not written down");
    }
}

/// Makes files of what stands, so that a bank that learns something need not read all of it.
async fn tend_corpus(site: Site, mut stopped: watch::Receiver<bool>) {
    let mut round = 0;
    while !*stopped.borrow_and_update() {
        let pause = match site.tend_corpus(round).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => CORPUS,
            Err(error) => {
                tracing::warn!(%error, "no files of what stands were made");
                CORPUS
            }
        };
        round = round.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Answers under way come to their end, jobs at work get a while, then the database closes.
async fn in_good_order(server: JoinHandle<std::io::Result<()>>, mut runner: JoinHandle<()>, site: &Site) -> Result<()> {
    let jobs = async {
        match tokio::time::timeout(JOBS_END, &mut runner).await {
            Ok(done) => done.context("the runner panicked"),
            Err(_) => {
                tracing::warn!("the database does not answer: jobs under way were cut off, and are done again when their leases end");
                runner.abort();
                Ok(())
            }
        }
    };
    let (server, jobs) = tokio::join!(server, jobs);
    server.context("the server panicked")??;
    jobs?;
    if !matches!(tokio::time::timeout(CLOSING, site.keep_hours()).await, Ok(Ok(()))) {
        tracing::warn!("how much came in the last seconds was not written down");
    }
    if tokio::time::timeout(CLOSING, write_openings(site)).await.is_err() {
        tracing::warn!("how often posts were opened in the last minute was not written down");
    }
    if tokio::time::timeout(CLOSING, site.store.db.close()).await.is_err() {
        tracing::warn!("the database was still busy");
    }
    Ok(())
}

/// The lock that a running server holds on its data directory. The kernel lets go of it however the process ends.
pub(crate) fn alone(data: &Path) -> Result<File> {
    let path = data.join("serve.lock");
    let mut lock = File::options().create(true).truncate(false).read(true).write(true).open(&path);
    let lock = lock.as_mut().map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", path.display()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            drop(lock.read_to_string(&mut holder));
            bail!("{} is being served already (by process {}); stop that first, or choose another --data", data.display(), holder.trim());
        }
        Err(std::fs::TryLockError::Error(error)) => bail!("{} cannot be locked: {error}", path.display()),
    }
    lock.set_len(0)?;
    writeln!(lock, "{}", std::process::id())?;
    Ok(lock.try_clone()?)
}

async fn listen(address: &str, option: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| match address.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => format!(
            "{address} cannot be listened on; if another program has it, choose another by {option}, such as {host}:{}",
            port.parse::<u16>().map_or(8081, |port| port.checked_add(1).unwrap_or(8081))
        ),
        _ => format!("{option}: {address:?} is no address such as 127.0.0.1:8080"),
    })
}

/// What to open in a browser. Never a bare loopback address: passkeys refuse it.
pub(crate) fn shown(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// Opens a site's storage and puts its parts together.
async fn open(config: &Config, data: &Path) -> Result<Site> {
    let work_dir = data.join("work");
    forget_killed(data);
    // Work that a killed process left is done again from its start by whoever takes its job up.
    drop(std::fs::remove_dir_all(&work_dir));
    std::fs::create_dir_all(&work_dir)?;
    open_with(config, data, &work_dir).await
}

/// How the folders begin that commands beside the site work in.
pub(crate) const BESIDE: &str = "beside-";

/// Takes away what commands beside the site worked in that were killed long ago.
fn forget_killed(data: &Path) {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    for entry in std::fs::read_dir(data).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|time| time.elapsed().ok());
        if entry.file_name().to_string_lossy().starts_with(BESIDE) && age.is_some_and(|age| age > LONG) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// Opens a site's storage; media are looked at in `work_dir`.
pub(crate) async fn open_with(config: &Config, data: &Path, work_dir: &Path) -> Result<Site> {
    let db = if config.database.url.is_empty() {
        Db::open_sqlite(&data.join("handbill.db")).await
    } else {
        Db::open_postgres(&config.database.url).await
    };
    let blobs = blobs(config, data).context("the blob store could not be opened")?;
    match blobs.ping().await {
        Ok(()) => {}
        // It may be starting beside us; what stands already is served from the rows meanwhile.
        Err(error) if error.may_pass() => tracing::warn!(%error, "starting without the blob store"),
        Err(error) => return Err(error).context("the blob store is not as the configuration says"),
    }
    let work_dir = work_dir.canonicalize()?;
    let site = Site::new(app::Parts {
        store: Store { db: db.context("the database could not be opened")?, blobs },
        sandbox: sandbox(config),
        limits: config.limits.clone(),
        fair_use: config.fair_use.clone(),
        hold: config.cases.hold.clone(),
        reach_limit: config.banks.reach_limit,
        clock: Clock::System,
        post: config.post()?,
        home: config.site.home()?,
        knows_countries: !config.geography.database.as_os_str().is_empty(),
        chance: Chance::system().context("the system has no randomness")?,
        work_dir,
        corpus_dir: data.join("corpus"),
        evidence: config.evidence.recipients.clone(),
        alarms: config.alarms()?,
        away: config.away()?,
    });
    site.follow_levers().await;
    site.follow_exits().await;
    Ok(site)
}

/// The blob store of the configuration.
pub(crate) fn blobs(config: &Config, data: &Path) -> store::Result<BlobStore> {
    if config.blobs.s3_endpoint.is_empty() {
        return BlobStore::open_files(data);
    }
    let s3 = &config.blobs;
    BlobStore::open_s3(&store::blobs::S3Config {
        endpoint: s3.s3_endpoint.clone(),
        bucket: s3.s3_bucket.clone(),
        region: s3.s3_region.clone(),
        access_key: s3.s3_access_key.clone(),
        secret_key: s3.s3_secret_key.clone(),
    })
}

/// How untrusted bytes are looked at. The child is this very program even after its file was replaced by an upgrade: the kernel
/// keeps the one that runs under this name.
pub(crate) fn sandbox(config: &Config) -> media::Sandbox {
    let policy = if config.media.without_sandbox { media::Policy::Off } else { media::Policy::Enforce };
    let plain = media::Sandbox::new("/proc/self/exe".into(), vec!["media-child".into()]);
    let media = &config.media;
    let (ffmpeg, ffprobe, patience_percent) = (media.ffmpeg.clone(), media.ffprobe.clone(), media.patience_percent);
    media::Sandbox { ffmpeg, ffprobe, policy, patience_percent, ..plain }
}

/// Nobody else on the machine has business in the data directory.
pub(crate) fn private(data: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("{} cannot be made private", data.display()))
}
