//! One mail to one server, by SMTP. What the server says is told by its codes alone: its words repeat addresses.

use std::time::{Duration, SystemTime};

use domain::Time;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers};
use lettre::message::{Mailbox, MessageBuilder, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::{Address, Message};

use super::Letter;

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ports by custom: RFC 8314 and RFC 6409.
const WRAPPED_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// The operator's mail server, and who the site is to it.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    login: Option<(String, String)>,
    from: Mailbox,
    /// What stands behind the `@` of a Message-ID, and what the site calls itself to the server.
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte.
    Wrapped,
    /// `STARTTLS`, or nothing is sent.
    Upgraded,
    /// None: the server is this machine, or the operator says that nobody is on the way.
    None,
}

/// What is wrong with a server's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// No address of a server.
    #[error("{0:?} is no mail server such as smtps://user@mail.kites.example:465 or smtp://user@mail.kites.example:587")]
    Server(String),
    /// The password does not belong there.
    #[error("a password does not stand in the server's address; write it into the file that mail.password_file names")]
    PasswordInAddress,
    /// A password without a name, or a name without a password.
    #[error("a user and a password belong together")]
    Login,
    /// A password that would be sent to everybody on the way.
    #[error("a password is not sent without TLS to another machine")]
    BarePassword,
    /// No sender.
    #[error("{0:?} is no sender such as \"Kites <reports@kites.example>\"")]
    From(String),
}

/// Why a mail was not sent; with the codes of the server's answer, or a word for what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// It never will be: the server refuses it, or the address is none.
    Refused(String),
    /// It may be, later.
    NotNow(String),
}

impl Server {
    /// Reads `smtps://user@host:465` (TLS at once) or `smtp://user@host:587` (STARTTLS; without TLS only to this machine, or where `without_tls` says
    /// so), and a sender. `name`: the site's host name.
    ///
    /// # Errors
    /// It says which part is wrong.
    pub fn parse(address: &str, password: &str, from: &str, name: &str, without_tls: bool) -> Result<Self, MailError> {
        let wrong = || MailError::Server(without_password(address));
        let url = url::Url::parse(address.trim()).map_err(|_| wrong())?;
        if url.password().is_some() {
            return Err(MailError::PasswordInAddress);
        }
        let plain = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let host = url.host_str().filter(|host| !host.is_empty() && plain).ok_or_else(wrong)?.to_owned();
        let near = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Wrapped, WRAPPED_PORT),
            "smtp" if near || without_tls => (Security::None, SUBMISSION_PORT),
            "smtp" => (Security::Upgraded, SUBMISSION_PORT),
            _ => return Err(wrong()),
        };
        let user = percent_encoding::percent_decode_str(url.username()).decode_utf8().map_err(|_| wrong())?.into_owned();
        let login = match (user.is_empty(), password.is_empty()) {
            (true, true) => None,
            (false, false) => Some((user, password.to_owned())),
            _ => return Err(MailError::Login),
        };
        if login.is_some() && security == Security::None && !near {
            return Err(MailError::BarePassword);
        }
        let from: Mailbox = from.trim().parse().map_err(|_| MailError::From(from.to_owned()))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(port), security, login, from, name: name.to_owned() })
    }

    /// `host:port`, for whoever looks after it.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Connects and signs in, and sends nothing.
    ///
    /// # Errors
    /// In words for whoever looks after the site.
    pub async fn knock(&self) -> Result<(), String> {
        let mut connection = self.connect().await.map_err(|error| chain(&error))?;
        connection.abort().await;
        Ok(())
    }

    /// Sends one mail. `id` makes its Message-ID, so that one that is sent twice is seen to be the same; `thread`: the one that it follows.
    pub(super) async fn send(&self, to: &str, letter: &Letter, id: &str, thread: Option<&str>, now: Time) -> Result<(), Unsent> {
        let Some(to) = address(to) else { return Err(Unsent::Refused("address".to_owned())) };
        let message = self.message(&to, letter, id, thread, now).map_err(|_| Unsent::Refused("address".to_owned()))?;
        let mut connection = self.connect().await.map_err(|error| Unsent::NotNow(codes(&error)))?;
        let sent = self.hand_over(&mut connection, &to, &message.formatted()).await;
        connection.abort().await;
        sent
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::Domain(self.name.clone());
        let tls = || TlsParameters::new(self.host.clone());
        let wrapped = if self.security == Security::Wrapped { Some(tls()?) } else { None };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((self.host.as_str(), self.port), Some(PATIENCE), &hello, wrapped, None).await?;
        if self.security == Security::Upgraded {
            connection.starttls(tls()?, &hello).await?;
        }
        if let Some((user, password)) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, &Credentials::new(user.clone(), password.clone())).await?;
        }
        Ok(connection)
    }

    /// Only what the server says of the recipient and of the mail itself is a refusal; what it says of the site is for its operator to mend.
    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, to: &Address, message: &[u8]) -> Result<(), Unsent> {
        let not_now = |error: lettre::transport::smtp::Error| Unsent::NotNow(codes(&error));
        let refused = |error: lettre::transport::smtp::Error| {
            if error.is_permanent() { Unsent::Refused(codes(&error)) } else { Unsent::NotNow(codes(&error)) }
        };
        let mut parameters = Vec::new();
        let in_latin = |address: &Address| address.user().is_ascii() && address.domain().is_ascii();
        if !in_latin(to) || !in_latin(&self.from.email) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Unsent::Refused("smtputf8".to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        connection.command(Mail::new(Some(self.from.email.clone()), parameters)).await.map_err(not_now)?;
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(refused)?;
        connection.command(Data).await.map_err(refused)?;
        connection.message(message).await.map_err(refused)?;
        Ok(())
    }

    fn message(&self, to: &Address, letter: &Letter, id: &str, thread: Option<&str>, now: Time) -> Result<Message, lettre::error::Error> {
        let named = |id: &str| format!("<{id}@{}>", self.name);
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
        let mut builder: MessageBuilder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .date(date)
            .message_id(Some(named(id)))
            .subject(letter.subject.clone());
        if let Some(thread) = thread {
            builder = builder.in_reply_to(named(thread)).references(named(thread));
        }
        // Base64 for what has other letters: of Arabic, quoted-printable makes three times as much.
        let encoding = if letter.body.is_ascii() { ContentTransferEncoding::QuotedPrintable } else { ContentTransferEncoding::Base64 };
        let part = SinglePart::builder().header(ContentType::TEXT_PLAIN).header(encoding).body(letter.body.clone());
        let mut message = builder.singlepart(part)?;
        // Nobody's holiday answers a machine (RFC 3834).
        let headers: &mut Headers = message.headers_mut();
        for (name, value) in [("Auto-Submitted", "auto-generated"), ("Content-Language", letter.language.as_str())] {
            headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
        }
        Ok(message)
    }
}

