//! The configuration: one TOML file, then `HANDBILL__SECTION__KEY` from the environment. Unknown keys are refused: a limit that
//! was misspelt is a limit that is not there. Nothing needs to be configured to start.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use domain::case::HoldRules;
use domain::party::Jurisdiction;
use domain::{AlarmRules, AwayRules, FairUse, Lever, Limits, Network};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// Everything that the operator can set.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) site: SiteConfig,
    pub(crate) contact: ContactConfig,
    pub(crate) mail: Mail,
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) blobs: Blobs,
    pub(crate) media: Media,
    pub(crate) geography: GeographyConfig,
    pub(crate) limits: Limits,
    pub(crate) fair_use: FairUse,
    pub(crate) cases: Cases,
    pub(crate) banks: Banks,
    pub(crate) evidence: Evidence,
    pub(crate) alarms: AlarmsConfig,
    pub(crate) away: AwayConfig,
    pub(crate) log: Log,
}

/// `[site]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SiteConfig {
    /// What the operator calls the site. Empty: Handbill.
    pub(crate) name: String,
    /// The bold colour of its pages. Empty: Handbill's red.
    pub(crate) colour: String,
    /// What the operator has to say to everybody, in Markdown. Empty: nothing.
    pub(crate) announcement: String,
    /// How to reach the operator: an e-mail address or a link. Empty: no way is given.
    pub(crate) contact: String,
    /// The country that the site is established in, two letters (ISO 3166-1): whose orders bind it beside those of the European Union. Empty: not said.
    pub(crate) country: String,
    /// What links begin with, such as `https://kites.example`. Empty: the host that was asked.
    pub(crate) public_url: String,
    /// Another host name that leads here, for user bytes alone, such as `https://media.kites.example`. Empty: none.
    pub(crate) media_url: String,
    /// A public list of the newest posts that their posters want there.
    pub(crate) newest: bool,
}

/// `[contact]`: who runs the site, and how whom reaches them.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ContactConfig {
    /// A person or a company.
    pub(crate) name: String,
    /// Where letters go.
    pub(crate) address: String,
    pub(crate) phone: String,
    /// For authorities. Empty: as for everybody, `site.contact`.
    pub(crate) authorities: String,
    /// For orders to remove terrorist content. Empty: as for authorities.
    pub(crate) orders: String,
    /// In which languages they are taken (BCP 47).
    pub(crate) languages: Vec<String>,
    /// Who stands for them in the European Union.
    pub(crate) representative: String,
    pub(crate) representative_address: String,
    pub(crate) representative_email: String,
    pub(crate) representative_phone: String,
}

/// `[mail]`: how the site writes to those who gave notice. Without a server it writes to nobody.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mail {
    /// `smtps://user@host:465` or `smtp://user@host:587`.
    pub(crate) server: String,
    pub(crate) password: String,
    pub(crate) password_file: PathBuf,
    /// `Kites <reports@kites.example>`
    pub(crate) from: String,
    /// `true` sends to another machine without TLS.
    pub(crate) without_tls: bool,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// Address and port.
    pub(crate) listen: String,
    /// Address and port of the Prometheus metrics. Empty: none.
    pub(crate) metrics_listen: String,
    /// Addresses of the web servers before the site, which are believed when they say whom they serve.
    pub(crate) trusted_proxies: Vec<Network>,
    /// In which header they say it.
    pub(crate) forwarded_header: web::ForwardedHeader,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            metrics_listen: String::new(),
            trusted_proxies: Vec::new(),
            forwarded_header: web::ForwardedHeader::default(),
        }
    }
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Database {
    /// `postgres://…`. Empty: SQLite in the data directory.
    pub(crate) url: String,
    /// The same, in a file.
    pub(crate) url_file: PathBuf,
}

/// `[blobs]`: an S3-compatible store. Empty: files in the data directory.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Blobs {
    pub(crate) s3_endpoint: String,
    pub(crate) s3_bucket: String,
    pub(crate) s3_region: String,
    pub(crate) s3_access_key: String,
    pub(crate) s3_secret_key: String,
    pub(crate) s3_secret_key_file: PathBuf,
}

