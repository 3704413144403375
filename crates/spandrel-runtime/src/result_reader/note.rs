//! What a model is told of a result that is not whole.

use std::fmt::Write;
use std::time::Duration;

use spandrel_plan::LeftOut;

use crate::kept_results::KeptResult;

/// What is left out of a result of a call that is longer than `tokens` tokens, in at most `limit`; `rest` says how
/// to read it.
pub(super) fn of_result(tokens: usize, rest: &str, places: &[LeftOut], more: usize, limit: usize) -> String {
    let begin = format!("The result is longer than {tokens} tokens; not all of it is shown. {rest}");
    with_places(&begin, places, more, limit)
}

/// How the rest of a kept result is read: by the tool `reader`.
pub(super) fn kept(uri: &str, reader: &str, age: Duration) -> String {
    format!("`{reader}` reads what is left out, for {} minutes, with uri \"{uri}\" and:", minutes(age))
}

/// What to do where the rest is not kept. What may change something is not to be called again.
pub(super) const fn not_kept(reads: bool) -> &'static str {
    if reads {
        "The rest is not kept: call again with arguments that ask for less. Left out is:"
    } else {
        "The rest is not kept. Left out is:"
    }
}

/// What a part leaves out of what was asked for, and what comes after it, in at most `limit` tokens.
pub(super) fn of_part(places: &[LeftOut], more: usize, limit: usize) -> String {
    with_places("There is more, with the same uri and:", places, more, limit)
}

/// Of a URI that stands for nothing that the caller may read.
pub(super) fn unknown(age: Duration) -> String {
    format!(
        "There is no such result. Results are kept for {} minutes, and only by the instance that made the call. \
         If that call only reads, repeat it, with arguments that ask for less if it has any.",
        minutes(age)
    )
}

/// Of a result that is no text.
pub(super) fn no_text(kept: &KeptResult) -> String {
    format!(
        "The result is {} bytes of {}, no text. It can only be read as a resource.",
        kept.data.len(),
        kept.media_type
    )
}

/// `begin`, and as many of the places as are within `limit` tokens, the first at least.
fn with_places(begin: &str, places: &[LeftOut], more: usize, limit: usize) -> String {
    let mut named = places.len();
    loop {
        let text = written(begin, places.get(..named).unwrap_or(places), more + places.len() - named);
        if named <= 1 || spandrel_tokens::fits(&text, limit) {
            return text;
        }
        named -= 1;
    }
}

fn written(begin: &str, places: &[LeftOut], more: usize) -> String {
    let mut text = begin.to_owned();
    for LeftOut { pointer, offset, total, unit } in places {
        text.push_str("\n- ");
        // Writing to a string cannot fail.
        if !pointer.is_empty() {
            let pointer = serde_json::to_string(pointer).unwrap_or_default();
            let _ = write!(text, "pointer {pointer}, ");
        }
        let left_out = total.saturating_sub(*offset);
        let _ = write!(text, "offset {offset}: {left_out} of {total} {} are left out", unit.word());
    }
    if more > 0 {
        let _ = write!(text, "\n- {more} more places, shown when the values that they are in are read");
    }
    text
}

const fn minutes(age: Duration) -> u64 {
    age.as_secs().div_ceil(60)
}