/// An address as it is sent to: a host of other letters is told in those that every server knows (RFC 5891).
fn address(text: &str) -> Option<Address> {
    let (user, host) = text.rsplit_once('@')?;
    let host = match url::Host::parse(host).ok()? {
        url::Host::Domain(host) => host,
        _ => return None,
    };
    Address::new(user, host).ok()
}

/// What a server answered, in codes: `550 5.1.1`; or in a word, what happened before it could.
fn codes(error: &lettre::transport::smtp::Error) -> String {
    let Some(code) = error.status() else {
        let word = match () {
            () if error.is_timeout() => "timeout",
            () if error.is_tls() => "tls",
            () if error.is_client() => "not understood",
            () if error.is_response() => "no answer",
            () => "connection",
        };
        return word.to_owned();
    };
    // The enhanced code begins the server's words (RFC 2034).
    let words = chain(error);
    let enhanced = words.split(|c: char| !(c.is_ascii_digit() || c == '.')).find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() == 3 && matches!(parts.first(), Some(&("4" | "5"))) && parts.iter().all(|part| (1..=3).contains(&part.len()))
    });
    match enhanced {
        Some(enhanced) => format!("{code} {enhanced}"),
        None => code.to_string(),
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let (mut words, mut next) = (error.to_string(), error.source());
    while let Some(inner) = next {
        let text = inner.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        next = inner.source();
    }
    words
}