/// `[geography]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct GeographyConfig {
    /// A country database (MaxMind DB). Empty: none, and nothing can be withheld in some countries only.
    pub(crate) database: PathBuf,
}

impl GeographyConfig {
    /// Reads the database, if there is one.
    pub(crate) fn open(&self) -> Result<Option<web::Geography>> {
        let file = &self.database;
        if file.as_os_str().is_empty() {
            return Ok(None);
        }
        let opened =
            web::Geography::open(file).with_context(|| format!("geography.database: {} is no country database", file.display()))?;
        Ok(Some(opened))
    }
}

/// `[media]`
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Media {
    /// Media prepared at the same time.
    pub(crate) workers: usize,
    /// `true` looks at untrusted bytes without a sandbox; `/healthz` and `doctor` say so.
    pub(crate) without_sandbox: bool,
    /// How much of the usual time a file may take to prepare.
    pub(crate) patience_percent: u32,
    pub(crate) ffmpeg: PathBuf,
    pub(crate) ffprobe: PathBuf,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            workers: 2,
            without_sandbox: false,
            patience_percent: 100,
            ffmpeg: "/usr/bin/ffmpeg".into(),
            ffprobe: "/usr/bin/ffprobe".into(),
        }
    }
}

/// `[cases]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Cases {
    /// Of which notices the subject is held at once: kinds, each alone or with what is wrong after a slash.
    pub(crate) hold: HoldRules,
}

/// `[banks]`
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Banks {
    /// How much that nobody has reported something may reach that is put into a bank, before somebody looks twice; 0: however much.
    pub(crate) reach_limit: u32,
}

impl Default for Banks {
    fn default() -> Self {
        Self { reach_limit: 100 }
    }
}

/// `[evidence]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Evidence {
    /// For whom what decisions take away is sealed: age recipients whose identities are kept elsewhere. Empty: it is kept in quarantine alone.
    pub(crate) recipients: Vec<app::Recipient>,
}

/// `[alarms]`: of what the operator is told, where and when.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AlarmsConfig {
    /// Mail addresses.
    pub(crate) mail: Vec<String>,
    /// The address of a program that is told by a signed POST. Empty: none.
    pub(crate) webhook: String,
    /// `whsec_` and base64.
    pub(crate) webhook_secret: String,
    pub(crate) webhook_secret_file: PathBuf,
    /// In which language.
    pub(crate) language: String,
    /// When only what binds is told: two times of day. Empty: never.
    pub(crate) quiet_from: String,
    pub(crate) quiet_to: String,
    /// By which clock: `Europe/Warsaw`, `+02:00`. Empty: UTC.
    pub(crate) time_zone: String,
    /// Half of the time that an order gives has gone.
    pub(crate) orders: bool,
    /// More open cases than this. 0: never.
    pub(crate) queue_over: u64,
    /// As many matches of one thing that a bank knows, or posts that are alike and that no bank knows, ... 0: never.
    pub(crate) wave_matches: u64,
    /// ... within as many minutes.
    pub(crate) wave_minutes: f64,
    /// Jobs that failed for good.
    pub(crate) dead_jobs: bool,
    /// Less free than this on the disk. 0: never.
    pub(crate) disk_free_bytes: u64,
}

impl Default for AlarmsConfig {
    fn default() -> Self {
        let rules = AlarmRules::default();
        Self {
            mail: Vec::new(),
            webhook: String::new(),
            webhook_secret: String::new(),
            webhook_secret_file: PathBuf::new(),
            language: "en".to_owned(),
            quiet_from: String::new(),
            quiet_to: String::new(),
            time_zone: String::new(),
            orders: rules.orders,
            queue_over: rules.queue_over,
            wave_matches: rules.wave_matches,
            wave_minutes: 10.0,
            dead_jobs: rules.dead_jobs,
            disk_free_bytes: rules.disk_free_bytes,
        }
    }
}

/// `[away]`: when nobody is at home, and what happens then.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AwayConfig {
    /// When no operator was seen for as many hours. 0: never.
    pub(crate) after_hours: f64,
    /// When more cases than this are open. 0: never.
    pub(crate) queue_over: u64,
    /// Which levers are pulled then.
    pub(crate) levers: Vec<Lever>,
    /// What orders to act are about is held until somebody decides.
    pub(crate) hold_orders: bool,
}

