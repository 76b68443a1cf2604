//! What the operator made of the site: its name, its colour, an announcement, and how to reach them.

use color::{AlphaColor, Oklch, OpaqueColor, Srgb};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::assets::{self, Asset};
use crate::contact::Points;

/// The longest announcement, in bytes: it stands before what people came for.
const LONGEST_ANNOUNCEMENT: usize = 4_000;

/// What makes one site look and sound unlike another. Nothing of it must be set.
#[derive(Debug, Default)]
pub struct House {
    /// The operator's name for the site; `None`: the software's own.
    pub name: Option<String>,
    /// The bold colour of its pages; `None`: the software's own.
    pub colour: Option<Colour>,
    /// What the operator has to say; `None`: nothing.
    pub announcement: Option<Announcement>,
    /// How to reach the operator; `None`: no way is given.
    pub contact: Option<Contact>,
    /// Who they are, and how whom reaches them.
    pub points: Points,
}

impl House {
    /// What stands behind `/assets/{file}`: a file of the software's own, or one made of the operator's wishes.
    #[must_use]
    pub fn asset(&self, file: &str) -> Option<&Asset> {
        assets::find(file).or_else(|| self.colour.as_ref()?.find(file))
    }

    /// How authorities reach the operator: by the way for orders, if there is one, else by the others.
    #[must_use]
    pub fn reached(&self) -> Option<&str> {
        let points = &self.points;
        let ways = [&points.orders, &points.authorities, &points.users, &self.contact];
        ways.into_iter().flatten().next().map(|contact| contact.shown.as_str())
    }
}

/// Why the operator's wish cannot be met.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HouseError {
    /// Not a colour.
    #[error("{0:?} is no colour such as \"#1f6f4a\", \"teal\" or \"oklch(0.5 0.1 150)\"")]
    Colour(String),
    /// A colour that lets others through.
    #[error("{0:?} is a colour that can be seen through; give one without transparency")]
    SeenThrough(String),
    /// More than an announcement.
    #[error("the text has {0} bytes; an announcement has {LONGEST_ANNOUNCEMENT} at most")]
    LongAnnouncement(usize),
    /// Neither an e-mail address nor a link.
    #[error("{0:?} is neither an e-mail address nor a link that begins with https://, http://, mailto: or tel:")]
    Contact(String),
    /// No country.
    #[error("{0:?} is no country such as \"PL\" (two letters, ISO 3166-1)")]
    Country(String),
    /// No language.
    #[error("{0:?} is no language such as \"pl\" (BCP 47)")]
    Language(String),
}

/// One colour, made fit to be read on paper and on a dark screen.
///
/// Its hue is the operator's; its lightness is moved as far as words in it need, and no further: every contrast is at least that
/// of WCAG 2.2, success criterion 1.4.3 (4.5 : 1).
#[derive(Debug)]
pub struct Colour {
    style: Asset,
    icon: Asset,
}

/// What stands behind words in the bold colour (`handbill.css`): paper, sheets, warnings; and the words in it when it is behind them.
const LIGHT: Ground =
    Ground { behind: [[0xf4, 0xef, 0xe4], [0xff, 0xfd, 0xf7], [0xfb, 0xe3, 0xdc]], inside: [0xff, 0xfd, 0xf7], step: -0.005 };
const DARK: Ground =
    Ground { behind: [[0x14, 0x13, 0x11], [0x1d, 0x1b, 0x18], [0x46, 0x21, 0x1a]], inside: [0x14, 0x13, 0x11], step: 0.005 };
const CONTRAST: f32 = 4.5;

struct Ground {
    behind: [[u8; 3]; 3],
    inside: [u8; 3],
    /// The way to more contrast.
    step: f32,
}

impl Colour {
    /// Reads a colour as CSS writes it: `#1f6f4a`, `teal`, `oklch(0.5 0.1 150)`.
    ///
    /// # Errors
    /// It is none, or is not opaque.
    pub fn parse(text: &str) -> Result<Self, HouseError> {
        let colour: AlphaColor<Srgb> = color::parse_color(text.trim()).map_err(|_| HouseError::Colour(text.to_owned()))?.to_alpha_color();
        let (colour, alpha) = colour.split();
        if alpha < 1.0 {
            return Err(HouseError::SeenThrough(text.to_owned()));
        }
        let (light, dark) = (hex(LIGHT.fit(colour)), hex(DARK.fit(colour)));
        let (on_light, on_dark) = (hex(LIGHT.inside), hex(DARK.inside));
        let style = format!(
            ":root{{--accent:{light};--on-accent:{on_light}}}\n\
             @media (prefers-color-scheme:dark){{:root{{--accent:{dark};--on-accent:{on_dark}}}}}\n"
        );
        let icon = include_str!("../assets/favicon.svg").replace("#d8321f", &light);
        Ok(Self { style: assets::made("colour.css", style), icon: assets::made("colour.svg", icon) })
    }

