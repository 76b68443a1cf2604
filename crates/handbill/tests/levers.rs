//! `handbill lever`: an operator pulls a lever beside a site that runs, and the site follows.

use std::time::{Duration, Instant};

use crate::site::{Site, run};

fn health(site: &Site) -> serde_json::Value {
    serde_json::from_str(&site.get("/healthz").body).expect("JSON")
}

#[test]
fn a_lever_is_pulled_beside_a_site_that_runs_is_told_on_healthz_and_let_go() {
    let site = Site::start();
    let data = site.data();
    let data = data.to_str().expect("a path");
    let lever = |more: &[&str]| run(&[&["lever"], more, &["--data", data]].concat());
    let (code, out, err) = lever(&["list"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("nothing is pulled"), "{err}");
    let (code, _, err) = lever(&["set", "no-links", "--for", "90m"]);
    assert_eq!(code, 0, "{err}");
    let begun = Instant::now();
    while health(&site)["levers"].as_array().is_none_or(Vec::is_empty) {
        assert!(begun.elapsed() < Duration::from_secs(10), "the site follows");
        std::thread::sleep(Duration::from_millis(100));
    }
    let told = &health(&site)["levers"][0];
    assert_eq!((told["lever"].as_str(), told["source"].as_str()), (Some("no_links"), Some("operator")));
    assert!(told["until"].as_str().is_some_and(|until| until.ends_with('Z')), "{told}");
    let (code, out, _) = lever(&["list", "--json"]);
    let line: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, line["lever"].as_str(), &line["until"]), (0, Some("no_links"), &told["until"]));
    assert_eq!(lever(&["clear", "no_links"]).0, 0);
    let (code, _, err) = lever(&["clear", "no_links"]);
    assert_eq!(code, 1);
    assert!(err.contains("it is not pulled"), "{err}");
    let begun = Instant::now();
    while health(&site)["levers"].as_array().is_none_or(|levers| !levers.is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(10), "the site follows");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_is_no_lever_or_no_time_is_told() {
    for (more, told) in [
        (&["set", "no_kites"][..], "slow_mode, hold_uploads, hold_fresh, no_videos, no_links, read_only"),
        (&["set", "read_only", "--for", "31d"], "up to 30d"),
        (&["set", "read_only", "--for", "0h"], "such as 90m"),
        (&["set", "read_only", "--for", "always"], "such as 90m"),
    ] {
        let (code, _, err) = run(&[&["lever"], more].concat());
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(told), "{told} in {err}");
    }
}
