//! `handbill post`: what a poster at a terminal sees, and what the site keeps of it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
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
    let (code, out, err) = run(&["post", river, "--server", &stranger(100_000, "")]);
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
fn what_comes_from_a_pipe_is_posted_and_a_poster_that_stops_leaves_nothing() {
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
    let idle = || site.get("/healthz").status == 200 && files(&site.data().join("work")).is_empty();
    until("the photo is prepared", SOON, || idle() && files(&objects).iter().any(|file| file.to_string_lossy().contains("/blob/")));
    until("the upload is cleared away", SOON, || !files(&objects).iter().any(|file| file.to_string_lossy().contains("/staged/")));
    let before = files(&objects).len();

    let mut half = begin();
    let mut pipe = half.stdin.take().expect("a pipe");
    pipe.write_all(&kite).and_then(|()| pipe.write_all(&vec![0; 1 << 20])).expect("it reads");
    until("the site has begun to write", SOON, || files(&objects).len() > before);
    half.kill().expect("it runs");
    half.wait().expect("it ends");
    until("nothing is left of it", SOON, || files(&objects).len() == before);
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
