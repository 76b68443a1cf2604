//! The real sandboxed child as a program of its own, for tests.

fn main() -> std::process::ExitCode {
    media::child::main(std::env::args_os().skip(1))
}
