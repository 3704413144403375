//! Bytes that are too many for a result: kept, and linked to.

use std::time::Instant;

use http::Extensions;
use spandrel_plan::{Content, Outcome};

use crate::kept_results::{KeptResult, KeptResults};
use crate::principal::Principal;
use crate::result_reader::KEPT_URI;

/// Keeps what of the outcome is too large to be embedded, for the caller of the request that has these
/// extensions; what cannot be kept is told of in words.
pub(super) fn keep(outcome: &mut Outcome, store: &KeptResults, extensions: &Extensions) {
    for content in &mut outcome.content {
        if let Content::Oversized { data, media_type } = content {
            let kept = KeptResult { data: std::mem::take(data), media_type: std::mem::take(media_type) };
            *content = linked(kept, store, Principal::of(extensions));
        }
    }
}

fn linked(result: KeptResult, store: &KeptResults, owner: Option<Principal>) -> Content {
    let (size, media_type) = (result.data.len(), result.media_type.clone());
    let Some(id) = store.keep(result, owner, Instant::now()) else {
        return Content::too_large(size, &media_type);
    };
    let (uri, minutes) = (format!("{KEPT_URI}{id}"), store.age().as_secs().div_ceil(60));
    let description = format!(
        "The API answered with {size} bytes of {media_type}, too many to be embedded here. They can be read as \
         the resource {uri} within {minutes} min."
    );
    Content::Link { uri, description, media_type, size }
}
