//! `handbill post`: what a poster at a terminal sees, and what the site keeps of it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::material::{film, junk, photo};
use crate::site::{Site, files, handbill, memory, run, said, until};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn files_and_words_become_a_post_with_two_links() {
    let site = Site::start();
    let (kite, river) = (photo(site.dir.path()), film(site.dir.path(), 0));
    let (link, manage) = site.post(&[
        kite.to_str().expect("a path"),
        river.to_str().expect("a path"),
        "--title",
        "Kites",
        "--text",
        "Over the *river*.",
        "--caption",
        "A kite",
        "--alt",
        "a red kite",
        "--alt",
        "a wide river",
        "--language",
        "en",
        "--expires",
        "7d",
        "--listed",
        "--sensitive",
    ]);
    assert!(manage.starts_with(&format!("{link}/manage/")), "{manage}");
    assert_eq!(site.get(&manage).status, 200);
    let read = || serde_json::from_str::<serde_json::Value>(&site.get(&format!("{link}.json")).body).expect("it is JSON");
    let post = read();
    assert_eq!((&post["title"], &post["text"], &post["language"]), (&"Kites".into(), &"Over the *river*.".into(), &"en".into()));
    assert_eq!((&post["listed"], &post["sensitive"], post["expires"].is_string()), (&true.into(), &true.into(), true));
    assert_eq!((&post["media"][0]["caption"], &post["media"][0]["alt"]), (&"A kite".into(), &"a red kite".into()));
    assert_eq!((&post["media"][1]["caption"], &post["media"][1]["alt"]), (&serde_json::Value::Null, &"a wide river".into()));
    until("both can be seen", SOON, || read()["state"] == "live");
    assert_eq!((&read()["media"][0]["kind"], &read()["media"][1]["kind"]), (&"photo".into(), &"video".into()));
}

#[test]
fn a_line_is_all_that_programs_get() {
    let site = Site::start();
    let (kite, notes) = (photo(site.dir.path()), junk(site.dir.path()));
    let (kite, notes) = (kite.to_str().expect("a path"), notes.to_str().expect("a path"));
    let (code, out, err) = run(&["post", "--json", "--server", &site.url, notes, kite]);
    assert_eq!(code, 0, "{err}");
    let line: serde_json::Value = serde_json::from_str(&out).expect("one line of JSON");
    assert!(line["url"].as_str().is_some_and(|url| url.starts_with(&site.url)), "{out}");
    assert!(line["manage_url"].as_str().is_some_and(|url| url.contains("/manage/")), "{out}");
    assert_eq!(line["refused"], serde_json::json!([{"name": "notes.bin", "problem": "not_media"}]));
    let (code, out, _) = run(&["post", "--json", "--server", &site.url, notes]);
    let line: serde_json::Value = serde_json::from_str(&out).expect("one line of JSON");
    assert_eq!((code, &line["url"], &line["refused"][0]["problem"]), (1, &serde_json::Value::Null, &"not_media".into()));
}

