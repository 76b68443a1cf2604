//! What a site writes down: enough for its operator, and nothing personal (docs/logging.md).

use std::io::{Read as _, Write as _};
use std::time::Duration;

use crate::material::{junk, photo};
use crate::site::{Site, ask, run, until};

/// A whole life of a post and every kind of bad request, with the most that can be logged.
fn life(level: &str, format: &str) -> (String, Vec<(&'static str, String)>) {
    let mut site = Site::start_with(
        &[],
        &[
            ("RUST_LOG", level),
            ("HANDBILL__LOG__FORMAT", format),
            ("HANDBILL__SERVER__TRUSTED_PROXIES", "127.0.0.1"),
            ("HANDBILL__FAIR_USE__POSTS_PER_HOUR", "4"),
        ],
    );
    let dir = site.dir.path().to_owned();
    let kite = dir.join("aunt-irena.jpg");
    std::fs::rename(photo(&dir), &kite).expect("it is renamed");
    let (link, manage) = site.post(&[
        kite.to_str().expect("a path"),
        "--title",
        "Irena's birthday",
        "--text",
        "We met at the old harbour.",
        "--caption",
        "Irena with the red kite",
    ]);
    run(&["post", "--server", &site.url, junk(&dir).to_str().expect("a path")]);
    // A photo by its first bytes only: refused by the child, whose words are logged.
    let broken = dir.join("torn-letter.jpg");
    std::fs::write(&broken, b"\xff\xd8\xff\xe0 and nothing more").expect("a file");
    site.post(&[broken.to_str().expect("a path")]);
    let read = || serde_json::from_str::<serde_json::Value>(&site.get(&format!("{link}.json")).body).expect("it is JSON");
    until("the photo is prepared", Duration::from_secs(20), || read()["state"] == "live");
    let original = read()["media"][0]["original"]["url"].as_str().expect("an original").to_owned();
    let browser = |head: &str, body: &[u8]| {
        ask(
            site.address(),
            &format!("{head}User-Agent: Teapot/7\r\nX-Forwarded-For: 192.0.2.77\r\nReferer: http://elsewhere.example/\r\n"),
            body,
        )
    };
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    browser(&format!("GET {link} HTTP/1.1\r\n"), b"");
    browser(&format!("GET {original} HTTP/1.1\r\n"), b"");
    browser(&format!("GET {manage} HTTP/1.1\r\n"), b"");
    browser(&format!("GET {manage}x HTTP/1.1\r\n"), b"");
    browser(&format!("POST {manage} HTTP/1.1\r\n{form}"), b"title=Irena%27s+day&text=The+lighthouse+was+shut.");
    browser("GET /nobody-knows-this HTTP/1.1\r\n", b"");
    browser("POST / HTTP/1.1\r\nContent-Type: text/plain\r\n", b"no form at all");
    browser(
        "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n",
        b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ncut",
    );
    browser(&format!("POST {manage}/delete HTTP/1.1\r\n{form}"), b"confirm=1");
    // Fair use counts by address, and a web server before the site is believed about one.
    let form = "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n";
    let words = b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nMore of Irena's words\r\n--x--\r\n";
    let spent = (0..60).any(|_| browser(form, words).status == 429);
    assert!(spent, "a budget ends");
    let mut stream = std::net::TcpStream::connect(site.address()).expect("it listens");
    stream.write_all(b"no HTTP from teapot-lovers\r\n\r\n").and_then(|()| stream.read_to_end(&mut Vec::new())).expect("it is hung up on");
    assert_eq!(site.get(&link).status, 410, "it was deleted");
    site.signal(rustix::process::Signal::TERM);
    site.ended(Duration::from_secs(20));
    let part = |path: &str, number: usize| path.split('/').nth(number).expect("a part").to_owned();
    let mut private = vec![
        ("the manage secret", part(&manage, 3)),
        ("an address", "127.0.0.1".to_owned()),
        ("a forwarded address", "192.0.2.77".to_owned()),
        ("a user agent", "Teapot".to_owned()),
        ("the command line's user agent", concat!("handbill/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("a referrer", "elsewhere.example".to_owned()),
        ("a path", "nobody-knows-this".to_owned()),
    ];
    for words in
        ["birthday", "Irena", "irena", "harbour", "red kite", "lighthouse", "torn-letter", "notes.bin", "no form at all", "teapot-lovers"]
    {
        private.push(("words or a name", words.to_owned()));
    }
    private.push(("a post's id", part(&link, 1)));
    private.push(("a medium's id", part(&original, 2)));
    (site.log(), private)
}

#[test]
fn nothing_personal_is_written_down_however_much_is_asked_for() {
    for (level, format) in [("trace", "text"), ("trace", "json")] {
        let (log, private) = life(level, format);
        assert!(log.contains("DELETE FROM posts"), "the libraries' own words are not there: {log}");
        for (what, words) in private {
            // Ids are for those who ask for them by this level.
            if !what.ends_with("'s id") {
                assert!(
                    !log.contains(&words),
                    "{what} ({words}) in: {}",
                    log.lines().find(|line| line.contains(&words)).unwrap_or_default()
                );
            }
        }
    }
}

#[test]
fn the_default_level_names_no_post_either_and_json_is_one_object_a_line() {
    let (log, private) = life("info", "json");
    for (what, words) in private {
        assert!(!log.contains(&words), "{what} ({words}) in {log}");
    }
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    assert!(
        lines.iter().any(|line| line["level"] == "INFO" && line["message"] == "a file was refused" && line["problem"] == "corrupt"),
        "{log}"
    );
}

#[test]
fn a_level_that_is_none_stops_the_start() {
    let output = crate::site::handbill(&["serve"]).env("HANDBILL__LOG__LEVEL", "info,app=loud").output().expect("it starts");
    let (code, _, err) = crate::site::said(&output);
    assert!(code == 2 && err.contains("log.level") && err.contains("app=loud"), "{err}");
}
