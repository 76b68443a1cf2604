//! Lists as others write them, and as they should not be.

use super::*;
use crate::vpdq::FrameError;
use proptest::prelude::*;

const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
const TLSH: &str = "T1DFB092A1724AC2C0D3CA48452291EA04A5B75EB903A6E7577A54118FFA8148E98F9426";

fn read_in(text: &[u8], size: usize) -> Vec<(u64, Result<Signal, ListError>)> {
    let (mut reader, mut all) = (Reader::default(), Vec::new());
    text.chunks(size.max(1)).for_each(|chunk| reader.feed(chunk, |number, entry| all.push((number, entry))));
    reader.finish(|number, entry| all.push((number, entry)));
    all
}

fn read(text: &str) -> Vec<(u64, Result<Signal, ListError>)> {
    read_in(text.as_bytes(), usize::MAX)
}

#[track_caller]
fn one(line: &str) -> Result<Signal, ListError> {
    let mut all = read(line);
    assert_eq!(all.len(), 1, "{line}: {all:?}");
    all.remove(0).1
}

fn kind(line: &str) -> &'static str {
    one(line).unwrap_or_else(|error| panic!("{line}: {error}")).kind()
}

#[test]
fn each_kind_is_known_by_its_name_and_where_it_can_be_told_without() {
    for (line, expected) in [
        (PDQ.to_owned(), "pdq"),
        (format!("pdq {PDQ}"), "pdq"),
        (format!("\u{feff}PDQ\t{}\r\n", PDQ.to_uppercase()), "pdq"),
        (format!("  {PDQ} # a kite"), "pdq"),
        (format!("{PDQ}#a kite"), "pdq"),
        (format!("\"pdq\",\"{PDQ}\",kites"), "pdq"),
        (format!("HASH_PDQ,{PDQ}"), "pdq"),
        (MD5.to_owned(), "md5"),
        (format!("video_md5 {MD5}"), "video_md5"),
        (format!("HASH_VIDEO_SHA256,{PDQ}"), "video_sha256"),
        (format!("sha256 {PDQ}"), "sha256"),
        (format!("text_sha256 {PDQ}"), "text_sha256"),
        (TLSH.to_owned(), "text_tlsh"),
        (TLSH[2..].to_lowercase(), "text_tlsh"),
        (format!("text_tlsh {TLSH}"), "text_tlsh"),
        (format!("0,100,{PDQ},0.000"), "vpdq"),
        (format!("[\"{PDQ},100,0.0\", \"{PDQ},100,1.0\"]"), "vpdq"),
        (format!("vpdq [\"{PDQ},100,0.0\", \"{PDQ},100,1.0\"]"), "vpdq"),
        ("https://kites.example/a#!b # seen in May".to_owned(), "url"),
        ("kites.example/a".to_owned(), "url"),
        ("url kites.example".to_owned(), "url"),
        ("kites.example".to_owned(), "domain"),
        ("domain *.kites.example # all of it".to_owned(), "domain"),
        ("raw_text Kites # are cool".to_owned(), "raw_text"),
    ] {
        assert_eq!(kind(&line), expected, "{line}");
    }
    assert_eq!(one("raw_text Kites # are cool"), Ok(Signal::Text("Kites # are cool".to_owned())));
    assert_eq!(one("https://Kites.example/a#!b # seen"), Ok(Signal::Url("kites.example/a#!b".parse().expect("a link"))));
}

#[test]
fn what_does_not_read_is_told_by_its_line_and_does_not_end_the_list() {
    let list = format!(
        "# from a friend\r\n{PDQ}\r\n\r\npdq {}\nkites\ntrend_query {{}}\n{}\npdq\nmd5 {PDQ}\n{MD5}",
        &PDQ[1..],
        PDQ.replace('f', "g")
    );
    let all = read(&list);
    let numbers: Vec<u64> = all.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [2, 4, 5, 6, 7, 8, 9, 10]);
    let wrong: Vec<String> = all.into_iter().filter_map(|(_, entry)| entry.err()).map(|error| error.to_string()).collect();
    assert_eq!(
        wrong,
        [
            "a hash has 64 hexadecimal digits, this has 63 characters",
            "neither a hash, a link, a domain nor the name of a kind: \"kites\"",
            "\"trend_query\" is no kind that is known here",
            "neither a hash, a link, a domain nor the name of a kind: \"g8g8g0cee0g4a84g06370a22038g63g0b36e2ed5\"",
            "there is nothing after pdq",
            "md5 has 32 hexadecimal digits, this has 64 characters",
        ]
    );
    assert_eq!(one(&PDQ[1..]), Err(ListError::Hash(crate::HashError::Length(63))));
    assert_eq!(one(&format!("0,101,{PDQ},0.0")), Err(ListError::Frame(FrameError::Quality("101".to_owned()))));
    assert_eq!(read_in(b"\xff\xfe\n", 1), [(1, Err(ListError::NoText))]);
    assert!(read("\n\n# nothing\n  \r\n").is_empty() && read("").is_empty());
}