    /// The address of the style sheet that comes after the site's own.
    #[must_use]
    pub fn style(&self) -> &str {
        &self.style.url
    }

    /// The address of the site's mark in this colour.
    #[must_use]
    pub fn icon(&self) -> &str {
        &self.icon.url
    }

    fn find(&self, file: &str) -> Option<&Asset> {
        [&self.style, &self.icon].into_iter().find(|asset| asset.is(file))
    }
}

impl Ground {
    /// The nearest colour of this hue that can be read.
    fn fit(&self, colour: OpaqueColor<Srgb>) -> [u8; 3] {
        let [start, chroma, hue] = colour.convert::<Oklch>().components;
        let mut lightness = start.clamp(0.0, 1.0);
        loop {
            let shown = within_srgb(lightness, chroma, hue);
            if self.behind.iter().all(|&behind| contrast(shown, behind) >= CONTRAST) && contrast(shown, self.inside) >= CONTRAST {
                return shown;
            }
            // Black on light and white on dark are always enough, so it ends there at the latest.
            if !(0.0..=1.0).contains(&lightness) {
                return shown;
            }
            lightness += self.step;
        }
    }
}

/// The colour as a screen can show it: what is too colourful for its lightness becomes greyer, not another hue.
fn within_srgb(lightness: f32, mut chroma: f32, hue: f32) -> [u8; 3] {
    loop {
        let colour = OpaqueColor::<Oklch>::new([lightness.clamp(0.0, 1.0), chroma, hue]).convert::<Srgb>();
        if chroma < 0.001 || colour.components.iter().all(|part| (-0.001..=1.001).contains(part)) {
            let shown = colour.to_rgba8();
            return [shown.r, shown.g, shown.b];
        }
        chroma *= 0.96;
    }
}

/// WCAG 2.2's contrast ratio (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
fn contrast(a: [u8; 3], b: [u8; 3]) -> f32 {
    let [a, b] = [a, b].map(|[r, g, b]| OpaqueColor::<Srgb>::from_rgb8(r, g, b).relative_luminance() + 0.05);
    if a > b { a / b } else { b / a }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A few words of the operator's, in Markdown.
#[derive(Debug)]
pub struct Announcement {
    /// As it was written.
    pub text: String,
    /// Sanitised, to stand in a page.
    pub html: String,
}

impl Announcement {
    /// Reads it.
    ///
    /// # Errors
    /// It is too long.
    pub fn parse(text: &str) -> Result<Self, HouseError> {
        let text = text.trim();
        if text.len() > LONGEST_ANNOUNCEMENT {
            return Err(HouseError::LongAnnouncement(text.len()));
        }
        Ok(Self { text: text.to_owned(), html: app::operator_html(text) })
    }
}

/// A way to the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Where a press leads.
    pub href: String,
    /// What is read.
    pub shown: String,
}

/// What an e-mail address may hold bare in a link (RFC 6068).
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

