//! The manual page that the Debian package brings.

use crate::site::run;

#[test]
fn the_manual_page_names_every_command() {
    let page = include_str!("../../../deploy/handbill.1");
    let (code, help, err) = run(&["--help"]);
    assert_eq!(code, 0, "{err}");
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list of commands");
    let names: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next())
        .collect();
    let named: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".B ")).filter(|name| !["handbill"].contains(name)).collect();
    let expected: Vec<&str> = names.into_iter().filter(|name| *name != "help").collect();
    assert_eq!(named, expected);
}