#[test]
fn words_come_from_standard_input_and_only_words() {
    let site = Site::start();
    let post = |bytes: &[u8]| {
        let mut child = handbill(&["post", "-", "--server", &site.url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        child.stdin.take().expect("a pipe").write_all(bytes).expect("it reads");
        said(&child.wait_with_output().expect("it ends"))
    };
    let (code, out, err) = post("سماء *زرقاء*\n".as_bytes());
    assert_eq!((code, err.as_str()), (0, ""));
    let link = out.lines().next().and_then(|line| line.strip_prefix(&site.url)).expect("a link");
    assert!(site.get(link).body.contains("سماء"));
    let (code, out, err) = post(b"\xff\xd8\xff\xe0 a photo");
    assert!((code, out.as_str()) == (2, "") && err.contains("not UTF-8"), "{err}");
    let (code, _, err) = post(b"");
    assert!(code == 1 && err.contains("nothing was posted"), "{err}");
}

#[test]
fn a_refused_file_is_told_and_the_rest_is_posted() {
    let site = Site::start();
    let (kite, notes) = (photo(site.dir.path()), junk(site.dir.path()));
    let (kite, notes) = (kite.to_str().expect("a path"), notes.to_str().expect("a path"));
    let (code, out, err) = run(&["post", notes, kite, "--server", &site.url]);
    assert_eq!((code, out.lines().count()), (0, 2), "{out}{err}");
    assert_eq!(err, "! notes.bin: is neither a photo nor a video\n");
    let (code, out, err) = run(&["post", notes, "--server", &site.url]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("! notes.bin: ") && err.contains("nothing was posted"), "{err}");
    let (code, _, err) = run(&["post", kite, "--expires", "soon", "--server", &site.url]);
    assert!(code == 1 && err.contains("nothing was posted: ") && err.contains("never"), "{err}");
}

#[test]
fn how_much_would_be_taken_is_told_of_a_file_that_is_too_large() {
    let site = Site::start_with(&[], &[("HANDBILL__LIMITS__FILE_BYTES", "150000")]);
    let river = film(site.dir.path(), 1 << 20);
    let (code, _, err) = run(&["post", river.to_str().expect("a path"), "--text", "The river.", "--server", &site.url]);
    assert_eq!(code, 0, "{err}");
    assert!(err.ends_with("has more bytes than the site takes (at most 150.00 kB)\n"), "{err}");
}

#[test]
fn what_cannot_be_read_is_told_before_anything_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    let kite = photo(dir.path());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it can");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let output = handbill(&["post", "missing.jpg", kite.to_str().expect("a path"), "."]).env("HANDBILL_SERVER", server).output();
    let (code, out, err) = said(&output.expect("it starts"));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("nothing was sent") && err.contains("missing.jpg: No such file") && err.contains(".: is a directory"), "{err}");
    assert!(!err.contains("kite.jpg"), "{err}");
    assert_eq!(listener.accept().expect_err("nobody called").kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn no_site_there_is_told_with_its_address() {
    let (code, out, err) = run(&["post", "--text", "Hello", "--server", "http://127.0.0.1:1"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no connection to http://127.0.0.1:1/") && err.contains("Connection refused"), "{err}");
    let (code, _, err) = run(&["post", "--text", "Hello", "--server", "kites.example"]);
    assert!(code == 2 && err.contains("https://kites.example"), "{err}");
    assert_eq!(run(&["post"]).0, 2, "nothing to post");
}

/// Answers one request with `answer` after it has read `most` bytes of it, and hangs up.
fn stranger(most: usize, answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody calls");
        let mut read = 0;
        while read < most {
            match stream.read(&mut [0; 4096]) {
                Ok(0) | Err(_) => break,
                Ok(more) => read += more,
            }
        }
        drop(stream.write_all(answer.as_bytes()));
    });
    url
}

#[test]
fn a_site_that_goes_away_or_is_none_is_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let river = film(dir.path(), 50 << 20);
    let river = river.to_str().expect("a path");
    let (code, out, err) = run(&["post", river, "--server", &stranger(1, "")]);
    assert!((code, out.as_str()) == (2, "") && err.contains("broke off"), "{err}");
    let moved = "HTTP/1.1 301 Moved Permanently\r\nLocation: https://kites.example/\r\nContent-Length: 0\r\n\r\n";
    let (code, _, err) = run(&["post", "--text", "a", "--server", &stranger(1, moved)]);
    assert!(code == 2 && err.contains("try --server https://kites.example/"), "{err}");
    let other = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello";
    let (code, _, err) = run(&["post", "--text", "a", "--server", &stranger(1, other)]);
    assert!(code == 2 && err.contains("not as a Handbill site does"), "{err}");
    let full = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 2\r\n\r\n{}";
    let (code, _, err) = run(&["post", "--text", "a", "--server", &stranger(1, full)]);
    assert!(code == 2 && err.contains("try again later (in 30 s)"), "{err}");
}

#[test]
fn what_comes_from_a_pipe_is_posted_and_half_of_it_is_not() {
    let site = Site::start();
    let kite = std::fs::read(photo(site.dir.path())).expect("a photo");
    let begin = || {
        let mut command = handbill(&["post", "/dev/stdin", "--server", &site.url]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let mut whole = begin();
    whole.stdin.take().expect("a pipe").write_all(&kite).expect("it reads");
    let (code, out, err) = said(&whole.wait_with_output().expect("it ends"));
    assert_eq!((code, out.lines().count()), (0, 2), "{err}");
    let objects = site.data().join("objects");
    let settled =
        || files(&site.data().join("work")).is_empty() && files(&objects).iter().any(|file| file.to_string_lossy().contains("/blob/"));
    until("the photo is prepared", SOON, settled);
    until("the upload is cleared away", SOON, || !files(&objects).iter().any(|file| file.to_string_lossy().contains("/staged/")));
    let before = files(&objects).len();
    let mut half = begin();
    let mut pipe = half.stdin.take().expect("a pipe");
    pipe.write_all(&kite[..kite.len() / 2]).expect("it reads");
    half.kill().expect("it runs");
    half.wait().expect("it ends");
    assert_eq!(files(&objects).len(), before);
}

/// A photo or film that a site is sent slowly: `handbill post` behind a line of about `rate` bytes a second.
fn slow_line(to: &str, rate: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let to = to.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = std::net::TcpStream::connect(&to) else { continue };
            let (mut up, mut down) = ((client.try_clone().expect("a copy"), server.try_clone().expect("a copy")), (server, client));
            std::thread::spawn(move || {
                let mut bytes = vec![0; rate / 20];
                while let Ok(read @ 1..) = up.0.read(&mut bytes) {
                    if up.1.write_all(&bytes[..read]).is_err() {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
                drop(up.1.shutdown(std::net::Shutdown::Both));
                drop(up.0.shutdown(std::net::Shutdown::Both));
            });
            std::thread::spawn(move || {
                drop(std::io::copy(&mut down.0, &mut down.1));
                drop(down.1.shutdown(std::net::Shutdown::Both));
            });
        }
    });
    url
}

/// How many bytes of uploads are on the site's disk.
fn arrived(site: &Site) -> u64 {
    let staged = files(&site.data().join("objects")).into_iter().filter(|file| file.to_string_lossy().contains("/staged/"));
    staged.filter_map(|file| file.metadata().ok()).map(|about| about.len()).sum()
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let site = Site::start();
    let state = site.dir.path().join("state");
    let river = film(site.dir.path(), 8 << 20);
    let line = slow_line(site.address(), 4 << 20);
    let post = || {
        let mut command = handbill(&["post", river.to_str().expect("a path"), "--title", "River", "--password", "kite", "--server", &line]);
        command.env("XDG_STATE_HOME", &state).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let mut first = post();
    until("some of it has arrived", SOON, || arrived(&site) > 2 << 20);
    first.kill().expect("it runs");
    first.wait().expect("it ends");
    let notes = files(&state.join("handbill/posts"));
    let notes: Vec<_> = notes.iter().filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
    let [note] = notes[..] else { panic!("{notes:?}") };
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&note.metadata().expect("it is there").permissions()) & 0o777, 0o600);
    let (code, out, err) = said(&post().wait_with_output().expect("it ends"));
    assert_eq!((code, out.lines().count()), (0, 2), "{err}");
    assert!(err.contains("Going on"), "{err}");
    assert!(files(&state.join("handbill/posts")).is_empty(), "nothing is left to go on with");
    let link = out.lines().next().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    let read: serde_json::Value = serde_json::from_str(&site.get(&format!("/{link}.json")).body).expect("it is JSON");
    assert_eq!((&read["state"], &read["asks"]), (&"locked".into(), &"password".into()));
    let manage = out.lines().nth(1).and_then(|manage| manage.strip_prefix(&line)).expect("a manage link").to_owned();
    let whole = || site.get(&manage).body.contains("/m/");
    until("the film can be seen", SOON, whole);
}

/// A line that swallows the first answer to the request that makes the post.
fn forgetful_line(to: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let to = to.to_owned();
    let (asked, swallowed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = std::net::TcpStream::connect(&to) else { continue };
            let (mut up, mut down) = ((client.try_clone().expect("a copy"), server.try_clone().expect("a copy")), (server, client));
            let (asking, asked, swallowed) = (Arc::clone(&asked), Arc::clone(&asked), Arc::clone(&swallowed));
            std::thread::spawn(move || {
                let mut bytes = vec![0; 64 << 10];
                while let Ok(read @ 1..) = up.0.read(&mut bytes) {
                    if String::from_utf8_lossy(&bytes[..read]).contains("POST /api/v1/posts ") {
                        asking.store(true, Ordering::SeqCst);
                    }
                    if up.1.write_all(&bytes[..read]).is_err() {
                        break;
                    }
                }
                drop(up.1.shutdown(std::net::Shutdown::Both));
            });
            std::thread::spawn(move || {
                let mut bytes = vec![0; 64 << 10];
                while let Ok(read @ 1..) = down.0.read(&mut bytes) {
                    if asked.load(Ordering::SeqCst) && !swallowed.swap(true, Ordering::SeqCst) {
                        break;
                    }
                    if down.1.write_all(&bytes[..read]).is_err() {
                        break;
                    }
                }
                drop(down.1.shutdown(std::net::Shutdown::Both));
            });
        }
    });
    url
}

