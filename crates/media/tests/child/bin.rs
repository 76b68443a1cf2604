//! For tests: the real sandboxed child as a program of its own, and what may go wrong in it.
//!
//! - with no argument: the real child, as `handbill media-child` is;
//! - `misbehave`: behind the same walls, raised by the same code, it does what its input file says;
//! - `without CALL`: the real child on a system that lacks one system call;
//! - with any other arguments: it stands in for ffmpeg, and does what its input file says.

mod misbehave;

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None => media::child::main(std::env::args_os()),
        Some("misbehave") => {
            misbehave::remember_parent();
            media::child::behind_walls(|errand| match misbehave::wish() {
                Some(wish) => Ok(format!(r#"{{"Refused":["corrupt","{}"]}}"#, misbehave::fulfil(&wish))),
                None => errand.perform(),
            })
        }
        Some("without") => {
            misbehave::forbid(arguments.get(1).expect("the name of a call"));
            media::child::main(std::env::args_os())
        }
        Some(_) => {
            let found = misbehave::fulfil(&misbehave::wish().expect("an input file with a wish"));
            let _ = writeln!(std::io::stderr(), "{found}");
            ExitCode::FAILURE
        }
    }
}
