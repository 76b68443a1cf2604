//! What there is of what an order names, in words: facts about posts and files and what is not held, never what they show or say.

use app::{Held, HeldMedium, HeldState, Holding};

use crate::locale::Locale;

/// The answer to an order to provide information, for whoever sends it to look over and change.
pub(crate) fn words(locale: Locale, all: &[Holding]) -> String {
    let mut lines = vec![locale.text("holdings-we-hold").into_owned()];
    for holding in all {
        lines.push(String::new());
        lines.push(holding.url.clone());
        match &holding.held {
            Held::Nothing => lines.push(said(locale, "holdings-nothing", &[])),
            Held::Gone => lines.push(said(locale, "holdings-gone", &[])),
            Held::Post(post) => {
                lines.push(said(locale, "holdings-post", &[("id", post.id.to_string()), ("time", locale.date_time(post.created))]));
                if let Some(edited) = post.edited {
                    lines.push(said(locale, "holdings-edited", &[("time", locale.date_time(edited))]));
                }
                if let Some(end) = post.expires {
                    lines.push(said(locale, "holdings-expires", &[("time", locale.date_time(end))]));
                }
                if let Some(language) = &post.language {
                    lines.push(said(locale, "holdings-language", &[("language", language.as_str().to_owned())]));
                }
                lines.push(state(locale, post.state));
                lines.push(locale.with("holdings-media", &[("media", post.media.len().into())]));
                lines.extend(post.media.iter().map(|medium| file(locale, medium)));
            }
        }
    }
    lines.push(String::new());
    lines.push(locale.text("holdings-not-held").into_owned());
    lines.join("\n")
}

fn file(locale: Locale, medium: &HeldMedium) -> String {
    let facts = match &medium.file {
        Some((content_type, bytes, digest)) => {
            format!("{content_type}, {}, SHA-256 {}", locale.size(u64::try_from(*bytes).unwrap_or_default()), hex(digest))
        }
        None => locale.text("holdings-no-file").into_owned(),
    };
    let others: String =
        medium.others.iter().map(|digest| format!("; {} SHA-256 {}", locale.text("holdings-as-arrived"), hex(digest))).collect();
    format!("- {} ({facts}{others}): {}", medium.id, state(locale, medium.state))
}

fn state(locale: Locale, state: HeldState) -> String {
    match state {
        HeldState::Public => said(locale, "holdings-public", &[]),
        HeldState::Locked => said(locale, "holdings-locked", &[]),
        HeldState::Hidden => said(locale, "holdings-hidden", &[]),
        HeldState::Removed { at, until } => {
            said(locale, "holdings-removed", &[("time", locale.date_time(at)), ("until", locale.date_time(until))])
        }
        HeldState::Preserved { at, until: Some(until) } => {
            said(locale, "holdings-preserved", &[("time", locale.date_time(at)), ("until", locale.date_time(until))])
        }
        HeldState::Preserved { at, until: None } => said(locale, "holdings-preserved-open", &[("time", locale.date_time(at))]),
        HeldState::Destroyed(at) => said(locale, "holdings-destroyed", &[("time", locale.date_time(at))]),
    }
}

fn said(locale: Locale, key: &'static str, arguments: &[(&'static str, String)]) -> String {
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.clone().into())).collect();
    locale.with(key, &arguments)
}

fn hex(digest: &[u8; 32]) -> String {
    hex::encode(digest)
}

#[cfg(test)]
mod tests {
    use app::HeldPost;
    use domain::{Language, MediaId, MediaKind, PostId, Time};

    use super::*;

    #[test]
    fn what_there_is_is_told_by_its_facts_and_what_there_is_not_too() {
        let medium = HeldMedium {
            id: MediaId::from_random([1; 16]),
            kind: Some(MediaKind::Photo),
            state: HeldState::Removed { at: Time(1_795_487_400_000), until: Time(1_797_487_400_000) },
            file: Some(("image/jpeg".into(), 31_022, [0xab; 32])),
            others: vec![[0xcd; 32]],
        };
        let post = HeldPost {
            id: PostId::from_random([2; 16]),
            created: Time(1_795_487_400_000),
            edited: None,
            expires: Some(Time(1_797_487_400_000)),
            language: Language::parse("ar"),
            state: HeldState::Public,
            media: vec![medium],
        };
        let all = [
            Holding { url: "https://kites.example/a".into(), held: Held::Post(Box::new(post)) },
            Holding { url: "https://elsewhere.example/b".into(), held: Held::Nothing },
            Holding { url: "https://kites.example/c".into(), held: Held::Gone },
        ];
        for locale in Locale::ALL.iter().copied() {
            let words = words(locale, &all);
            for told in ["https://kites.example/a", "image/jpeg", &"ab".repeat(32), &"cd".repeat(32), "https://kites.example/c"] {
                assert!(words.contains(told), "{told} in {words}");
            }
            assert!(!words.contains("holdings-") && !words.contains('{'), "{words}");
        }
    }
}
