//! Strings.

use serde_json::Value;

use super::maker::{Maker, Plain};
use super::{Extent, pattern};

/// Text that means something in every place that a value may stand in.
pub(super) const AWKWARD: &str = "a b&c=d/e?f#g%2Fh+i,j;k|l\"m'n\\o:p@q$r[s]{t}<u>é€😀";

/// Longer strings are not made.
const LONGEST: usize = 4096;

/// The tightest of the counts that `plain` has under `keyword`.
pub(super) fn limit(plain: &[Plain<'_>], keyword: &str, tighter: impl Fn(u64, u64) -> u64) -> Option<u64> {
    // A count may be written `3.0`, which is not read as an integer otherwise.
    let count = |value: &Value| {
        value.as_u64().or_else(|| {
            let text = value.as_number()?.to_string();
            let (whole, fraction) = text.split_once('.')?;
            if fraction.bytes().all(|digit| digit == b'0') { whole.parse().ok() } else { None }
        })
    };
    plain.iter().filter_map(|schema| schema.get(keyword)).filter_map(count).reduce(tighter)
}

pub(super) fn make<'a>(maker: &mut Maker<'a, '_>, plain: &[Plain<'a>]) -> Option<Value> {
    let least =
        limit(plain, "minLength", u64::max).and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
    let most =
        limit(plain, "maxLength", u64::min).and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let least = least.min(LONGEST);
    let variant = maker.variant;
    let texts = |keyword: &'static str| plain.iter().filter_map(move |schema| schema.get(keyword)?.as_str());

    let mut candidates: Vec<String> = Vec::new();
    for pattern in texts("pattern") {
        candidates.extend(pattern::of_length(pattern, least, most, variant));
    }
    let formatted: Vec<String> = texts("format").filter_map(|format| of_format(format, variant)).collect();
    // A format that also has the length comes before a pattern: patterns repeat what formats say.
    let fits = |text: &&String| (least..=most).contains(&text.chars().count());
    let from_format = formatted.iter().filter(fits).cloned().collect::<Vec<_>>();
    candidates.splice(0..0, from_format);
    candidates.extend(content(plain));
    if maker.extent == Extent::Edge && formatted.is_empty() {
        let awkward = if variant == 0 { AWKWARD.to_owned() } else { format!("{AWKWARD}{variant}") };
        candidates.extend(Some(awkward).filter(|text| fits(&text)));
    }
    candidates.push(plain_text(least, most, variant));
    candidates.extend(formatted);
    candidates.extend([plain_digits(least, most, variant), plain_text(least, most, variant).to_uppercase()]);
    candidates.dedup();
    let picked = maker.pick("string", candidates.len());
    candidates.into_iter().nth(picked).map(Value::String)
}

fn content(plain: &[Plain<'_>]) -> Option<String> {
    let says = |keyword: &str, value: &str| {
        plain.iter().any(|schema| schema.get(keyword).is_some_and(|text| text == value))
    };
    if says("contentEncoding", "base64") || says("contentEncoding", "base64url") {
        Some("c3ByaW5n".to_owned())
    } else if says("contentMediaType", "application/json") {
        Some("{}".to_owned())
    } else {
        None
    }
}

fn plain_text(least: usize, most: usize, variant: usize) -> String {
    let text = if variant == 0 { "string".to_owned() } else { format!("string{}", variant + 1) };
    fitted(&text, least, most, 'a')
}

fn plain_digits(least: usize, most: usize, variant: usize) -> String {
    fitted(&(variant + 1).to_string(), least, most, '0')
}

fn fitted(text: &str, least: usize, most: usize, filler: char) -> String {
    // The end is what tells variants apart, so the start is cut.
    let length = text.chars().count();
    let mut fitted: String = text.chars().skip(length.saturating_sub(most)).collect();
    fitted.extend(std::iter::repeat_n(filler, least.saturating_sub(length)));
    fitted
}

/// A text of the format; `None` for a format that means nothing here.
pub(super) fn of_format(format: &str, variant: usize) -> Option<String> {
    let n = variant;
    let (day, minute) = (1 + n % 28, n % 60);
    Some(match format {
        "date-time" => format!("2025-01-{day:02}T09:{minute:02}:00Z"),
        "date" | "full-date" => format!("2025-01-{day:02}"),
        "time" => format!("09:{minute:02}:00Z"),
        "duration" => format!("PT{}M", n + 1),
        "email" | "idn-email" => format!("user{}@example.com", n + 1),
        "hostname" | "idn-hostname" => format!("host{}.example.com", n + 1),
        "ipv4" | "ip" => format!("192.0.2.{}", 1 + n % 254),
        "ipv6" => format!("2001:db8::{:x}", n + 1),
        "uri" | "url" | "iri" => format!("https://example.com/{}", n + 1),
        "uri-reference" | "iri-reference" => format!("/{}", n + 1),
        "uri-template" => format!("https://example.com/{{id}}/{}", n + 1),
        "uuid" | "guid" => format!("00000000-0000-4000-8000-{:012x}", n + 1),
        "json-pointer" => format!("/{n}"),
        "relative-json-pointer" => format!("{n}"),
        "regex" => "^[a-z]+$".to_owned(),
        "byte" => "c3ByaW5n".to_owned(),
        "color" => format!("#{:06x}", n + 1),
        _ => return None,
    })
}
