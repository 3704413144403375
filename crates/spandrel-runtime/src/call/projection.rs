//! What of a result is shown: what the model asks for, else what the document's author chose.

use std::fmt::Write;
use std::time::Instant;

use serde_json::Value;
use spandrel_plan::{CallError, CallErrorKind, Content, FieldList, LeftOut, Outcome, ProjectedText, Tool};

use crate::bridge::Snapshot;
use crate::hook::CallContext;
use crate::kept_results::KeptResult;
use crate::principal::Principal;
use crate::result_reader::KEPT_URI;

/// Takes the fields that the model asks for out of the arguments: they are no part of the request.
///
/// # Errors
/// When they cannot be read: nothing was sent yet.
pub(super) fn take_fields(tool: &Tool, context: &mut CallContext) -> Result<(), CallError> {
    let Some(argument) = tool.response_shape.as_ref().and_then(|shape| shape.argument.as_deref()) else {
        return Ok(());
    };
    // Null is what some clients write for what they leave out.
    let Some(Value::Array(fields)) = context.arguments_mut().shift_remove(argument) else { return Ok(()) };
    let fields = FieldList::parse(fields.iter().map(|field| field.as_str().unwrap_or_default()));
    let wrong = |error| {
        let message = format!("Nothing was sent: `{argument}`: {error}.");
        CallError::new(CallErrorKind::InvalidArguments, message)
    };
    context.asked_fields = Some(fields.map_err(wrong)?);
    Ok(())
}

/// Leaves out of the outcome what is not wanted, says so unless the model asked for it, and keeps the whole where
/// it can be read.
pub(super) fn project(outcome: &mut Outcome, tool: &Tool, context: &CallContext, bridge: &Snapshot) {
    let asked = context.asked_fields.as_ref();
    let Some(projected) = tool.project(outcome, asked) else { return };
    if asked.is_some() && projected.missing.is_empty() {
        return;
    }
    // Writing to a string cannot fail.
    let mut text = words(&projected, asked.is_some());
    let argument = tool.response_shape.as_ref().and_then(|shape| shape.argument.as_deref());
    // What may change something is not to be called again to see more of it.
    if let Some(argument) = argument.filter(|_| tool.annotations.read_only) {
        let _ = write!(text, " Another call with `{argument}`: [\"*\"] shows everything.");
    }
    if let Some(reader) = &bridge.result_reader {
        let store = &bridge.config.kept_results;
        let kept = KeptResult { data: projected.whole.into(), media_type: "application/json".to_owned() };
        let owner = Principal::of(context.extensions());
        if let Some(id) = store.keep(kept, owner, Instant::now()) {
            let name = reader.tool().name();
            let _ = write!(text, " `{name}` reads the whole of this result with uri \"{KEPT_URI}{id}\".");
        }
    }
    outcome.content.push(Content::Text(text));
}

/// What is shown, and what is not there.
fn words(projected: &ProjectedText, is_asked: bool) -> String {
    let mut sentences = Vec::new();
    if !projected.fields.is_empty() && !is_asked {
        sentences
            .push(format!("Only these fields of the result are shown: {}.", projected.fields.join(", ")));
    }
    if !projected.missing.is_empty() {
        sentences.push(format!("The result has no {}.", projected.missing.join(", ")));
    }
    sentences.extend(projected.left_out.iter().map(|LeftOut { pointer, offset, total, .. }| {
        let place = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
        format!("Only the first {offset} of {total} items{place} are shown.")
    }));
    sentences.join(" ")
}
