//! Fields of forms, urlencoded or multipart: none may be read as another.

use std::borrow::Cow;
use std::fmt::Display;

use indexmap::IndexMap;

use super::value::Member;
use crate::arguments::invalid;
use crate::error::CallError;
use crate::plan::{Serialization, Style};
use crate::render::{Neighbour, refuse_shadowing};

/// Refuses a field whose value brings a name that is another field's, and one that the document does
/// not declare and that would be read as a part of one that it does.
///
/// `declared` are the fields that the document names, and `style` says how one is written.
///
/// # Errors
/// For such a field.
pub(super) fn refuse_forged<T>(
    members: &[Member<'_>],
    declared: &IndexMap<String, T>,
    style: impl Fn(&T) -> Option<(Style, bool)>,
) -> Result<(), CallError> {
    let mut brought: Vec<(String, &Member<'_>)> = Vec::new();
    for member in members {
        let Some(plan) = declared.get(member.name) else {
            refuse_part_of(member, declared)?;
            continue;
        };
        let Some((style, explode)) = style(plan).filter(|_| member.value.is_object()) else { continue };
        let how = Serialization::Style { style, explode, allow_reserved: false };
        let others = members.iter().filter(|other| other.name != member.name).map(|other| Neighbour {
            name: Cow::Borrowed(other.name),
            argument: Some(other as &dyn Display),
        });
        let absent = declared.keys().filter(|name| *name != member.name).map(|name| Neighbour {
            name: Cow::Borrowed(name.as_str()),
            argument: Some(name as &dyn Display),
        });
        let earlier = brought.iter().map(|(name, other)| Neighbour {
            name: Cow::Borrowed(name),
            argument: Some(*other as &dyn Display),
        });
        let neighbours = others.chain(absent).chain(earlier);
        let names = refuse_shadowing(member.name, member.value, &how, member, neighbours)?;
        brought.extend(names.into_iter().map(|name| (name, member)));
    }
    Ok(())
}

/// `a[b]`, which servers that read brackets take for the member `b` of the declared field `a`.
fn refuse_part_of<T>(member: &Member<'_>, declared: &IndexMap<String, T>) -> Result<(), CallError> {
    let prefixes = member.name.match_indices('[').filter_map(|(end, _)| member.name.get(..end));
    match prefixes.into_iter().find(|prefix| declared.contains_key(*prefix)) {
        Some(field) => Err(invalid(
            member,
            format!("unknown, and would be read as a part of `{field}`; give it as a member of that"),
        )),
        None => Ok(()),
    }
}
