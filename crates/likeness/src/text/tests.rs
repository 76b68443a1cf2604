//! Texts that were changed as people change them, and texts that only look alike.

use super::*;
use proptest::prelude::*;

/// Made-up prose: `many` words of a made-up language of `vocabulary` words, of which few are frequent, as in every language.
pub(super) fn prose(seed: u64, many: usize, vocabulary: u64) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let word = |number: u64| {
        let mut left = number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let syllables = 1 + number % 3;
        (0..syllables)
            .map(|_| {
                let (consonant, vowel) = (b"bdfgklnprstvz"[(left % 13) as usize], b"aeou"[(left / 13 % 4) as usize]);
                left /= 52;
                format!("{}{}", consonant as char, vowel as char)
            })
            .collect::<String>()
    };
    (0..many)
        .map(|_| {
            let share = (next() >> 11) as f64 / (1u64 << 53) as f64;
            word(((vocabulary as f64).powf(share)) as u64)
        })
        .collect()
}

fn text(words: &[String]) -> Text {
    Text::of([words.join(" ").as_str()]).expect("words")
}

#[test]
fn a_text_in_disguise_is_the_same_to_the_letter() {
    let plain = Text::of(["Kites over the harbour on Friday"]).expect("words");
    let disguised = Text::of(["К i t e s over\u{200b} the h\u{301}arbour\n\non FRIDAY!!"]).expect("words");
    assert_eq!(plain.exact(), disguised.exact());
    assert_ne!(plain.exact(), Text::of(["Kites over the harbour on Sunday"]).expect("words").exact());
    // SHA-256 of "kltesoverthe…", which anybody can compute.
    assert_eq!(Text::of(["Kite"]).expect("words").exact(), [<[u8; 32]>::from(Sha256::digest("klte"))]);
    assert_eq!(Text::of(["", " … "]), None);
}

#[test]
fn each_part_counts_to_the_letter_and_all_of_them_together() {
    let post = Text::of(["A title", "and its words"]).expect("words");
    for part in ["A title", "and its words", "A title and its words"] {
        assert!(post.exact().contains(&Text::of([part]).expect("words").exact()[0]), "{part}");
    }
    assert_eq!(post.exact().len(), 3);
}

#[test]
fn a_sentence_with_another_word_is_near_and_another_sentence_is_not() {
    let known = Text::of(["The red kite flies over the old harbour every morning"]).expect("words");
    for near in [
        "The blue kite flies over the old harbour every morning",
        "The red kite flies over the old harbour every morning! And the green one?",
        "the red kite flys over the old harbour every mornin",
    ] {
        assert!(known.near(&Text::of([near]).expect("words")).is_some(), "{near}");
    }
    for other in ["The harbour master closes the old gate every evening at six", "My sister bakes bread over the weekend", "Red kite"] {
        assert_eq!(known.near(&Text::of([other]).expect("words")), None, "{other}");
    }
}

#[test]
fn what_is_too_short_is_like_nothing_but_itself() {
    let (one, other) = (Text::of(["A day out"]).expect("words"), Text::of(["A day off"]).expect("words"));
    assert_eq!((one.near(&other), one.near(&one)), (None, None));
    assert!(one.letters.is_empty() && one.words.members.len() == 1);
}

#[test]
fn a_heading_is_like_nothing_but_itself_and_a_sentence_is_like_its_variants_in_each_language() {
    let near = |one: &str, other: &str| Text::of([one]).expect("words").near(&Text::of([other]).expect("words"));
    for (one, other) in [
        ("The meaning of the fields is as follows:", "The meaning of the five fields is as follows:"),
        ("Miscellaneous independent data", "Independent data"),
        ("Często zadawane pytania o latawce", "Często zadawane pytania o latawiec"),
        ("الأسئلة الشائعة عن الطائرات الورقية", "الأسئلة الشائعة عن طائرات ورقية"),
    ] {
        assert_eq!(near(one, other), None, "{one}");
        let again = Text::of([one.to_uppercase().as_str()]).expect("words");
        assert_eq!(again.exact(), Text::of([one]).expect("words").exact(), "{one}");
    }
    for (one, other) in [
        ("The red kite flies over the old harbour every single morning", "The blue kite flies over the old harbour every single morning"),
        ("Czerwony latawiec przelatuje codziennie rano nad starym portem", "Zielony latawiec przelatuje codziennie rano nad starym portem"),
        (
            "تحلق الطائرة الورقية الحمراء كل صباح فوق الميناء القديم قرب المدينة",
            "تحلق الطائرة الورقية الخضراء كل صباح فوق الميناء القديم قرب المدينة",
        ),
    ] {
        assert!(near(one, other).is_some(), "{one}");
    }
}