impl Contact {
    /// Reads an e-mail address or a link.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, HouseError> {
        let text = text.trim();
        let wrong = || HouseError::Contact(text.to_owned());
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(wrong());
        }
        let rest = |scheme: &str| {
            let head = text.get(..scheme.len())?;
            head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
        };
        for scheme in ["https://", "http://"] {
            if let Some(rest) = rest(scheme) {
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                return if host.is_empty() {
                    Err(wrong())
                } else {
                    Ok(Self { href: text.to_owned(), shown: rest.trim_end_matches('/').to_owned() })
                };
            }
        }
        if let Some(number) = rest("tel:") {
            let dials = number.chars().any(|c| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_digit() || "+-.()".contains(c));
            return if dials { Ok(Self { href: text.to_owned(), shown: number.to_owned() }) } else { Err(wrong()) };
        }
        let address = rest("mailto:").unwrap_or(text);
        match address.split_once('@') {
            Some((name, host)) if !name.is_empty() && !host.contains('@') && host.split('.').all(|part| !part.is_empty()) => {
                Ok(Self { href: format!("mailto:{}", utf8_percent_encode(address, IN_ADDRESS)), shown: address.to_owned() })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn srgb(text: &str) -> OpaqueColor<Srgb> {
        color::parse_color(text).expect("a colour").to_alpha_color().discard_alpha()
    }

    #[test]
    fn every_colour_can_be_read_in_both_themes() {
        let shades = &[0, 51, 102, 153, 204, 255];
        for (r, g, b) in shades.iter().flat_map(|r| shades.iter().flat_map(move |g| shades.iter().map(move |b| (*r, *g, *b)))) {
            let colour = OpaqueColor::<Srgb>::from_rgb8(r, g, b);
            for ground in [LIGHT, DARK] {
                let shown = ground.fit(colour);
                for other in ground.behind.into_iter().chain([ground.inside]) {
                    assert!(contrast(shown, other) >= CONTRAST, "{} for #{r:02x}{g:02x}{b:02x} on {}", hex(shown), hex(other));
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_and_another_keeps_its_hue() {
        assert_eq!(hex(LIGHT.fit(srgb("#b8260f"))), "#b8260f");
        let [lightness, _, hue] = srgb("gold").convert::<Oklch>().components;
        let [r, g, b] = LIGHT.fit(srgb("gold"));
        let [darker, _, same] = OpaqueColor::<Srgb>::from_rgb8(r, g, b).convert::<Oklch>().components;
        assert!(darker < lightness && (same - hue).abs() < 4.0, "{darker} of {lightness}, {same} of {hue}");
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let css = include_str!("../assets/handbill.css");
        let (light, dark) = css.split_once("@media (prefers-color-scheme: dark)").expect("two themes");
        for (ground, css) in [(LIGHT, light), (DARK, dark.split("*, *::before").next().expect("its end"))] {
            for (name, colour) in ["--paper: ", "--sheet: ", "--bad: "].iter().zip(ground.behind) {
                assert!(
                    css.contains(&format!("{name}{};", hex(colour))) || css.contains(&format!("{name}{} ", hex(colour))),
                    "{name}{}",
                    hex(colour)
                );
            }
        }
    }

    #[test]
    fn what_is_no_colour_is_refused_with_words() {
        for text in ["", "reddish", "#12", "url(x)", "red;}body{display:none"] {
            assert_eq!(Colour::parse(text).err(), Some(HouseError::Colour(text.to_owned())), "{text}");
        }
        assert_eq!(Colour::parse("#ff000080").err(), Some(HouseError::SeenThrough("#ff000080".to_owned())));
        for text in ["#1f6f4a", "#173", "teal", "rgb(10 20 30)", "oklch(0.5 0.3 150)", " Teal "] {
            let colour = Colour::parse(text).expect("a colour");
            assert!(colour.find(colour.style().trim_start_matches("/assets/")).is_some(), "{text}");
        }
    }

    #[test]
    fn a_contact_is_an_address_or_a_link() {
        let contact = |text: &str| Contact::parse(text).map(|contact| (contact.href, contact.shown));
        let is = |href: &str, shown: &str| Ok((href.to_owned(), shown.to_owned()));
        assert_eq!(contact(" ola@kites.example "), is("mailto:ola@kites.example", "ola@kites.example"));
        assert_eq!(contact("mailto:ola@kites.example"), is("mailto:ola@kites.example", "ola@kites.example"));
        assert_eq!(contact("a?b&c@kites.example"), is("mailto:a%3Fb%26c@kites.example", "a?b&c@kites.example"));
        assert_eq!(contact("https://kites.example/contact/"), is("https://kites.example/contact/", "kites.example/contact"));
        assert_eq!(contact("tel:+48-22-555-01-01"), is("tel:+48-22-555-01-01", "+48-22-555-01-01"));
        for wrong in
            ["", "Ola", "javascript:alert(1)", "data:text/html,x", "https://", "@kites.example", "ola@", "a@b@c", "tel:", "ola @k.example"]
        {
            assert_eq!(contact(wrong), Err(HouseError::Contact(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn a_announcement_is_short_and_never_markup_of_its_own() {
        assert_eq!(
            Announcement::parse(&"x".repeat(LONGEST_ANNOUNCEMENT + 1)).err(),
            Some(HouseError::LongAnnouncement(LONGEST_ANNOUNCEMENT + 1))
        );
        let announcement = Announcement::parse("Moving on **Sunday**. <script>x</script>").expect("short");
        assert!(announcement.html.contains("<strong>Sunday</strong>") && !announcement.html.contains("<script"), "{}", announcement.html);
    }
}
