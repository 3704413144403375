//! Percent-encoding, for each place that a value can stand in.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what RFC 3986, section 2.3, calls unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Reserved expansion in a query: what could end the query (`#`), begin another parameter (`&`, `=`)
/// or be read as something else (`+`, `[`, `]`) is encoded all the same.
const RESERVED_IN_QUERY: &AsciiSet = &UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'\'');

/// Reserved expansion in a path: what could end the segment (`/`) or the path (`?`, `#`) is encoded
/// all the same. The rest is `pchar` of RFC 3986, section 3.3.
const RESERVED_IN_PATH: &AsciiSet =
    &RESERVED_IN_QUERY.add(b'/').add(b'?').remove(b'&').remove(b'=').remove(b'+');

/// What a path or a query may not hold as it is (RFC 3986, sections 3.3 and 3.4), but for what separates
/// their parts; `\` is a `/` to URL parsers.
const TEMPLATE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What RFC 6265, section 4.1.1, forbids in a cookie's value, and `%`, so that what was encoded can
/// be told from what was not.
const COOKIE_VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// What would end a cookie's name. Other separators stay, as servers know names such as `a[b]`.
const COOKIE_NAME: &AsciiSet = &COOKIE_VALUE.add(b'=');

/// Nothing of ASCII; other characters are always encoded.
const HEADER: &AsciiSet = &AsciiSet::EMPTY;

/// Which characters of a value stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Only unreserved ones.
    Unreserved,
    /// With `allowReserved` in a query or a form.
    ReservedInQuery,
    /// With `allowReserved` in a path.
    ReservedInPath,
    /// Those that the text of a path template may hold, `/` and `?` among them.
    Template,
    /// Those that a cookie's name may hold.
    CookieName,
    /// Those that a cookie's value may hold.
    CookieValue,
    /// All of ASCII; `OpenAPI` forbids percent-encoding in headers, and what is not ASCII could not
    /// be sent otherwise.
    Header,
    /// All: the `cookie` style.
    Verbatim,
}

impl Escape {
    /// Writes `text`, encoded.
    pub(crate) fn push(self, out: &mut String, text: &str) {
        let set = match self {
            Self::Unreserved => UNRESERVED,
            Self::ReservedInQuery => return push_keeping_triples(out, text, RESERVED_IN_QUERY),
            Self::ReservedInPath => return push_keeping_triples(out, text, RESERVED_IN_PATH),
            Self::Template => return push_keeping_triples(out, text, TEMPLATE),
            Self::CookieName => COOKIE_NAME,
            Self::CookieValue => COOKIE_VALUE,
            Self::Header => HEADER,
            Self::Verbatim => return out.push_str(text),
        };
        out.extend(utf8_percent_encode(text, set));
    }

    /// Whether a delimiter that is not a URL's own must be percent-encoded there.
    pub(crate) const fn encodes_delimiters(self) -> bool {
        !matches!(self, Self::Header | Self::Verbatim)
    }
}

/// `name=value` as it stands in a query, which every decoder reads.
#[must_use]
pub fn query_pair(name: &str, value: &str) -> String {
    pair(name, Escape::Unreserved, value, Escape::Unreserved)
}

/// `name=value` as it stands in a `Cookie` header, with what RFC 6265 forbids percent-encoded.
#[must_use]
pub fn cookie_pair(name: &str, value: &str) -> String {
    pair(name, Escape::CookieName, value, Escape::CookieValue)
}

fn pair(name: &str, names: Escape, value: &str, values: Escape) -> String {
    let mut pair = String::new();
    names.push(&mut pair, name);
    pair.push('=');
    values.push(&mut pair, value);
    pair
}

/// Whether a segment of a path is a step to another one: `.` or `..` (RFC 3986, section 3.3), also where its dots are
/// percent-encoded, as URL parsers resolve those, too.
#[must_use]
pub fn is_dot_segment(segment: &str) -> bool {
    let mut rest = segment;
    let mut dots = 0;
    while let Some(after) = [".", "%2e", "%2E"].iter().find_map(|dot| rest.strip_prefix(dot)) {
        rest = after;
        dots += 1;
    }
    rest.is_empty() && (dots == 1 || dots == 2)
}

/// Reserved expansion (RFC 6570, section 3.2.3) lets `%2C` through, and encodes any other `%`.
fn push_keeping_triples(out: &mut String, text: &str, set: &'static AsciiSet) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.extend(utf8_percent_encode(before, set));
        out.push_str(if begins_with_two_hex_digits(after) { "%" } else { "%25" });
        rest = after;
    }
    out.extend(utf8_percent_encode(rest, set));
}

fn begins_with_two_hex_digits(text: &str) -> bool {
    matches!(text.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}