impl Default for AwayConfig {
    fn default() -> Self {
        Self { after_hours: 0.0, queue_over: 0, levers: vec![Lever::HoldUploads, Lever::NoLinks], hold_orders: false }
    }
}

/// A length of time of so many units.
fn length_ms(key: &str, number: f64, unit_ms: i64) -> Result<i64> {
    // A hundred years.
    ensure!((0.0..=876_000.0).contains(&number), "{key}: {number} is no length of time");
    // Both are far below 2^52.
    Ok((number * unit_ms as f64).round() as i64)
}

/// `[log]`
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// What is written down, as in `RUST_LOG`, which comes before it.
    pub(crate) level: String,
    /// For people or for programs.
    pub(crate) format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What a key says, if it says anything.
fn wish<T>(key: &str, text: &str, parse: impl Fn(&str) -> Result<T, web::HouseError>) -> Result<Option<T>> {
    (!text.trim().is_empty()).then(|| parse(text).with_context(|| key.to_owned())).transpose()
}

fn words(text: &str) -> Option<String> {
    let text = domain::text::clean_line(text);
    (!text.is_empty()).then_some(text)
}

impl ContactConfig {
    /// Who runs the site. `users`: `site.contact`; `country`: `site.country`.
    fn points(&self, users: Option<web::Contact>, country: &str) -> Result<web::contact::Points> {
        let phone = |key: &str, text: &str| {
            let text = if text.trim().is_empty() || text.trim().starts_with("tel:") {
                text.trim().to_owned()
            } else {
                format!("tel:{}", text.replace(' ', ""))
            };
            wish(key, &text, web::Contact::parse)
        };
        let authorities = wish("contact.authorities", &self.authorities, web::Contact::parse)?.or_else(|| users.clone());
        let orders = wish("contact.orders", &self.orders, web::Contact::parse)?.or_else(|| authorities.clone());
        let representative = web::contact::Representative {
            name: words(&self.representative).unwrap_or_default(),
            address: words(&self.representative_address),
            email: wish("contact.representative_email", &self.representative_email, web::Contact::parse)?,
            phone: phone("contact.representative_phone", &self.representative_phone)?,
        };
        ensure!(
            !representative.name.is_empty() || representative == web::contact::Representative::default(),
            "contact.representative: is needed where anything else is said of them"
        );
        let mut languages = Vec::new();
        for tag in &self.languages {
            let language = domain::Language::parse(tag).ok_or_else(|| web::HouseError::Language(tag.clone()));
            languages.push(language.context("contact.languages")?);
        }
        Ok(web::contact::Points {
            name: words(&self.name),
            address: words(&self.address),
            phone: phone("contact.phone", &self.phone)?,
            country: wish("site.country", country, web::contact::Country::parse)?,
            users,
            authorities,
            orders,
            languages,
            representative: (!representative.name.is_empty()).then_some(representative),
        })
    }
}

impl SiteConfig {
    /// The country that the site is established in.
    pub(crate) fn home(&self) -> Result<Option<Jurisdiction>> {
        match self.country.trim() {
            "" => Ok(None),
            country => Jurisdiction::parse(country)
                .filter(|home| home.as_str() != "EU")
                .map(Some)
                .with_context(|| format!("site.country: {country:?} is no country; it has two letters, such as PL")),
        }
    }
}

