//! Texts against what others computed, and how long strange ones take.

use likeness::text::{Text, Tlsh, canonical};

/// How a text is made (see there), its TLSH, and its distances to all of these, by PyPI py-tlsh 5.0.0: what `peers/tlsh_table.py` prints.
const PEER: [(u64, usize, &str, [u32; 8]); 8] = [
    (1, 3, "TNULL", [0, 0, 0, 0, 0, 0, 0, 0]),
    (1, 12, "T12FA022B3200E03F83F000038200A208C33000C20C20002E0FC20E00C202A203C03A0F2", [0, 0, 122, 190, 197, 149, 152, 147]),
    (2, 12, "T120A01133828E8BB88CA0803AA08220BC3800882802002A30C888220E30B2203803A0C8", [0, 122, 0, 200, 215, 169, 145, 150]),
    (3, 40, "T110D05E9310162B3E3F544416C786757841054830972438FCB984AA8C20FB71BC0360B0", [0, 190, 200, 0, 9, 102, 79, 105]),
    (3, 41, "T102D05ED3101B2B3E3F544816C786757841054831972438FCB984EE8C20FB71BC0370B0", [0, 197, 215, 9, 0, 104, 81, 107]),
    (4, 400, "T1945162A3116E5BBE7F84452A929B787436058834E75079F8FC44FB4E20F676B843B0B4", [0, 149, 169, 102, 104, 0, 30, 20]),
    (5, 4000, "T11CB250A3416E5FBA7F94452A929A35B835058834E75079F8FC84F74E20F676B843B0F8", [0, 152, 145, 79, 81, 30, 0, 17]),
    (6, 60000, "T111845262416E5FBA7F94452A939A39B835058834E75079F8FC84F74E20F676B843B0F8", [0, 147, 150, 105, 107, 20, 17, 0]),
];

const WORDS: [&str; 10] = ["kite", "harbour", "wind", "Żółw", "طائرة", "风筝", "string", "red", "over", "the"];

fn made(seed: u64, many: usize) -> String {
    let mut state = seed;
    let mut pick = || {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        WORDS[(state / 65_536 % 10) as usize]
    };
    (0..many).map(|_| pick()).collect::<Vec<_>>().join(" ")
}

#[test]
fn tlsh_is_what_py_tlsh_computes() {
    for (seed, many, digits, distances) in PEER {
        let Some(own) = Tlsh::of(&made(seed, many)) else {
            assert_eq!(digits, "TNULL", "{seed} {many}");
            continue;
        };
        assert_eq!(own.to_string(), digits, "{seed} {many}");
        assert_eq!(Tlsh::from_bytes(own.to_bytes()), own);
        assert_eq!(digits.to_lowercase().parse(), Ok(own));
        for ((_, _, other, _), distance) in PEER.iter().zip(distances).filter(|((_, _, other, _), _)| *other != "TNULL") {
            assert_eq!(own.distance(other.parse().expect("a TLSH")), distance, "{digits} {other}");
        }
    }
}

#[test]
fn the_example_of_the_field_has_its_tlsh() {
    let text = "A minimum string length must be 256 bytes! That's so much text this means it's not super useful for finding short text!";
    assert_eq!(
        Tlsh::of(text).expect("long enough").to_string(),
        "T1DFB092A1724AC2C0D3CA48452291EA04A5B75EB903A6E7577A54118FFA8148E98F9426"
    );
    assert_eq!(Tlsh::of("too short"), None);
    assert_eq!(Tlsh::of(&"a".repeat(1000)), None);
}

#[test]
fn a_megabyte_of_anything_is_one_text() {
    for (what, text) in [
        ("marks", "e\u{301}\u{323}".repeat(200_000)),
        ("ligatures", "\u{fdfa}".repeat(350_000)),
        ("spaces", " ".repeat(1 << 20)),
        ("one letter", "k".repeat(1 << 20)),
        ("letters alone", "k ".repeat(1 << 19)),
        ("no width", "\u{200b}".repeat(350_000)),
        ("all of Unicode", ('\0'..=char::MAX).take(300_000).collect()),
    ] {
        let text = Text::of([text.as_str()]);
        assert_eq!(text.is_none(), matches!(what, "spaces" | "no width"), "{what}");
        assert!(text.is_none_or(|text| text.to_bytes().len() < 5 << 20), "{what}");
    }
    assert_eq!(canonical(&"\u{fdfa}".repeat(2)), canonical(&"صلى الله عليه وسلم".repeat(2)));
}
