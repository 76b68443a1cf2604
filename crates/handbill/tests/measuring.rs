//! The metrics of a running site, scraped as Prometheus does.

use std::time::Duration;

use crate::material::{junk, photo};
use crate::site::{Site, ask, free_port, run, until};

#[test]
fn what_is_scraped_tells_what_happened_and_holds_no_id_and_no_secret() {
    let metrics = format!("127.0.0.1:{}", free_port());
    // One wrong guess, and no more of this machine's single address.
    let fair_use = [("HANDBILL__FAIR_USE__MANAGE_GUESSES_PER_HOUR", "1"), ("HANDBILL__FAIR_USE__TIMES_IPV4_ADDRESS", "1")];
    let site = Site::start_with(&[], &[&[("HANDBILL__SERVER__METRICS_LISTEN", metrics.as_str())][..], &fair_use].concat());
    let (kite, notes) = (photo(site.dir.path()), junk(site.dir.path()));
    run(&["post", "--server", &site.url, notes.to_str().expect("a path")]);
    let (link, manage) = site.post(&["--title", "Kites", kite.to_str().expect("a path")]);
    for path in [&link, &manage, &format!("{link}.json"), &"/no/such/thing".to_owned()] {
        site.get(path);
    }
    assert_eq!([404, 429].map(|_| site.get(&format!("{manage}x")).status), [404, 429]);
    let scrape = || {
        let answer = ask(&metrics, "GET /metrics HTTP/1.1\r\n", b"");
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("text/plain; version=0.0.4"), "{}", answer.head);
        answer.body
    };
    let read = || serde_json::from_str::<serde_json::Value>(&site.get(&format!("{link}.json")).body).expect("it is JSON");
    until("the photo is prepared", Duration::from_secs(20), || read()["state"] == "live");
    let medium = read()["media"][0]["original"]["url"].as_str().expect("an original").to_owned();
    assert_eq!(site.get(&medium).status, 200);
    let text = scrape();
    // Each measure once, with its meaning before it, as the format wants it.
    let samples: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    for sample in &samples {
        let (name, value) = sample.rsplit_once(' ').expect("a name and a value");
        assert!(value.parse::<f64>().is_ok(), "{sample}");
        let name = name.split('{').next().expect("a name");
        let family = name.trim_end_matches("_bucket").trim_end_matches("_sum").trim_end_matches("_count");
        assert!(text.contains(&format!("# HELP {family} ")) && text.contains(&format!("# TYPE {family} ")), "{name} is not explained");
    }
    let value = |name: &str| samples.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse::<f64>().ok());
    let requests = |route, method, status: u16| {
        value(&format!("handbill_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}"))
    };
    assert_eq!(requests("/api/v1/posts", "POST", 201), Some(1.0), "{text}");
    assert_eq!(requests("/api/v1/uploads/{id}", "PATCH", 415), Some(1.0));
    assert_eq!(requests("/{id}/manage/{secret}", "GET", 200), Some(1.0));
    assert_eq!(requests("/m/{media_id}/{name}", "GET", 200), Some(1.0));
    assert_eq!(requests("(none)", "GET", 404), Some(1.0));
    assert_eq!(value("handbill_posts_published_total"), Some(1.0));
    assert_eq!(value("handbill_files_refused_total{problem=\"not_media\"}"), Some(1.0));
    assert_eq!(value("handbill_media_prepare_duration_seconds_count{kind=\"photo\",outcome=\"ready\"}"), Some(1.0));
    assert!(value("handbill_http_received_bytes_total").is_some_and(|bytes| bytes > 1_000.0));
    assert_eq!(value("handbill_over_budget_total{budget=\"manage_guess\"}"), Some(1.0));
    assert_eq!(value("handbill_database_up"), Some(1.0));
    assert_eq!(value("handbill_jobs{lane=\"media\",state=\"dead\"}"), Some(0.0));
    assert!(value("handbill_disk_free_bytes").is_some_and(|bytes| bytes > 0.0));

    let id = link.trim_start_matches('/');
    let secret = manage.rsplit('/').next().expect("a secret");
    let media_id = medium.split('/').nth(2).expect("an id");
    for private in [id, secret, media_id, "Kites", "kite.jpg", "notes", "no/such/thing"] {
        assert!(!text.contains(private), "{private}\n{text}");
    }
    // The site itself does not show them.
    assert_eq!(site.get("/metrics").status, 404);
}