impl Config {
    /// How the site sends mail.
    pub(crate) fn post(&self) -> Result<Option<app::Post>> {
        let mail = &self.mail;
        if mail.server.trim().is_empty() {
            ensure!(mail.from.trim().is_empty() && mail.password.is_empty(), "mail.server: is needed where anything else of [mail] is set");
            return Ok(None);
        }
        // Mail holds links, and nobody asks a host for it.
        let origin = self.site.public_url.trim_end_matches('/').to_owned();
        ensure!(!origin.is_empty(), "mail.server: mail holds links, so site.public_url has to say what they begin with");
        let host = url::Url::parse(&origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let server = app::Server::parse(&mail.server, &mail.password, &mail.from, &host, mail.without_tls);
        let name = match self.site.name.trim() {
            "" => host,
            name => name.to_owned(),
        };
        let house = self.house()?;
        let provider = house.points.name.clone().unwrap_or_else(|| name.clone());
        let contact = house.reached().map(str::to_owned);
        Ok(Some(app::Post { server: server.context("[mail]")?, origin, name, provider, contact, write: web::letters::write }))
    }

    /// Of what the operator is told.
    pub(crate) fn alarms(&self) -> Result<app::Alarms> {
        let alarms = &self.alarms;
        let origin = self.site.public_url.trim_end_matches('/').to_owned();
        ensure!(
            !origin.is_empty() || (alarms.mail.is_empty() && alarms.webhook.trim().is_empty()),
            "[alarms]: an alarm holds a link to the console, so site.public_url has to say what it begins with"
        );
        ensure!(alarms.mail.is_empty() || !self.mail.server.trim().is_empty(), "alarms.mail: needs a mail.server");
        for address in &alarms.mail {
            ensure!(domain::notice::is_mail_address(address), "alarms.mail: {address:?} is no mail address");
        }
        let webhook = match alarms.webhook.trim() {
            "" => {
                ensure!(alarms.webhook_secret.is_empty(), "alarms.webhook: is needed where alarms.webhook_secret is set");
                None
            }
            address => Some(app::alarms::webhook::Webhook::parse(address, &alarms.webhook_secret).context("alarms.webhook")?),
        };
        let quiet = match (alarms.quiet_from.trim(), alarms.quiet_to.trim()) {
            ("", "") => None,
            (from, to) => Some(
                app::alarms::Quiet::parse(from, to, &alarms.time_zone).context("alarms.quiet_from, alarms.quiet_to, alarms.time_zone")?,
            ),
        };
        let language = web::locale::Locale::parse(&alarms.language)
            .with_context(|| format!("alarms.language: {:?} is none of en, ar, pl", alarms.language))?;
        let wave_ms = length_ms("alarms.wave_minutes", alarms.wave_minutes, domain::time::MINUTE_MS)?;
        ensure!(alarms.wave_matches == 0 || wave_ms > 0, "alarms.wave_minutes: a wave takes some time");
        let host = url::Url::parse(&origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        Ok(app::Alarms {
            rules: AlarmRules {
                orders: alarms.orders,
                queue_over: alarms.queue_over,
                wave_matches: alarms.wave_matches,
                wave_ms,
                dead_jobs: alarms.dead_jobs,
                disk_free_bytes: alarms.disk_free_bytes,
            },
            quiet,
            mail: alarms.mail.clone(),
            webhook,
            language: language.tag().to_owned(),
            origin,
            name: if self.site.name.trim().is_empty() { host } else { self.site.name.trim().to_owned() },
            write: Some(web::letters::alarms),
        })
    }

    /// What happens when nobody is at home.
    pub(crate) fn away(&self) -> Result<app::Away> {
        let away = &self.away;
        Ok(app::Away {
            rules: AwayRules {
                after_ms: length_ms("away.after_hours", away.after_hours, domain::time::HOUR_MS)?,
                queue_over: away.queue_over,
            },
            levers: away.levers.clone(),
            hold_orders: away.hold_orders,
        })
    }

    /// What the operator made of the site.
    pub(crate) fn house(&self) -> Result<web::House> {
        let site = &self.site;
        let contact = wish("site.contact", &site.contact, web::Contact::parse)?;
        Ok(web::House {
            name: (!site.name.trim().is_empty()).then(|| site.name.trim().to_owned()),
            colour: wish("site.colour", &site.colour, web::Colour::parse)?,
            announcement: wish("site.announcement", &site.announcement, web::Announcement::parse)?,
            points: self.contact.points(contact.clone(), &site.country)?,
            contact,
        })
    }

    /// Reads `file` if there is one, then the environment.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        let mut config = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
                // The file by itself first: its errors then name the file and the line.
                toml::from_str::<Self>(&text).with_context(|| format!("{} is not a configuration of Handbill", file.display()))?;
                Self::parse(&text, std::env::vars())?
            }
            None => Self::parse("", std::env::vars())?,
        };
        secret_from(&mut config.database.url, &config.database.url_file, "database.url_file")?;
        secret_from(&mut config.mail.password, &config.mail.password_file, "mail.password_file")?;
        secret_from(&mut config.alarms.webhook_secret, &config.alarms.webhook_secret_file, "alarms.webhook_secret_file")?;
        secret_from(&mut config.blobs.s3_secret_key, &config.blobs.s3_secret_key_file, "blobs.s3_secret_key_file")?;
        config.check()?;
        Ok(config)
    }

    fn parse(text: &str, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut table: Table = text.parse().context("the configuration is not TOML")?;
        let defaults = Table::try_from(Self::default()).context("the defaults cannot be written")?;
        for (name, value) in environment {
            let Some(path) = name.strip_prefix("HANDBILL__") else { continue };
            let Some((section, key)) = path.split_once("__") else { bail!("{name}: expected HANDBILL__SECTION__KEY") };
            let (section, key) = (section.to_lowercase(), key.to_lowercase());
            let Some(default) = defaults.get(&section).and_then(|section| section.get(&key)) else { bail!("{name}: there is no such key") };
            let value = of_its_kind(&value, default).with_context(|| name.clone())?;
            let alone = Table::from_iter([(section.clone(), Value::Table(Table::from_iter([(key.clone(), value.clone())])))]);
            alone.try_into::<Self>().with_context(|| name.clone())?;
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            let Some(section) = section.as_table_mut() else { bail!("{name}: not a section") };
            section.insert(key, value);
        }
        table.try_into().context("the configuration has a key that does not exist, or a value of the wrong kind")
    }

    /// What TOML cannot say is wrong.
    fn check(&self) -> Result<()> {
        for (key, url) in [("site.public_url", &self.site.public_url), ("site.media_url", &self.site.media_url)] {
            if url.is_empty() {
                continue;
            }
            let parsed = url::Url::parse(url).with_context(|| format!("{key}: {url:?} is not a URL such as https://kites.example"))?;
            ensure!(
                matches!(parsed.scheme(), "http" | "https") && parsed.has_host() && parsed.query().is_none() && parsed.fragment().is_none(),
                "{key}: {url:?} should look like https://kites.example"
            );
            // Pages name their own files from the root.
            ensure!(parsed.path() == "/", "{key}: {url:?} has a path; a site lives at the root of its own host name");
        }
        self.house()?;
        self.post()?;
        self.alarms()?;
        self.away()?;
        self.site.home()?;
        ensure!(self.media.workers >= 1, "media.workers: at least 1 is needed");
        ensure!(
            self.blobs.s3_endpoint.is_empty() || !self.blobs.s3_bucket.is_empty(),
            "blobs.s3_bucket: is needed where blobs.s3_endpoint is set"
        );
        Ok(())
    }
}

