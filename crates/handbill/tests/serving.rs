//! `handbill serve` and `migrate`: start, stop, and what is said when it cannot be.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::site::{Site, answer, ask, handbill, run, said, until};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn an_empty_directory_is_enough_and_sigterm_ends_it_in_good_order() {
    let mut site = Site::start();
    assert_eq!(site.get("/").status, 200);
    assert_eq!(site.data().metadata().expect("it was made").permissions().mode() & 0o777, 0o700, "others can look into it");
    site.signal(Signal::TERM);
    assert_eq!(site.ended(SOON).code(), Some(0), "{}", site.log());
    let log = site.log();
    assert!(log.contains("serving") && log.contains("stopping"), "{log}");
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[test]
fn an_upload_under_way_comes_to_its_end_after_sigterm() {
    let mut site = Site::start();
    let mut stream = TcpStream::connect(site.address()).expect("it listens");
    let body = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nA calm sea.\r\n--x--\r\n";
    let (first, second) = body.split_at(60);
    let length = body.len();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n{first}"
    )
    .expect("it is sent");
    until("the request is read", SOON, || site.get("/about").status == 200);
    site.signal(Signal::TERM);
    until("nobody else is let in", SOON, || TcpStream::connect(site.address()).is_err());
    stream.write_all(second.as_bytes()).expect("the connection stands");
    let answer = answer(stream);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(site.ended(SOON).code(), Some(0), "{}", site.log());
    // What was acknowledged is there after the next start.
    let path = answer.body.lines().next().and_then(|line| line.strip_prefix("http://a")).expect("a link").to_owned();
    let dir = std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory"));
    let again = Site::start_in(dir, &[], &[]);
    assert!(again.get(&path).body.contains("A calm sea."));
}

#[test]
fn who_asks_twice_does_not_wait() {
    let mut site = Site::start();
    let mut stream = TcpStream::connect(site.address()).expect("it listens");
    // An upload that never ends.
    write!(stream, "PUT /kite.jpg HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n").expect("it is sent");
    until("the request is read", SOON, || site.get("/about").status == 200);
    site.signal(Signal::TERM);
    until("nobody else is let in", SOON, || TcpStream::connect(site.address()).is_err());
    assert!(site.child.try_wait().expect("it can be asked").is_none(), "it did not wait for the upload");
    let begun = Instant::now();
    site.signal(Signal::INT);
    assert_eq!(site.ended(SOON).code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// The media children of a process: those that have become another program, for their parent waits until they have.
fn children(of: u32) -> Vec<i32> {
    let ready = |pid: &i32| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|words| !words.contains("serve"));
    let parent = |pid: &i32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse::<u32>().ok())
    };
    let all = std::fs::read_dir("/proc").expect("it is mounted").flatten();
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(|pid| parent(pid) == Some(of) && ready(pid)).collect()
}

#[test]
fn a_job_that_takes_too_long_for_the_stop_is_handed_back_and_done_after_the_next_start() {
    let mut site = Site::start();
    // The children of the site's own self-test come and go first.
    until("the sandbox was tried", SOON, || site.get("/readyz").status == 200 && children(site.child.id()).is_empty());
    std::thread::sleep(Duration::from_millis(500));
    let film = crate::material::film(site.dir.path(), 0);
    let (link, _) = site.post(&[film.to_str().expect("a path")]);
    // A child that stands still is a video that takes for ever. The first ones may be done before they are stopped.
    let mut still = Vec::new();
    until("a child stands still", SOON, || {
        still = children(site.child.id());
        for pid in still.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            // One that has just ended cannot be stopped.
            let _ = kill_process(pid, Signal::STOP);
        }
        std::thread::sleep(Duration::from_millis(100));
        !still.is_empty() && children(site.child.id()) == still
    });
    let begun = Instant::now();
    site.signal(Signal::TERM);
    assert_eq!(site.ended(Duration::from_secs(40)).code(), Some(0), "{}", site.log());
    assert!(begun.elapsed() > Duration::from_secs(10), "it did not wait for the job: {:?}", begun.elapsed());
    for pid in still {
        assert!(!std::path::Path::new(&format!("/proc/{pid}/exe")).exists(), "a child was left behind");
    }
    let dir = std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory"));
    let again = Site::start_in(dir, &[], &[]);
    // Long before a lease runs out.
    until("the film is prepared", Duration::from_secs(20), || again.get(&format!("{link}.json")).body.contains("\"state\":\"live\""));
}