#[test]
fn an_excerpt_is_found_in_a_book_and_a_known_text_among_other_words() {
    let book = prose(1, 120_000, 20_000);
    let excerpt = text(&book[70_000..70_014]);
    let found = excerpt.near(&text(&book)).expect("the excerpt is in the book");
    assert_eq!(found.upload, 1.0);
    assert!(found.known < 0.001);
    let known = prose(2, 60, 20_000);
    let longer = text(&[&book[..30_000], &known, &book[30_000..]].concat());
    let found = longer.near(&text(&known)).expect("the known text is in the longer one");
    assert!(found.known > 0.99 && found.resemblance < 0.01, "{found:?}");
    assert_eq!(text(&prose(3, 60, 20_000)).near(&text(&book)), None);
    let changed: Vec<String> =
        book.iter().enumerate().map(|(place, word)| if place % 8 == 0 { "zuzu".to_owned() } else { word.clone() }).collect();
    assert!(text(&changed).near(&text(&book)).is_some_and(|near| near.known > 0.55), "every eighth word is another one");
}

#[test]
fn scripts_without_spaces_have_shingles_too() {
    let known = Text::of(["每天早上红色的风筝都会飞过古老的港口，孩子们在岸边看着它越飞越高"]).expect("words");
    let longer = Text::of(["昨天我听说了一件事：每天早上红色的风筝都会飞过古老的港口，孩子们在岸边看着它越飞越高。真的吗？我明天要去看看，顺便买一些面包和水果回家。"]).expect("words");
    assert!(longer.near(&known).is_some_and(|near| near.known > 0.9));
    assert_eq!(known.near(&Text::of(["今天晚上我们要在新的图书馆里开会，请大家准时到达并带上自己的书"]).expect("words")), None);
    let thai = "ว่าวสีแดงบินอยู่เหนือท่าเรือเก่าทุกเช้าและเด็กๆยืนดูอยู่ริมน้ำ";
    assert!(
        Text::of([format!("เมื่อวานนี้ {thai} จริงหรือ").as_str()])
            .expect("words")
            .near(&Text::of([thai]).expect("words"))
            .is_some_and(|near| near.known > 0.9)
    );
}

#[test]
fn a_text_of_any_length_costs_a_bounded_row_of_numbers() {
    let endless = prose(4, 900_000, u64::MAX);
    let known = text(&endless);
    assert!(known.words.scale > 0 && known.words.members.len() <= MOST && known.words.members.len() > MOST / 4);
    assert!(text(&endless[100_000..101_000]).near(&known).is_some_and(|near| near.upload > 0.99));
    let mut texts = Texts::default();
    texts.add(1, &known);
    texts.add(2, &text(&endless[100_000..101_000]));
    assert_eq!(texts.near(&text(&endless[100_100..100_900])).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [1, 2]);
    let both = texts.near(&known);
    assert!(both.len() == 2 && both.iter().all(|(_, near)| near.known > 0.7), "{both:?}");
}

#[test]
fn what_is_stored_is_read_back_and_nothing_else() {
    let known = Text::of([prose(5, 80, 5_000).join(" ").as_str(), "and more"]).expect("words");
    let bytes = known.to_bytes();
    assert_eq!(Text::from_bytes(&bytes), Some(known));
    for cut in 0..bytes.len() {
        let read = Text::from_bytes(&bytes[..cut]);
        assert!(read.is_none_or(|read| read.to_bytes() == bytes[..cut]), "cut at {cut}");
    }
    assert_eq!(Text::from_bytes(&[255; 64]), None);
}

proptest! {
    #[test]
    fn an_index_says_what_a_look_at_every_text_says(seeds in prop::collection::vec((0u64..6, 0usize..40, 3usize..160), 1..24), asked in (0u64..6, 0usize..40, 3usize..160)) {
        let part = |(seed, from, many): (u64, usize, usize)| text(&prose(seed, 200, 300)[from..from + many]);
        let known: Vec<Text> = seeds.iter().map(|seed| part(*seed)).collect();
        let mut texts = Texts::default();
        for (id, text) in (0u64..).zip(&known) {
            texts.add(id, text);
        }
        let upload = part(asked);
        let mut by_index = texts.near(&upload);
        by_index.sort_by_key(|(id, _)| *id);
        let by_eye: Vec<(u64, Near)> = (0u64..).zip(&known).filter_map(|(id, known)| Some((id, upload.near(known)?))).collect();
        prop_assert_eq!(by_index, by_eye);
    }
}
