//! What the site stands on by its configuration: addresses, the database, the store of photos and videos.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use store::examine::{self, Examined};
use web::contact::Missing;

use super::Finding;
use crate::config::Config;

pub(super) fn configuration(config: &Config, file: Option<&Path>) -> Finding {
    const CHECK: &str = "configuration";
    let from = file.map_or_else(|| "no file, which is fine".to_owned(), |file| file.display().to_string());
    let url = &config.site.public_url;
    if url.starts_with("http://") && !url.contains("localhost") && !url.contains("127.0.0.1") && !url.contains("[::1]") {
        let seen = format!("{from}; links begin with {url}, which anybody on the way can read and change");
        return Finding::warning(CHECK, seen, "put a web server with HTTPS before the site, and set site.public_url to https://…");
    }
    let links = if url.is_empty() { "the host that was asked" } else { url };
    Finding::ok(CHECK, format!("{from}; links begin with {links}"))
}

/// What the law of the European Union wants a site to tell of itself.
pub(super) fn contact(config: &Config) -> Finding {
    const CHECK: &str = "contact";
    // The configuration was checked when it was read.
    let missing = config.house().map(|house| house.points.missing()).unwrap_or_default();
    if missing.is_empty() {
        return Finding::ok(CHECK, "/contact tells all that the Digital Services Act asks for");
    }
    let words = missing.into_iter().map(|what| match what {
        Missing::Reach => "a way to reach you (site.contact)",
        Missing::Name => "who you are (contact.name)",
        Missing::Address => "an address (contact.address)",
        Missing::Languages => "the languages for authorities (contact.languages)",
        Missing::Country => "your country (site.country)",
        Missing::Representative => "your representative in the European Union (contact.representative)",
    });
    let seen = format!("/contact does not tell: {}", words.collect::<Vec<_>>().join(", "));
    Finding::warning(CHECK, seen, "a site that is open to people in the European Union has to tell it: set these keys")
}

/// Knocks at the mail server, and sends nothing.
pub(super) async fn mail(config: &Config) -> Finding {
    const CHECK: &str = "mail";
    let Ok(Some(post)) = config.post() else { return Finding::ok(CHECK, "none is sent: [mail] is not set") };
    match post.server.knock().await {
        Ok(()) => Finding::ok(CHECK, format!("{} takes it", post.server.shown())),
        Err(error) => Finding::broken(
            CHECK,
            format!("{}: {error}", post.server.shown()),
            "is the server running, does its certificate name it, and are the user and the password right? see [mail]",
        ),
    }
}

pub(super) fn listen(config: &Config) -> Finding {
    const CHECK: &str = "listening";
    let addresses: Vec<&str> = [&config.server.listen, &config.server.metrics_listen]
        .into_iter()
        .map(String::as_str)
        .filter(|address| !address.is_empty())
        .collect();
    for address in &addresses {
        match TcpListener::bind(address) {
            Ok(_) => {}
            // By the site itself, most likely; the line of the data directory says whether it runs.
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let seen = format!("{address}: {error}");
                return Finding::broken(CHECK, seen, "choose a port above 1023 (a web server may stand before it)");
            }
            Err(error) => {
                return Finding::broken(
                    CHECK,
                    format!("{address}: {error}"),
                    "server.listen is an address of this machine and a port, such as 127.0.0.1:8080",
                );
            }
        }
    }
    Finding::ok(CHECK, addresses.join(" and "))
}

/// `None`: it is made at the first start.
pub(super) async fn database(config: &Config, data: &Path) -> store::Result<Option<Examined>> {
    if !config.database.url.is_empty() {
        return examine::postgres(&config.database.url).await.map(Some);
    }
    let path = data.join("handbill.db");
    if path.exists() { examine::sqlite(&path).await.map(Some) } else { Ok(None) }
}

pub(super) fn judge_database(found: store::Result<Option<Examined>>) -> Finding {
    const CHECK: &str = "database";
    let found = match found {
        Ok(Some(found)) => found,
        Ok(None) => return Finding::ok(CHECK, "SQLite; it is made at the first start"),
        Err(error) => {
            return Finding::broken(
                CHECK,
                error.to_string(),
                "is the server running, and database.url right? is the file a database, and readable?",
            );
        }
    };
    let Examined { engine, schema, wanted, damage, .. } = found;
    if let Some(damage) = damage {
        return Finding::broken(
            CHECK,
            format!("{engine}: {damage}"),
            "stop the site, and put back a copy from before it; `sqlite3 handbill.db .recover` saves what can be saved",
        );
    }
    match schema {
        Some(schema) if schema == wanted => Finding::ok(CHECK, format!("{engine}, schema {schema}")),
        Some(schema) if schema > wanted => {
            Finding::broken(CHECK, format!("{engine}, schema {schema}; this program knows {wanted}"), "use the newer program that moved it")
        }
        older => {
            let seen =
                format!("{engine}, schema {}; {wanted} is needed", older.map_or_else(|| "none".to_owned(), |schema| schema.to_string()));
            if engine.starts_with("SQLite") {
                Finding::warning(CHECK, seen, "it moves by itself when `handbill serve` starts")
            } else {
                Finding::broken(CHECK, seen, "run `handbill migrate`")
            }
        }
    }
}

pub(super) fn console(operators: i64) -> Finding {
    const CHECK: &str = "console";
    match operators {
        0 => Finding::warning(
            CHECK,
            "nobody is enrolled who may decide",
            "open the link that `handbill serve` printed at its first start, or make another: `handbill moderator list`, then \
             `handbill moderator link NAME`",
        ),
        1 => Finding::ok(CHECK, "one operator is enrolled"),
        many => Finding::ok(CHECK, format!("{many} operators are enrolled")),
    }
}

pub(super) fn evidence(config: &Config) -> Finding {
    const CHECK: &str = "evidence";
    match config.evidence.recipients.len() {
        0 => Finding::warning(
            CHECK,
            "nobody is named for whom what is removed is sealed; it is kept in quarantine alone, whose keys are on this machine",
            "run `handbill evidence keygen FILE` on another machine, and put what it prints into evidence.recipients",
        ),
        1 => Finding::ok(CHECK, "sealed for one recipient; a second one, kept elsewhere, is worth having"),
        many => Finding::ok(CHECK, format!("sealed for {many} recipients")),
    }
}

pub(super) async fn blobs(config: &Config, data: &Path) -> Finding {
    const CHECK: &str = "photos, videos";
    let remote = !config.blobs.s3_endpoint.is_empty();
    if !remote && !data.join("objects").exists() {
        return Finding::ok(CHECK, "files in the data directory; they are made at the first start");
    }
    match probe(config, data).await {
        Ok(()) if remote => Finding::ok(CHECK, format!("written, read and deleted at {}", config.blobs.s3_endpoint)),
        Ok(()) => Finding::ok(CHECK, "written, read and deleted as files in the data directory"),
        Err(error) if remote => {
            Finding::broken(CHECK, error.to_string(), "is the store running, does the bucket exist, and are the keys right? see [blobs]")
        }
        Err(error) => Finding::broken(CHECK, error.to_string(), "let the site's user write below the data directory, in `objects`"),
    }
}

/// One small object, there and back.
async fn probe(config: &Config, data: &Path) -> store::Result<()> {
    let blobs = crate::serve::blobs(config, data)?;
    let mut writer = blobs.stage().await?;
    writer.write("a probe of `handbill doctor`".into()).await?;
    let staged = writer.finish().await?;
    let read = blobs.read_all(&staged.key).await;
    blobs.delete(&staged.key).await?;
    read.map(|_| ())
}