#[test]
fn systemd_is_told_when_the_site_is_ready_and_when_it_stops() {
    let dir = tempfile::tempdir().expect("a directory");
    let socket = dir.path().join("notify");
    let heard = UnixDatagram::bind(&socket).expect("a socket");
    heard.set_read_timeout(Some(SOON)).expect("a timeout");
    let hear = || {
        let mut buffer = [0; 64];
        let count = heard.recv(&mut buffer).expect("a message");
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    };
    let mut site = Site::start_with(&[], &[("NOTIFY_SOCKET", socket.to_str().expect("a path"))]);
    assert_eq!(hear(), "READY=1");
    site.signal(Signal::TERM);
    assert_eq!(hear(), "STOPPING=1");
    site.ended(SOON);
}

#[test]
fn one_directory_is_served_once_until_its_server_is_gone() {
    let mut site = Site::start();
    let data = site.data().display().to_string();
    let (code, out, err) = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("is being served already") && err.contains(&site.child.id().to_string()), "{err}");
    assert_eq!(site.get("/").status, 200, "the first was hurt");
    site.signal(Signal::KILL);
    site.child.wait().expect("it ends");
    let dir = std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory"));
    assert_eq!(Site::start_in(dir, &[], &[]).get("/").status, 200, "a killed server still holds its directory");
}

#[test]
fn a_taken_port_is_told_with_a_way_on() {
    let site = Site::start();
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data").display().to_string();
    let (code, out, err) = run(&["serve", "--listen", &site.address().replace("localhost", "127.0.0.1"), "--data", &data]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("cannot be listened on") && err.contains("--listen"), "{err}");
    let (code, _, err) = run(&["serve", "--listen", "everywhere", "--data", &data]);
    assert!(code == 2 && err.contains("\"everywhere\" is no address"), "{err}");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let data = file.join("data").display().to_string();
    let (code, _, err) = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert!(code == 2 && err.contains(&data), "{err}");
}

#[test]
fn a_wrong_key_stops_the_start_and_is_named_with_its_file_or_variable() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("site.toml");
    std::fs::write(&file, "[limits]\npixels = 1\nfile_byte = 5\n").expect("a file");
    let file = file.display().to_string();
    let (code, _, err) = run(&["serve", "--config", &file]);
    assert!(code == 2 && err.contains(&file) && err.contains("line 3") && err.contains("file_byte"), "{err}");
    let output = handbill(&["serve"]).env("HANDBILL__MEDIA__WORKER", "1").output().expect("it starts");
    let (code, _, err) = said(&output);
    assert!(code == 2 && err.contains("HANDBILL__MEDIA__WORKER: there is no such key"), "{err}");
    let (code, _, err) = run(&["serve", "--config", "/no/such/file"]);
    assert!(code == 2 && err.contains("/no/such/file"), "{err}");
}

#[test]
fn what_is_degraded_has_a_code_and_the_site_serves_on() {
    let site = Site::start_with(
        &[],
        &[
            ("HANDBILL__MEDIA__FFMPEG", "/no/ffmpeg"),
            ("HANDBILL__MEDIA__WITHOUT_SANDBOX", "true"),
            ("HANDBILL__LIMITS__DISK_FREE_BYTES", "9000000000000000"),
        ],
    );
    until("the sandbox was tried", SOON, || site.get("/healthz").body.contains("ffmpeg_missing"));
    let health = site.get("/healthz");
    assert_eq!(health.status, 200);
    let health: serde_json::Value = serde_json::from_str(&health.body).expect("it is JSON");
    assert_eq!(health["status"], "degraded");
    let found: Vec<&str> = health["degraded"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(found, ["disk_nearly_full", "sandbox_off", "ffmpeg_missing"]);
    assert_eq!(site.get("/readyz").status, 200);
    // Without a body, and without an error.
    let head = ask(site.address(), "HEAD /healthz HTTP/1.1\r\n", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn a_healthy_site_says_so() {
    let site = Site::start();
    let health = site.get("/healthz");
    assert_eq!((health.status, health.body.as_str()), (200, "{\"status\":\"ok\",\"degraded\":[],\"nobody_at_home\":null,\"levers\":[]}"));
}

#[test]
fn postgresql_is_moved_by_migrate_and_refused_before() {
    let database = testkit::postgres::fresh_database().expect("a database");
    let dir = tempfile::tempdir().expect("a directory");
    let secret = dir.path().join("url");
    std::fs::write(&secret, format!("{database}\n")).expect("a file");
    let config = dir.path().join("site.toml");
    std::fs::write(&config, format!("[database]\nurl_file = \"{}\"\n", secret.display())).expect("a file");
    let config = config.display().to_string();
    let data = dir.path().join("data").display().to_string();
    let (code, _, err) = run(&["serve", "--listen", "127.0.0.1:0", "--config", &config, "--data", &data]);
    assert!(code == 2 && err.contains("handbill migrate"), "{err}");
    let (code, _, err) = run(&["migrate", "--config", &config]);
    assert_eq!(code, 0, "{err}");
    let site = Site::start_with(&["--config", &config], &[]);
    let (link, _) = site.post(&["--text", "On another shelf."]);
    assert!(site.get(&link).body.contains("On another shelf."));
    assert!(!site.data().join("handbill.db").exists());
}

/// Stands between a site and its database, and can stop passing anything on without hanging up: what a database that hangs,
/// or a cable that was pulled out, looks like.
struct Between {
    port: u16,
    frozen: Arc<AtomicBool>,
}

impl Between {
    fn new(socket: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let (port, frozen) = (listener.local_addr().expect("an address").port(), Arc::new(AtomicBool::new(false)));
        let gate = Arc::clone(&frozen);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = UnixStream::connect(&socket) else { continue };
                let (near2, far2) = (near.try_clone().expect("a copy"), far.try_clone().expect("a copy"));
                pass(near, far, Arc::clone(&gate));
                pass(far2, near2, Arc::clone(&gate));
            }
        });
        Self { port, frozen }
    }
}