/// Whatever stands where a password may stand is told to nobody.
fn without_password(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str, password: &str) -> Result<Server, MailError> {
        Server::parse(address, password, "Kites <reports@kites.example>", "kites.example", false)
    }

    #[test]
    fn a_server_is_reached_by_tls_unless_it_is_this_machine() {
        let told = |address: &str, password: &str| server(address, password).map(|server| (server.shown(), server.security));
        let is = |shown: &str, security| Ok((shown.to_owned(), security));
        assert_eq!(told("smtps://ola@mail.kites.example", "secret"), is("mail.kites.example:465", Security::Wrapped));
        assert_eq!(told("smtp://mail.kites.example", ""), is("mail.kites.example:587", Security::Upgraded));
        assert_eq!(told("smtp://127.0.0.1:2525", ""), is("127.0.0.1:2525", Security::None));
        assert_eq!(told("smtp://[::1]:2525", ""), is("::1:2525", Security::None));
        let bare = Server::parse("smtp://mail:25", "", "a@b.example", "kites.example", true).map(|server| server.security);
        assert_eq!(bare, Ok(Security::None));
        let login = server("smtps://ola%40kites.example@mail.kites.example", "secret").map(|server| server.login);
        assert_eq!(login, Ok(Some(("ola@kites.example".to_owned(), "secret".to_owned()))));
    }

    #[test]
    fn what_is_no_server_is_refused_and_no_password_is_repeated() {
        for wrong in ["", "mail.kites.example", "http://mail.kites.example", "smtps://", "smtps://host/path", "smtp://host?tls=none"] {
            assert!(matches!(server(wrong, ""), Err(MailError::Server(_))), "{wrong}");
        }
        assert_eq!(server("smtps://ola:secret@mail.kites.example", "").err(), Some(MailError::PasswordInAddress));
        assert_eq!(server("smtps://ola@mail.kites.example", "").err(), Some(MailError::Login));
        assert_eq!(server("smtps://mail.kites.example", "secret").err(), Some(MailError::Login));
        let bare = Server::parse("smtp://ola@mail:25", "secret", "a@b.example", "kites.example", true);
        assert_eq!(bare.err(), Some(MailError::BarePassword));
        let garbled = server("ftp://ola:secret@mail.kites.example", "").err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!garbled.contains("secret"), "{garbled}");
        assert!(Server::parse("smtp://127.0.0.1", "", "nobody", "kites.example", false).is_err());
    }

    #[test]
    fn an_address_cannot_become_a_header_and_a_host_of_other_letters_is_told_in_latin() {
        for wrong in [
            "",
            "ola",
            "@kites.example",
            "ola@",
            "ola@kites.example\r\nBcc: all@kites.example",
            "ola @kites.example",
            "<ola@k.example>",
            "ola@[127.0.0.1]",
            "ola@127.0.0.1",
        ] {
            assert_eq!(address(wrong), None, "{wrong:?}");
        }
        assert_eq!(address("ola@żagle.example").map(|address| address.to_string()), Some("ola@xn--agle-99a.example".to_owned()));
        assert!(address("سلمى@kites.example").is_some());
    }

    #[test]
    fn what_is_written_is_encoded_by_its_letters_and_says_that_a_machine_sent_it() {
        let server = server("smtp://127.0.0.1", "").expect("a server");
        let to = address("ola@kites.example").expect("an address");
        let letter = |subject: &str, body: &str| Letter { subject: subject.to_owned(), body: body.to_owned(), language: "ar".to_owned() };
        let text = |letter: &Letter| {
            let message = server.message(&to, letter, "receipt.a.", Some("receipt.b."), Time(1_795_487_400_000)).expect("a message");
            String::from_utf8(message.formatted()).expect("it is ASCII")
        };
        let arabic = text(&letter("وصل بلاغك", "سطر\r\nآخر"));
        for line in [
            "Content-Transfer-Encoding: base64",
            "Auto-Submitted: auto-generated",
            "Content-Language: ar",
            "Message-ID: <receipt.a.@kites.example>",
            "In-Reply-To: <receipt.b.@kites.example>",
            "Date: Tue, 24 Nov 2026 02:30:00 +0000",
        ] {
            assert!(arabic.contains(line), "{line}: {arabic}");
        }
        assert!(arabic.is_ascii() && arabic.contains("Subject: =?utf-8?b?"), "{arabic}");
        let sly = text(&letter("Kites\r\nBcc: all@kites.example", "words"));
        assert!(!sly.lines().any(|line| line.starts_with("Bcc:")), "{sly}");
    }
}