// What `threatexchange dataset -P --csv` (python-threatexchange 1.2.17) prints of its samples, in part, a text of two lines and a mistake added.
const TABLE: &str = "\
signal_type,signal_str,collab,category,tags\r
video_md5,cab08b36195edb1a1231d2d09fa450e0,Sample Signals,INVESTIGATION_SEED,\r
pdq,f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22,Sample Signals,INVESTIGATION_SEED,\r
trend_query,\"{\"\"and\"\": [{\"\"or\"\": [\"\"basketball\"\", \"\"hoops\"\"]}]}\",Sample Signals,INVESTIGATION_SEED,\r
raw_text,\"We \"\"fly\"\" kites,\r
and more\",Sample Signals,INVESTIGATION_SEED,\r
raw_text,bball now?,Sample Signals,NEGATIVE_CLASS,\r
url,https://developers.facebook.com/docs/threat-exchange/reference/apis/,Sample Signals,INVESTIGATION_SEED,\r
";

#[test]
fn a_table_of_threatexchange_is_read_whatever_the_chunks() {
    let whole = read(TABLE);
    let expected = [
        (2, Ok("video_md5")),
        (3, Ok("pdq")),
        (4, Err(ListError::Kind("trend_query".to_owned()))),
        (5, Ok("raw_text")),
        (7, Err(ListError::Negative)),
        (8, Ok("url")),
    ];
    assert_eq!(
        whole.iter().map(|(number, entry)| (*number, entry.as_ref().map(Signal::kind).map_err(Clone::clone))).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(whole[3].1, Ok(Signal::Text("We \"fly\" kites,\nand more".to_owned())));
    for size in [1, 2, 3, 7, 64] {
        assert_eq!(read_in(TABLE.as_bytes(), size), whole, "chunks of {size}");
    }
    let turned = format!("category;x,hash,algorithm\nY,{PDQ},\nY,kites.example,\n").replace("category;x", "note");
    assert_eq!(read(&turned).len(), 2, "columns in another order, and no kinds");
    assert_eq!(
        read("raw_text,\"never\nended\npdq\n").last().map(|(number, entry)| (*number, entry.clone())),
        Some((1, Err(ListError::Quotes)))
    );
}

#[test]
fn an_entry_that_could_be_a_head_or_hold_a_comment_is_an_entry() {
    for first in ["url kites.example/a,signal", "raw_text kites,signal"] {
        assert_eq!(read(first).len(), 1, "{first}");
    }
    assert_eq!(one("url a#!b # seen").map(|signal| signal.to_string()), Ok("https://a#!b".to_owned()));
}

#[test]
fn what_stood_there_before_is_told_whatever_its_writing() {
    let list =
        format!("{PDQ}\npdq {}\nsha256 {PDQ}\nhttp://www.kites.example/\nurl https://kites.example\nkites.example\n", PDQ.to_uppercase());
    let mut seen = Seen::default();
    let new: Vec<bool> = read(&list).into_iter().map(|(_, entry)| seen.is_new(&entry.expect("it reads"))).collect();
    assert_eq!(new, [true, false, true, true, false, true]);
}

#[test]
fn what_is_written_reads_back() {
    for line in [
        format!("pdq {PDQ}"),
        format!("md5 {MD5}"),
        format!("text_tlsh {TLSH}"),
        "url https://kites.example/a?b=c".into(),
        format!("video_md5 {MD5}"),
        format!("video_sha256 {PDQ}"),
        "domain kites.example".into(),
        format!("vpdq 7,90,{PDQ},1.500"),
        format!("vpdq [\"{PDQ},100,0.000\"]"),
    ] {
        let signal = one(&line).expect("it reads");
        assert_eq!(format!("{} {signal}", signal.kind()), line);
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange_and_chunks_do_not_matter(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'"'), Just(b','), Just(b'#'), any::<u8>(), b'a'..=b'f'], 0..200), size in 1usize..20) {
        prop_assert_eq!(read_in(&bytes, size), read_in(&bytes, usize::MAX));
    }
}
