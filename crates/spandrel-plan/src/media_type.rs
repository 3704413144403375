//! Reading media types.

/// The type and subtype of a media type's text, without its parameters; of a list, the first.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split([';', ',']).next().unwrap_or_default().trim()
}

/// Whether it is JSON: `application/json`, `text/json` or anything that ends in `+json`.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("text/json")
        || has_suffix(essence, "+json")
}

/// Whether it is `application/x-www-form-urlencoded`.
pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Whether the type ends in `suffix`, such as `+xml`.
pub(crate) fn has_suffix(essence: &str, suffix: &str) -> bool {
    essence
        .len()
        .checked_sub(suffix.len())
        .and_then(|start| essence.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// The value of a parameter, such as `charset` or `boundary`, without its quotes.
pub(crate) fn parameter<'a>(media_type: &'a str, name: &str) -> Option<&'a str> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whether the text is a `type/subtype` that can be sent: tokens, without a wildcard.
pub(crate) fn is_concrete(media_type: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    essence(media_type).split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Whether `media_type` is one of `ranges`, a comma-separated list such as `image/*, text/csv`.
pub(crate) fn matches(media_type: &str, ranges: &str) -> bool {
    let media_type = essence(media_type);
    ranges.split(',').map(essence).any(|range| {
        range == "*/*"
            || range.eq_ignore_ascii_case(media_type)
            || range.strip_suffix("/*").is_some_and(|kind| {
                media_type.split_once('/').is_some_and(|(own, _)| own.eq_ignore_ascii_case(kind))
            })
    })
}