fn pass(mut from: impl Read + Send + 'static, mut to: impl Write + Send + 'static, frozen: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            while frozen.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(10));
            }
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
    });
}

#[test]
fn a_database_that_hangs_is_told_within_seconds_and_forgotten_when_it_is_back() {
    let database = testkit::postgres::fresh_database().expect("a database");
    let (rest, dir) = database.split_once("?host=").expect("a socket");
    let between = Between::new(format!("{dir}/.s.PGSQL.5432"));
    let url = format!("postgres://postgres@127.0.0.1:{}/{}", between.port, rest.rsplit('/').next().expect("a name"));
    let migrated = handbill(&["migrate"]).env("HANDBILL__DATABASE__URL", &url).output().expect("it starts");
    assert_eq!(said(&migrated).0, 0);
    let mut site = Site::start_with(&[], &[("HANDBILL__DATABASE__URL", &url)]);
    assert_eq!((site.get("/healthz").status, site.get("/readyz").status), (200, 200));
    between.frozen.store(true, Ordering::SeqCst);
    // What was found a moment ago is still good for a second.
    std::thread::sleep(Duration::from_millis(1_100));
    for path in ["/healthz", "/readyz"] {
        let begun = Instant::now();
        let answer = site.get(path);
        assert!(begun.elapsed() < Duration::from_secs(4), "{path} took {:?}", begun.elapsed());
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(path == "/readyz" || answer.body.contains("\"status\":\"down\"") && answer.body.contains("database_down"), "{answer:?}");
    }
    between.frozen.store(false, Ordering::SeqCst);
    until("it is well again", Duration::from_secs(30), || site.get("/healthz").body.contains("\"status\":\"ok\""));
    // Nothing was left that could hold up the end.
    site.signal(Signal::TERM);
    assert_eq!(site.ended(Duration::from_secs(30)).code(), Some(0), "{}", site.log());
}

#[test]
fn sqlite_needs_no_migration() {
    let (code, _, err) = run(&["migrate"]);
    assert!(code == 0 && err.contains("nothing to do"), "{err}");
}

#[test]
fn it_says_what_it_is_and_what_it_can_do() {
    let (code, out, _) = run(&["--version"]);
    assert_eq!((code, out.trim()), (0, concat!("handbill ", env!("CARGO_PKG_VERSION"))));
    let (code, out, _) = run(&["--help"]);
    assert!(code == 0 && ["serve", "migrate", "post", "doctor"].iter().all(|command| out.contains(command)), "{out}");
    assert!(!out.contains("media-child"), "{out}");
    assert_eq!(run(&["no-such-command"]).0, 2);
}

#[test]
fn what_a_command_left_that_was_killed_long_ago_goes_when_the_site_starts() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut site = Site::start_in(dir, &[], &[]);
    let left = ["beside-old", "beside-new"].map(|name| site.data().join(name));
    for folder in &left {
        std::fs::create_dir_all(folder.join("in")).expect("a folder");
    }
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    std::fs::File::open(&left[0]).and_then(|folder| folder.set_modified(long_ago)).expect("its time");
    site.signal(rustix::process::Signal::KILL);
    site.ended(SOON);
    let _again = Site::start_in(std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory")), &[], &[]);
    assert_eq!(left.map(|folder| folder.exists()), [false, true], "somebody may still work in the newer one");
}
