//! Content that is one text: JSON, JSON lines, plain text.

use serde_json::Value;
use spandrel_openapi::{BodySchema, Direction, MediaType};

use super::media::Kind;
use crate::check::Checks;
use crate::decode::{Wire, accepted};

/// Reads `text` as `kind` and checks it against `media`.
pub(crate) fn judge_text(
    text: &str,
    kind: Kind,
    media: &MediaType,
    checks: &Checks,
) -> Result<Value, Vec<String>> {
    match kind {
        Kind::Json => {
            let value =
                serde_json::from_str(text).map_err(|error| vec![format!("it is not JSON: {error}")])?;
            complain(&value, media, checks)?;
            Ok(value)
        }
        Kind::JsonLines => judge_lines(text, media, checks),
        _ => match &media.schema {
            BodySchema::Schema(location) => {
                let check = checks.get(location, Direction::Request);
                accepted(&check, &[Wire::Text(text.to_owned())])
            }
            _ => Ok(Value::String(text.to_owned())),
        },
    }
}

fn complain(value: &Value, media: &MediaType, checks: &Checks) -> Result<(), Vec<String>> {
    let BodySchema::Schema(location) = &media.schema else { return Ok(()) };
    let complaints = checks.get(location, Direction::Request).complaints(value);
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// The schema is that of the whole sequence; documents also give that of one line.
fn judge_lines(text: &str, media: &MediaType, checks: &Checks) -> Result<Value, Vec<String>> {
    let lines = text.split(['\n', '\u{1e}']).map(str::trim).filter(|line| !line.is_empty());
    let values = lines.enumerate().map(|(index, line)| {
        serde_json::from_str(line).map_err(|error| vec![format!("record {} is not JSON: {error}", index + 1)])
    });
    let values: Vec<Value> = values.collect::<Result<_, _>>()?;
    if let Some(location) = &media.item_schema {
        let check = checks.get(location, Direction::Request);
        for value in &values {
            let complaints = check.complaints(value);
            if !complaints.is_empty() {
                return Err(complaints);
            }
        }
    }
    let each_fits = values.iter().all(|value| complain(value, media, checks).is_ok());
    let whole = Value::Array(values);
    match complain(&whole, media, checks) {
        Err(complaints) if !each_fits => Err(complaints),
        _ => Ok(whole),
    }
}
