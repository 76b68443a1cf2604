//! Known texts, and which of them a text is nearly.

use std::collections::HashMap;

use super::{Near, Text, best, judge_letters, judge_words};
use crate::sets::Sets;

/// Known texts under ids of the caller's. A clone costs next to nothing and stays as it is when the other one grows.
///
/// What is found is what [`Text::near`] says of each text, except that of texts with more than [`MOST`](super::MOST) shingles some
/// numbers are estimates. An id stands for one text.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// By how far the texts were thinned.
    words: Vec<(u8, Sets)>,
    letters: Sets,
}

impl Texts {
    /// Learns a text.
    pub fn add(&mut self, id: u64, text: &Text) {
        let scale = text.words.scale;
        let place = self.words.iter().position(|(own, _)| *own == scale).unwrap_or_else(|| {
            self.words.push((scale, Sets::default()));
            self.words.len() - 1
        });
        if !text.words.members.is_empty() {
            self.words[place].1.add(id, &text.words.members);
        }
        if !text.letters.is_empty() {
            self.letters.add(id, &text.letters);
        }
    }

    /// The texts that this upload is nearly, the nearest first.
    ///
    /// The time grows with the length of the upload, and with how many of its shingles the known texts have in all.
    #[must_use]
    pub fn near(&self, upload: &Text) -> Vec<(u64, Near)> {
        let mut found: HashMap<u64, Near> = HashMap::new();
        let mut add = |id, near: Option<Near>| {
            if let Some(near) = near {
                found.entry(id).and_modify(|before| *before = best(*before, near)).or_insert(near);
            }
        };
        for (scale, sets) in &self.words {
            let thinned = (*scale).max(upload.words.scale);
            let own = upload.words.at(thinned);
            for one in sets.overlaps(own) {
                // Known texts that were thinned less would have about this many left.
                let size = (one.size >> (thinned - scale)).max(one.shared);
                add(one.id, judge_words(thinned, own.len(), size as usize, one.shared));
            }
        }
        for one in self.letters.overlaps(&upload.letters) {
            add(one.id, judge_letters(upload.letters.len(), one.size as usize, one.shared));
        }
        let mut found: Vec<(u64, Near)> = found.into_iter().collect();
        found.sort_unstable_by(|(a, one), (b, other)| other.score().total_cmp(&one.score()).then(a.cmp(b)));
        found
    }
}