#[test]
fn an_answer_that_is_lost_on_the_way_makes_no_second_post() {
    let metrics = format!("127.0.0.1:{}", crate::site::free_port());
    let site = Site::start_with(&[], &[("HANDBILL__SERVER__METRICS_LISTEN", metrics.as_str())]);
    let kite = photo(site.dir.path());
    let (code, out, err) = run(&["post", kite.to_str().expect("a path"), "--server", &forgetful_line(site.address())]);
    assert_eq!((code, out.lines().count()), (0, 2), "{err}");
    assert!(err.contains("Waiting for the site"), "the answer was lost: {err}");
    let text = crate::site::ask(&metrics, "GET /metrics HTTP/1.1\r\n", b"").body;
    assert!(text.contains("handbill_posts_published_total 1\n"), "{text}");
    let link = out.lines().next().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    assert_eq!(site.get(&format!("/{link}")).status, 200);
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_not_posted() {
    let site = Site::start();
    let river = film(site.dir.path(), 8 << 20);
    let line = slow_line(site.address(), 2 << 20);
    let arguments = ["post", river.to_str().expect("a path"), "--server", &line];
    let child = handbill(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_millis(1_500));
    let mut file = std::fs::File::options().append(true).open(&river).expect("the film");
    file.write_all(b"more").expect("it is written");
    let (code, out, err) = said(&child.wait_with_output().expect("it ends"));
    assert!((code, out.as_str()) == (2, "") && err.contains("river.mp4 changed while it was being sent"), "{err}");
}

#[test]
fn a_field_that_is_wrong_everywhere_is_told_before_anything_is_sent() {
    for wrong in [["--expires", "soon"], ["--views", "0"], ["--language", "<script>"], ["--password", &"x".repeat(201)]] {
        let (code, out, err) = run(&[&["post", "--text", "Hello", "--server", "http://127.0.0.1:1"][..], &wrong].concat());
        assert!((code, out.as_str()) == (1, "") && err.contains("nothing was posted: "), "{wrong:?}: {err}");
    }
    assert_eq!(run(&["post", "--text", "Hello", "--listed", "--unlisted"]).0, 2);
}

#[test]
fn a_site_that_is_started_anew_in_the_middle_loses_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let river = film(dir.path(), 8 << 20);
    let port = crate::site::free_port();
    let listen = format!("127.0.0.1:{port}");
    let mut site = Site::start_in(tempfile::tempdir().expect("a directory"), &["--listen", &listen], &[]);
    let line = slow_line(&listen, 4 << 20);
    let arguments = ["post", river.to_str().expect("a path"), "--views", "2", "--server", &line];
    let child = handbill(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    until("some of it has arrived", SOON, || arrived(&site) > 2 << 20);
    site.child.kill().expect("it runs");
    site.child.wait().expect("it ends");
    let kept = std::mem::replace(&mut site.dir, tempfile::tempdir().expect("a directory"));
    let again = Site::start_in(kept, &["--listen", &listen], &[]);
    let (code, out, err) = said(&child.wait_with_output().expect("it ends"));
    assert_eq!((code, out.lines().count()), (0, 2), "{err}");
    let link = out.lines().next().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    let read: serde_json::Value = serde_json::from_str(&again.get(&format!("/{link}.json")).body).expect("it is JSON");
    assert_eq!((&read["state"], &read["asks"]), (&"locked".into(), &"press".into()));
}

#[test]
fn memory_stays_flat_on_both_ends_of_a_large_upload() {
    let site = Site::start();
    let river = film(site.dir.path(), 300 << 20);
    // Everything that is made once is made by the first post.
    site.post(&["--text", "Hello"]);
    let idle = site.memory("VmRSS");
    let mut child =
        handbill(&["post", river.to_str().expect("a path"), "--server", &site.url]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut client = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        client = client.max(memory(child.id(), "VmHWM").unwrap_or_default());
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, out, _) = said(&child.wait_with_output().expect("it ends"));
    assert_eq!((code, out.lines().count()), (0, 2));
    let server = site.memory("VmHWM").saturating_sub(idle);
    assert!(server <= 64 << 20, "the server took {} MiB above idle", server >> 20);
    assert!(client <= 64 << 20, "the client took {} MiB", client >> 20);
}
