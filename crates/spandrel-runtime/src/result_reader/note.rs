//! What a model is told of a result that is not whole.

use std::fmt::Write;
use std::time::Duration;

use spandrel_plan::{LeftOut, Truncated};

use crate::kept_results::KeptResult;

/// What is left out of a result of a call, and how to read it.
pub(super) fn of_result(
    tokens: usize,
    truncated: &Truncated,
    more: usize,
    reader: &str,
    age: Duration,
) -> String {
    let mut text = format!("The result is longer than {tokens} tokens; not all of it is shown. ");
    let _ = match &truncated.uri {
        Some(uri) => write!(
            text,
            "`{reader}` reads what is left out, for {} minutes, with uri \"{uri}\" and:",
            minutes(age)
        ),
        None => write!(text, "Call again with arguments that ask for less; what is left out is not kept:"),
    };
    push_places(&mut text, &truncated.left_out, more);
    text
}

/// What a part leaves out of what was asked for, and what comes after it.
pub(super) fn of_part(truncated: &Truncated, more: usize) -> String {
    let mut text = "There is more, with the same uri and:".to_owned();
    push_places(&mut text, &truncated.left_out, more);
    text
}

/// Of a URI that stands for nothing that the caller may read.
pub(super) fn unknown(age: Duration) -> String {
    format!(
        "There is no such result. Results are kept for {} minutes, and only by the instance that made the call. \
         Repeat that call, with arguments that ask for less if it has any.",
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

fn push_places(text: &mut String, places: &[LeftOut], more: usize) {
    for LeftOut { pointer, offset, total, unit } in places {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n- ");
        if !pointer.is_empty() {
            let pointer = serde_json::to_string(pointer).unwrap_or_default();
            let _ = write!(text, "pointer {pointer}, ");
        }
        let _ = write!(
            text,
            "offset {offset}: {} of {total} {} are left out",
            total.saturating_sub(*offset),
            unit.word()
        );
    }
    if more > 0 {
        let _ = write!(
            text,
            "\n- {more} more places within what is shown, or the outer value again with a smaller limit"
        );
    }
}

const fn minutes(age: Duration) -> u64 {
    age.as_secs().div_ceil(60)
}
