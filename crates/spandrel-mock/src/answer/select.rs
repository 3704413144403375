//! Which response and which of its media types is answered.

use http::HeaderMap;
use http::header::ACCEPT;
use spandrel_openapi::{MediaType, Response, ResponseStatus};

use crate::body::media::{self, Kind};

/// The first success and its status: the lowest `2xx` code, else `2XX` or `default` as 200, else 204.
pub(super) fn response(responses: &[Response]) -> (u16, Option<&Response>) {
    let exact = responses.iter().filter_map(|response| match response.status {
        ResponseStatus::Exact(code) if response.status.is_success() => Some((code, response)),
        _ => None,
    });
    if let Some((code, response)) = exact.min_by_key(|(code, _)| *code) {
        return (code, Some(response));
    }
    for status in [ResponseStatus::Range(2), ResponseStatus::Default] {
        if let Some(response) = responses.iter().find(|response| response.status == status) {
            return (200, Some(response));
        }
    }
    (204, None)
}

/// The media type that is answered: the most wanted one that `Accept` allows, JSON before others,
/// the document's order else. The first where `Accept` allows none.
pub(super) fn media_type<'m>(
    content: &'m [MediaType],
    headers: &HeaderMap,
) -> Option<(usize, &'m MediaType)> {
    let accept: Vec<(String, u32)> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| (media::essence(range), quality(range)))
        .filter(|(range, _)| !range.is_empty())
        .collect();
    let wanted = |media: &MediaType| {
        let name = media::essence(&media.name);
        let fits = |range: &str| media::in_range(range, &name) || media::in_range(&name, range);
        let best = accept.iter().filter(|(range, _)| fits(range)).max_by_key(|(range, _)| specificity(range));
        if accept.is_empty() { 1000 } else { best.map_or(0, |(_, quality)| *quality) }
    };
    let order = |media: &MediaType| match Kind::of(&media::essence(&media.name)) {
        Kind::Json => 0,
        _ => 1,
    };
    let indexed = content.iter().enumerate();
    indexed.min_by_key(|(index, media)| (std::cmp::Reverse(wanted(media)), order(media), *index))
}

fn specificity(range: &str) -> usize {
    if range == "*/*" { 0 } else { 1 + usize::from(!range.ends_with("/*")) }
}

/// The `q` of a range in thousandths.
fn quality(range: &str) -> u32 {
    let Some(text) = media::parameter(range, "q") else { return 1000 };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    if whole == "0" { digits.parse().unwrap_or(1000) } else { 1000 }
}
