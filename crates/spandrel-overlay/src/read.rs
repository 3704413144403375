//! An overlay from its JSON form, held to the specification's schema.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::action::{Action, Change};
use crate::error::OverlayError;
use crate::overlay::{Overlay, OverlayVersion};

pub(crate) fn overlay(value: &Value) -> Result<Overlay, OverlayError> {
    let members = object(value, "the overlay")?;
    let version = version(members.get("overlay"))?;
    known_only(members, &["overlay", "info", "extends", "actions"], "the overlay")?;
    let info = object(members.get("info").unwrap_or(&Value::Null), "info")?;
    let described = if version == OverlayVersion::V1_0 {
        &["title", "version"][..]
    } else {
        &["title", "version", "description"][..]
    };
    known_only(info, described, "info")?;
    optional_text(info, "description", "info")?;
    required_text(info, "version", "info")?;
    let title = required_text(info, "title", "info")?;
    let actions = actions(members.get("actions"), version)?;
    Ok(Overlay { version, title, extends: optional_text(members, "extends", "the overlay")?, actions })
}

fn version(value: Option<&Value>) -> Result<OverlayVersion, OverlayError> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let found = || OverlayError::Version { found: value.unwrap_or(&Value::Null).to_string() };
    let (minor, patch) = text.rsplit_once('.').ok_or_else(found)?;
    if patch.is_empty() || !patch.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(found());
    }
    match minor {
        "1.0" => Ok(OverlayVersion::V1_0),
        "1.1" => Ok(OverlayVersion::V1_1),
        _ => Err(found()),
    }
}

fn actions(value: Option<&Value>, version: OverlayVersion) -> Result<Vec<Action>, OverlayError> {
    let items = match value {
        Some(Value::Array(items)) if !items.is_empty() => items,
        _ => return Err(field("actions", "must be a list with at least one action")),
    };
    let mut actions = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let number = index + 1;
        if let Some(before) = items.iter().take(index).position(|other| other == item) {
            let message = format!("is the same as action {}; each must differ", before + 1);
            return Err(field(&format!("action {number}"), &message));
        }
        actions.push(action(item, number, version)?);
    }
    Ok(actions)
}

fn action(value: &Value, number: usize, version: OverlayVersion) -> Result<Action, OverlayError> {
    let place = format!("action {number}");
    let members = object(value, &place)?;
    let known = if version == OverlayVersion::V1_0 {
        &["target", "description", "update", "remove"][..]
    } else {
        &["target", "description", "update", "remove", "copy"][..]
    };
    known_only(members, known, &place)?;
    optional_text(members, "description", &place)?;
    let target_text = required_text(members, "target", &place)?;
    let target = path(&target_text, number)?;
    let remove = match members.get("remove") {
        None => false,
        Some(Value::Bool(remove)) => *remove,
        Some(_) => return Err(field(&format!("{place}, remove"), "must be true or false")),
    };
    let copy = optional_text(members, "copy", &place)?;
    let change = match (remove, members.get("update"), copy) {
        (true, ..) => Change::Remove,
        (false, Some(_), Some(_)) => {
            return Err(field(&place, "`update` and `copy` exclude each other; keep one"));
        }
        (false, Some(update), None) => Change::Update(update.clone()),
        (false, None, Some(source)) => Change::Copy(path(&source, number)?),
        (false, None, None) => Change::Nothing,
    };
    Ok(Action { target_text, target, change })
}

fn path(text: &str, action: usize) -> Result<JsonPath, OverlayError> {
    JsonPath::parse(text).map_err(|error| OverlayError::Path {
        action,
        path: text.to_owned(),
        message: format!("{} at character {}", error.message(), error.position()),
    })
}

fn object<'v>(value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, OverlayError> {
    value.as_object().ok_or_else(|| field(place, "must be an object"))
}

fn required_text(members: &Map<String, Value>, name: &str, place: &str) -> Result<String, OverlayError> {
    optional_text(members, name, place)?.ok_or_else(|| field(place, &format!("`{name}` is missing")))
}

fn optional_text(
    members: &Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<String>, OverlayError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(field(&format!("{place}, {name}"), "must be a string")),
    }
}

fn known_only(members: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), OverlayError> {
    match members.keys().find(|name| !known.contains(&name.as_str()) && !name.starts_with("x-")) {
        None => Ok(()),
        Some(name) => Err(field(place, &format!("`{name}` is not one of {}", known.join(", ")))),
    }
}

fn field(place: &str, message: &str) -> OverlayError {
    OverlayError::Field { place: place.to_owned(), message: message.to_owned() }
}