/// An environment variable has no kind of its own: it is read as the kind that the key has.
fn of_its_kind(value: &str, default: &Value) -> Result<Value> {
    Ok(match default {
        Value::Integer(_) => Value::Integer(value.parse().with_context(|| format!("{value:?} is not a number"))?),
        Value::Float(_) => Value::Float(value.parse().with_context(|| format!("{value:?} is not a number"))?),
        Value::Boolean(_) => Value::Boolean(value.parse().with_context(|| format!("{value:?} is neither true nor false"))?),
        // A list of words, with commas between them.
        Value::Array(_) => value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Value::from).collect::<Vec<_>>().into(),
        _ => Value::String(value.to_owned()),
    })
}

fn secret_from(value: &mut String, file: &Path, key: &str) -> Result<()> {
    if !file.as_os_str().is_empty() {
        let text = std::fs::read_to_string(file).with_context(|| format!("{key}: {} could not be read", file.display()))?;
        text.trim().clone_into(value);
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
    fn an_error_names_the_variable_and_what_is_wrong_with_it() {
        let words = |environment: &[(&str, &str)]| format!("{:#}", parse("", environment).expect_err("it is refused"));
        assert_eq!(words(&[("HANDBILL__SITE__PUBLIC_ULR", "x")]), "HANDBILL__SITE__PUBLIC_ULR: there is no such key");
        assert!(words(&[("HANDBILL__MEDIA__WORKERS", "many")]).starts_with("HANDBILL__MEDIA__WORKERS: \"many\" is not a number"));
        assert!(words(&[("HANDBILL__LIMITS__PIXELS", "-1")]).starts_with("HANDBILL__LIMITS__PIXELS"));
        assert!(words(&[("HANDBILL__LOG__FORMAT", "xml")]).starts_with("HANDBILL__LOG__FORMAT"));
    }

    #[test]
    fn a_password_of_digits_is_still_words() {
        let config = parse("", &[("HANDBILL__BLOBS__S3_SECRET_KEY", "12345")]).expect("it reads");
        assert_eq!(config.blobs.s3_secret_key, "12345");
    }

    #[test]
    fn trusted_proxies_are_addresses_and_ranges_in_the_file_and_in_the_environment() {
        let networks =
            |texts: &[&str]| texts.iter().map(|text| Network::try_from((*text).to_owned()).expect("it reads")).collect::<Vec<_>>();
        let config = parse("[server]\ntrusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]", &[]).expect("it reads");
        assert_eq!(config.server.trusted_proxies, networks(&["127.0.0.1", "10.0.0.0/8"]));
        let config =
            parse("", &[("HANDBILL__SERVER__TRUSTED_PROXIES", "::1, fd00::/8"), ("HANDBILL__SERVER__FORWARDED_HEADER", "forwarded")]);
        let server = config.expect("it reads").server;
        assert_eq!(server.trusted_proxies, networks(&["::1", "fd00::/8"]));
        assert_eq!(server.forwarded_header, web::ForwardedHeader::Forwarded);
        let wrong = parse("[server]\ntrusted_proxies = [\"10.0.0.1/8\"]", &[]).expect_err("it is refused");
        assert!(format!("{wrong:#}").contains("10.0.0.1/8"), "{wrong:#}");
        assert!(parse("", &[("HANDBILL__SERVER__TRUSTED_PROXIES", "localhost")]).is_err());
    }

    #[test]
    fn the_rule_that_holds_at_once_is_read_from_the_file_and_from_the_environment() {
        let rules = |texts: &[&str]| -> HoldRules {
            texts.iter().map(|text| domain::case::HoldRule::try_from((*text).to_owned()).expect("it reads")).collect()
        };
        let config = parse("[cases]\nhold = [\"tco_removal_order\", \"trusted_flagger/terrorism\"]", &[]).expect("it reads");
        assert_eq!(config.cases.hold, rules(&["tco_removal_order", "trusted_flagger/terrorism"]));
        let config = parse("", &[("HANDBILL__CASES__HOLD", "court_order, tco_removal_order")]).expect("it reads");
        assert_eq!(config.cases.hold, rules(&["court_order", "tco_removal_order"]));
        let wrong = parse("[cases]\nhold = [\"everybody\"]", &[]).expect_err("it is refused");
        assert!(format!("{wrong:#}").contains("everybody"), "{wrong:#}");
    }

    #[test]
    fn a_recipient_that_is_none_is_told_with_its_line_and_a_secret_is_told_apart() {
        let (identity, recipient) = app::evidence::keygen(domain::Time(0));
        let config = parse(&format!("[evidence]\nrecipients = [\"{recipient}\"]"), &[]).expect("it reads");
        assert_eq!(config.evidence.recipients, std::slice::from_ref(&recipient));
        let both = format!("{recipient}, {recipient}");
        assert_eq!(parse("", &[("HANDBILL__EVIDENCE__RECIPIENTS", &both)]).expect("it reads").evidence.recipients.len(), 2);
        let words = |text: &str| toml::from_str::<Config>(text).expect_err("it is refused").to_string();
        let wrong = words("[site]\nname = \"Kites\"\n[evidence]\nrecipients = [\"age1kite\"]");
        assert!(wrong.contains("line 4") && wrong.contains("no age recipient"), "{wrong}");
        let secret = identity.lines().last().expect("three lines");
        assert!(words(&format!("[evidence]\nrecipients = [\"{secret}\"]")).contains("secret identity"));
        assert!(parse("", &[("HANDBILL__EVIDENCE__RECIPIENTS", "ola@kites.example")]).is_err());
    }

    #[test]
    fn a_public_url_that_cannot_begin_a_link_is_refused() {
        let with = |url: &str| {
            let mut config = Config::default();
            config.site.public_url = url.to_owned();
            config.check()
        };
        for good in ["", "https://kites.example", "https://kites.example/", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(with(good).is_ok(), "{good}");
        }
        for bad in ["kites.example", "ftp://kites.example", "https://kites.example/site", "https://kites.example/?a", "https://"] {
            assert!(with(bad).is_err_and(|error| format!("{error:#}").starts_with("site.public_url")), "{bad}");
        }
    }

    #[test]
    fn what_the_operator_wishes_is_checked_before_the_site_starts() {
        let with = |key: &str, value: &str| {
            let config = parse(&format!("[site]\n{key} = \"{value}\""), &[]).expect("it reads");
            config.check().map_err(|error| format!("{error:#}"))
        };
        for (key, value) in [
            ("colour", "#1f6f4a"),
            ("announcement", "We move on **Sunday**."),
            ("contact", "ola@kites.example"),
            ("contact", " "),
            ("country", "pl"),
        ] {
            assert_eq!(with(key, value), Ok(()), "{key} {value}");
        }
        for (key, value) in
            [("colour", "reddish"), ("contact", "Ola"), ("contact", "javascript:alert(1)"), ("country", "Poland"), ("country", "EU")]
        {
            assert!(with(key, value).is_err_and(|words| words.starts_with(&format!("site.{key}: "))), "{key} {value}");
        }
    }

    #[test]
    fn mail_needs_a_server_a_sender_and_an_origin_of_links() {
        let post = |text: &str| {
            let told = parse(text, &[]).expect("it reads").post().map_err(|error| format!("{error:#}"));
            told.map(|post| post.map(|post| (post.server.shown(), post.name)))
        };
        assert_eq!(post(""), Ok(None));
        let site = "[site]\npublic_url = \"https://kites.example/\"\n[mail]\nserver = \"smtps://mail.kites.example\"\n";
        assert_eq!(
            post(&format!("{site}from = \"Kites <reports@kites.example>\"")),
            Ok(Some(("mail.kites.example:465".to_owned(), "kites.example".to_owned())))
        );
        for (text, told) in [
            (site.to_owned(), "[mail]: \"\" is no sender"),
            ("[mail]\nserver = \"smtps://mail.kites.example\"\nfrom = \"a@b.example\"".to_owned(), "mail.server: mail holds links"),
            ("[mail]\nfrom = \"a@b.example\"".to_owned(), "mail.server: is needed"),
            (site.replace("smtps://", "smtps://ola:secret@"), "[mail]: a password does not stand"),
        ] {
            assert!(post(&text).is_err_and(|words| words.starts_with(told) && !words.contains("secret@")), "{text}");
        }
    }

    #[test]
    fn alarms_need_a_way_a_link_and_hours_that_read() {
        store::use_ring();
        let alarms = |text: &str| {
            let told = parse(text, &[]).expect("it reads").alarms().map_err(|error| format!("{error:#}"));
            told.map(|alarms| (alarms.mail.len(), alarms.webhook.is_some(), alarms.quiet.is_some()))
        };
        assert_eq!(alarms(""), Ok((0, false, false)));
        let site = "[site]\npublic_url = \"https://kites.example\"\n";
        let mail = "[mail]\nserver = \"smtp://localhost\"\nfrom = \"a@kites.example\"\n";
        let hook = "webhook = \"https://ola.example/alarms\"\nwebhook_secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
        assert_eq!(
            alarms(&format!("{site}{mail}[alarms]\nmail = [\"ola@kites.example\"]\n{hook}quiet_from = \"22:00\"\nquiet_to = \"07:00\"")),
            Ok((1, true, true))
        );
        for (text, told) in [
            (format!("[alarms]\n{hook}"), "[alarms]: an alarm holds a link"),
            (format!("{site}[alarms]\nmail = [\"ola@kites.example\"]"), "alarms.mail: needs"),
            (format!("{site}{mail}[alarms]\nmail = [\"Ola\"]"), "alarms.mail: \"Ola\" is no"),
            (format!("{site}[alarms]\nwebhook = \"https://ola.example\""), "alarms.webhook: its secret"),
            (format!("{site}[alarms]\nwebhook_secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\""), "alarms.webhook: is needed"),
            (format!("{site}[alarms]\nquiet_from = \"22:00\""), "alarms.quiet_from"),
            (format!("{site}[alarms]\nquiet_from = \"22:00\"\nquiet_to = \"7:00\"\ntime_zone = \"Europe/Nowhere\""), "alarms.quiet_from"),
            ("[alarms]\nlanguage = \"xx\"".to_owned(), "alarms.language"),
            ("[alarms]\nwave_minutes = -1".to_owned(), "alarms.wave_minutes"),
        ] {
            assert!(alarms(&text).is_err_and(|words| words.starts_with(told)), "{text}: {:?}", alarms(&text));
        }
    }

    #[test]
    fn hours_and_minutes_may_be_parts_of_one_and_are_read_from_the_environment_too() {
        let away =
            |text: &str, environment: &[(&str, &str)]| parse(text, environment).expect("it reads").away().expect("it is whole").rules;
        assert_eq!(away("[away]\nafter_hours = 12", &[]).after_ms, 12 * domain::time::HOUR_MS);
        assert_eq!(away("", &[("HANDBILL__AWAY__AFTER_HOURS", "0.5")]).after_ms, domain::time::HOUR_MS / 2);
        assert!(parse("[away]\nafter_hours = -1", &[]).expect("it reads").away().is_err());
        assert!(parse("", &[("HANDBILL__AWAY__AFTER_HOURS", "a night")]).is_err());
    }

    #[test]
    fn contact_points_fall_back_on_each_other_and_are_checked() {
        let points =
            |text: &str| parse(text, &[]).expect("it reads").house().map(|house| house.points).map_err(|error| format!("{error:#}"));
        let told = points(
            "[site]\ncontact = \"ola@kites.example\"\n[contact]\norders = \"orders@kites.example\"\nphone = \"+48 22 555 01 01\"\nlanguages = [\"pl\"]",
        );
        let told = told.expect("it is whole");
        let shown = |contact: &Option<web::Contact>| contact.as_ref().map(|contact| contact.shown.clone()).unwrap_or_default();
        assert_eq!(shown(&told.authorities), "ola@kites.example");
        assert_eq!(shown(&told.orders), "orders@kites.example");
        assert_eq!(shown(&told.phone), "+48225550101");
        for (text, key) in [
            ("authorities = \"Ola\"", "contact.authorities"),
            ("\n[site]\ncountry = \"Poland\"", "site.country"),
            ("languages = [\"a language\"]", "contact.languages"),
            ("representative_email = \"ola@kites.example\"", "contact.representative"),
        ] {
            assert!(points(&format!("[contact]\n{text}")).is_err_and(|words| words.starts_with(key)), "{text}");
        }
    }

    /// Every `section.key` of a table, with its value.
    fn keys(table: &Table) -> Vec<(String, Value)> {
        let sections = table.iter().flat_map(|(section, keys)| keys.as_table().into_iter().flatten().map(move |key| (section, key)));
        sections.map(|(section, (key, value))| (format!("{section}.{key}"), value.clone())).collect()
    }

    #[test]
    fn the_package_brings_a_configuration_that_sets_nothing_until_its_marks_are_taken_away() {
        let brought = include_str!("../../../deploy/config.toml");
        assert_eq!(parse(brought, &[]).expect("it reads"), Config::default());
        let set = parse(&brought.replace("#: ", ""), &[]).expect("it reads");
        assert_eq!((set.site.public_url.as_str(), set.server.trusted_proxies.len()), ("https://kites.example", 2));
    }

    #[test]
    fn the_example_names_every_key_with_its_default() {
        let example = include_str!("../../../config.example.toml");
        assert_eq!(parse(example, &[]).expect("the example reads"), Config::default(), "as it stands it sets nothing");
        let set: String = example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
        let named = keys(&set.parse().expect("it is TOML"));
        let known = keys(&Table::try_from(Config::default()).expect("it writes"));
        assert_eq!(named.iter().filter(|key| !known.contains(key)).collect::<Vec<_>>(), Vec::<&(String, Value)>::new());
        assert_eq!(known.iter().filter(|key| !named.contains(key)).collect::<Vec<_>>(), Vec::<&(String, Value)>::new());
        assert!(known.len() > 20, "the comparison sees the keys");
    }
}
