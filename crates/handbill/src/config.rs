//! The configuration: one TOML file, then `HANDBILL__SECTION__KEY` from the environment. Unknown keys are refused: a limit that
//! was misspelt is a limit that is not there. Nothing needs to be configured to start.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use domain::Limits;
use serde::Deserialize;

/// Everything that the operator can set.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) site: SiteConfig,
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) blobs: Blobs,
    pub(crate) media: Media,
    pub(crate) limits: Limits,
}

/// `[site]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SiteConfig {
    /// What links begin with, such as `https://kites.example`. Empty: the host that was asked.
    pub(crate) public_url: String,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// Address and port.
    pub(crate) listen: String,
    /// Address and port of the Prometheus metrics. Empty: none.
    pub(crate) metrics_listen: String,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".to_owned(), metrics_listen: String::new() }
    }
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Database {
    /// `postgres://…`. Empty: SQLite in the data directory.
    pub(crate) url: String,
    /// The same, in a file.
    pub(crate) url_file: PathBuf,
}

/// `[blobs]`: an S3-compatible store. Empty: files in the data directory.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Blobs {
    pub(crate) s3_endpoint: String,
    pub(crate) s3_bucket: String,
    pub(crate) s3_region: String,
    pub(crate) s3_access_key: String,
    pub(crate) s3_secret_key: String,
    pub(crate) s3_secret_key_file: PathBuf,
}

/// `[media]`
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Media {
    /// Media prepared at the same time.
    pub(crate) workers: usize,
    /// `true` looks at untrusted bytes without a sandbox; `/healthz` and `doctor` say so.
    pub(crate) without_sandbox: bool,
    pub(crate) ffmpeg: PathBuf,
    pub(crate) ffprobe: PathBuf,
}

impl Default for Media {
    fn default() -> Self {
        Self { workers: 2, without_sandbox: false, ffmpeg: "/usr/bin/ffmpeg".into(), ffprobe: "/usr/bin/ffprobe".into() }
    }
}

impl Config {
    /// Reads `file` if there is one, then the environment.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        let text = match file {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?,
            None => String::new(),
        };
        let mut config = Self::parse(&text, std::env::vars())?;
        secret_from(&mut config.database.url, &config.database.url_file)?;
        secret_from(&mut config.blobs.s3_secret_key, &config.blobs.s3_secret_key_file)?;
        Ok(config)
    }

    fn parse(text: &str, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut table: toml::Table = text.parse().context("the configuration is not TOML")?;
        for (name, value) in environment {
            let Some(path) = name.strip_prefix("HANDBILL__") else { continue };
            let Some((section, key)) = path.split_once("__") else { bail!("{name}: expected HANDBILL__SECTION__KEY") };
            let section = table.entry(section.to_lowercase()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let Some(section) = section.as_table_mut() else { bail!("{name}: not a section") };
            section.insert(key.to_lowercase(), typed(&value));
        }
        table.try_into().context("the configuration has a key that does not exist, or a value of the wrong kind")
    }
}

/// An environment variable has no type: what reads as a number or a truth value is one.
fn typed(value: &str) -> toml::Value {
    if let Ok(number) = value.parse::<i64>() {
        return toml::Value::Integer(number);
    }
    match value {
        "true" => toml::Value::Boolean(true),
        "false" => toml::Value::Boolean(false),
        text => toml::Value::String(text.to_owned()),
    }
}

fn secret_from(value: &mut String, file: &Path) -> Result<()> {
    if !file.as_os_str().is_empty() {
        value.clear();
        let text = std::fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
        value.push_str(text.trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config> {
        Config::parse(text, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn nothing_at_all_is_a_configuration() {
        assert_eq!(parse("", &[]).expect("it reads"), Config::default());
    }

    #[test]
    fn the_environment_comes_after_the_file() {
        let config = parse(
            "[server]\nlisten = \"127.0.0.1:1\"",
            &[("HANDBILL__SERVER__LISTEN", "127.0.0.1:2"), ("HANDBILL__LIMITS__FILE_BYTES", "5"), ("PATH", "/bin")],
        )
        .expect("it reads");
        assert_eq!(config.server.listen, "127.0.0.1:2");
        assert_eq!(config.limits.file_bytes, 5);
    }

    #[test]
    fn an_unknown_key_is_refused_wherever_it_stands() {
        assert!(parse("[limits]\nfile_byte = 5", &[]).is_err());
        assert!(parse("[limit]", &[]).is_err());
        assert!(parse("", &[("HANDBILL__SITE__PUBLIC_ULR", "x")]).is_err());
        assert!(parse("", &[("HANDBILL__SITE", "x")]).is_err());
    }

    #[test]
    fn the_example_names_every_key_with_its_default() {
        let example = include_str!("../../../config.example.toml");
        let set: String = example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
        assert_eq!(parse(&set, &[]).expect("the example reads"), Config::default());
        for key in [
            "public_url",
            "listen",
            "metrics_listen",
            "url",
            "url_file",
            "s3_endpoint",
            "s3_bucket",
            "s3_region",
            "s3_access_key",
            "s3_secret_key",
            "s3_secret_key_file",
            "workers",
            "without_sandbox",
            "ffmpeg",
            "ffprobe",
            "file_bytes",
            "files_per_post",
            "pixels",
            "frames",
            "duration_seconds",
            "text_bytes",
            "line_characters",
            "disk_free_bytes",
        ] {
            assert!(example.contains(&format!("#: {key} = ")), "{key}");
        }
    }
}
