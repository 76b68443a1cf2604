//! Media among the words of their post: where they stand on its page, and what they are called where its words go without it.

use app::PostView;
use domain::MediaId;
use domain::placed::Named;

use crate::pages::{Medium, Piece};

/// How [`app`] marks the place of a medium in a post's HTML; no letter of what a poster wrote can begin it.
const MARK: (&str, &str) = ("<figure data-medium=\"", "\"></figure>");

/// A post's words, with its media in their places. What was removed since leaves no gap.
pub(crate) fn words(html: &str, media: &mut [Medium]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut parts = html.split(MARK.0);
    pieces.extend(parts.next().filter(|words| !words.is_empty()).map(|words| Piece::Words(words.to_owned())));
    for part in parts {
        let (id, words) = part.split_once(MARK.1).unwrap_or(("", part));
        if let Some(at) = media.iter().position(|medium| medium.id == id && !medium.placed)
            && let Some(medium) = media.get_mut(at)
        {
            medium.placed = true;
            pieces.push(Piece::Medium(at));
        }
        // Without words between them, two pieces of HTML are one.
        match pieces.last_mut() {
            Some(Piece::Words(before)) => before.push_str(words),
            _ if words.trim().is_empty() => {}
            _ => pieces.push(Piece::Words(words.to_owned())),
        }
    }
    pieces
}

/// The title and the words, where each medium is called what `address` says; one that has no address, or is not there, leaves its words.
pub(crate) fn markdown(view: &PostView, address: impl Fn(&MediaId) -> Option<String>) -> String {
    let text = app::renamed(&view.post.text, |named, words| {
        let own = match named {
            Named::Id(id) => address(id),
            Named::Number(_) => None,
        };
        own.map_or_else(|| words.to_owned(), |address| format!("![{words}]({address})"))
    });
    match &view.post.title {
        Some(title) => format!("# {}\n\n{text}\n", unmarked(title)),
        None => format!("{text}\n"),
    }
}

/// A line of plain words as Markdown: what would be a mark is one no longer.
fn unmarked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for letter in line.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '|') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::MediumBody;

    fn medium(id: &str) -> Medium {
        Medium { id: id.into(), number: 1, body: MediumBody::Processing(None), caption: None, alt: None, placed: false }
    }

    #[test]
    fn media_stand_in_their_places_once_and_what_is_gone_leaves_no_gap() {
        let figure = |id: &str| format!("{}{id}{}\n", MARK.0, MARK.1);
        let html = format!("<p>One</p>\n{}{}<p>Two</p>\n{}<p>Three</p>\n{}", figure("a"), figure("gone"), figure("b"), figure("a"));
        let mut media = [medium("a"), medium("b"), medium("c")];
        let told: Vec<_> = words(&html, &mut media)
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(html) => html.replace('\n', ""),
                Piece::Medium(at) => at.to_string(),
            })
            .collect();
        assert_eq!(told, ["<p>One</p>", "0", "<p>Two</p>", "1", "<p>Three</p>"]);
        assert_eq!(media.map(|medium| medium.placed), [true, true, false]);
        assert!(words("", &mut [medium("a")]).is_empty());
    }
}
