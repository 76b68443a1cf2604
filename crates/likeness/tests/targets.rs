//! What is fuzzed: functions from bytes to a panic, if something that must hold does not. `fuzz/` at the top of the repository feeds
//! them by libFuzzer; here they run again on what that found worth keeping (`fuzz/seeds`).

pub(crate) mod index;
pub(crate) mod links;
pub(crate) mod lists;
pub(crate) mod stored;
pub(crate) mod texts;
pub(crate) mod vpdq;

use std::path::Path;

/// Panics if something that must hold of these bytes does not.
type Target = fn(&[u8]);

/// All of them, by the names of their folders in `fuzz/seeds`.
const TARGETS: [(&str, Target); 6] = [
    ("index", index::holds),
    ("links", links::holds),
    ("lists", lists::holds),
    ("stored", stored::holds),
    ("texts", texts::holds),
    ("vpdq", vpdq::holds),
];

#[test]
fn what_fuzzing_found_worth_keeping_still_holds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    for (name, holds) in TARGETS {
        let files: Vec<_> =
            std::fs::read_dir(seeds.join(name)).expect("a folder for each target").map(|file| file.expect("a file").path()).collect();
        assert!(!files.is_empty(), "{name} has no seeds");
        for file in files {
            let bytes = std::fs::read(&file).expect("a file");
            // The last line before a panic names the file.
            println!("{}", file.display());
            holds(&bytes);
        }
    }
}
