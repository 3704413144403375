//! One tool, before and after.

use spandrel_plan::{
    Annotations, BaseUrl, JsonText, Projection, SuppliedArgument, SuppliedValue, Supply, Tool,
};

use crate::change::{ChangeKind, Changes, Risk, quoted, shortened};
use crate::schema::{self, Direction};
use crate::{request, security};

/// What has changed from `old` to `new`, but for the name.
pub(crate) fn compare(old: &Tool, new: &Tool, changes: &mut Changes) {
    let before = changes.found.len();
    text("title", old.title.as_deref(), new.title.as_deref(), changes);
    text("description", old.description.as_deref(), new.description.as_deref(), changes);
    annotations(old.annotations, new.annotations, changes);
    called(old, new, changes);
    if old.tags != new.tags {
        let message = format!(
            "its tags were {} and are {}",
            quoted(&old.tags.join(", ")),
            quoted(&new.tags.join(", "))
        );
        changes.push(Risk::Safe, ChangeKind::Tags, message);
    }
    schemas(old, new, changes);
    security::compare(&old.plan.security, &new.plan.security, changes);
    supplied(&old.plan.supplied, &new.plan.supplied, changes);
    if old.confirmation != new.confirmation {
        changes.push(
            Risk::Risky,
            ChangeKind::Confirmation,
            "whether a person is asked before a call has changed",
        );
    }
    if shown(old) != shown(new) {
        changes.push(Risk::Risky, ChangeKind::ResponseShape, "what of an answer is shown has changed");
    }
    let own = changes.found.get(before..).unwrap_or_default();
    let has = |kind: ChangeKind| own.iter().any(|change| change.kind == kind);
    if !has(ChangeKind::Operation) && !request::is_alike(old, new, has(ChangeKind::Arguments)) {
        let message = "how its request is made of the arguments, or its answer read, has changed";
        changes.push(Risk::Risky, ChangeKind::Request, message);
    }
}

/// What of an answer is shown unasked.
fn shown(tool: &Tool) -> Option<(&Option<Projection>, Option<u32>)> {
    let shape = tool.response_shape.as_ref()?;
    let shows_part = shape.projection.is_some() || shape.max_items.is_some();
    shows_part.then_some((&shape.projection, shape.max_items))
}

/// What a model reads can make it do something else.
fn text(what: &str, old: Option<&str>, new: Option<&str>, changes: &mut Changes) {
    let message = match (old, new) {
        (old, new) if old == new => return,
        (Some(old), Some(new)) => format!("its {what} was {} and is {}", quoted(old), quoted(new)),
        (None, Some(new)) => format!("it has a {what}: {}", quoted(new)),
        (_, None) => format!("it has no {what} any more"),
    };
    changes.push(Risk::Risky, ChangeKind::Description, message);
}

/// Clients decide by hints whether to ask a person.
fn annotations(old: Annotations, new: Annotations, changes: &mut Changes) {
    let hints = [
        ("readOnlyHint", old.read_only, new.read_only),
        ("destructiveHint", old.destructive, new.destructive),
        ("idempotentHint", old.idempotent, new.idempotent),
        ("openWorldHint", old.open_world, new.open_world),
    ];
    for (hint, old, new) in hints.into_iter().filter(|(_, old, new)| old != new) {
        changes.push(Risk::Risky, ChangeKind::Annotation, format!("its {hint} was {old} and is {new}"));
    }
}

fn called(old: &Tool, new: &Tool, changes: &mut Changes) {
    let operation = |tool: &Tool| format!("{} {}", tool.operation.method, tool.operation.path);
    if operation(old) != operation(new) {
        let message = format!("it called {} and calls {}", quoted(&operation(old)), quoted(&operation(new)));
        changes.push(Risk::Risky, ChangeKind::Operation, message);
    }
    if old.plan.base != new.plan.base {
        let server = |tool: &Tool| tool.plan.base.as_ref().map_or("no server", BaseUrl::as_str).to_owned();
        let message = format!("it called {} and calls {}", server(old), server(new));
        changes.push(Risk::Risky, ChangeKind::Server, message);
    }
}

fn schemas(old: &Tool, new: &Tool, changes: &mut Changes) {
    let before = changes.found.len();
    compare_schemas(&old.input_schema, &new.input_schema, Direction::Arguments, changes);
    let held_to = |tool: &Tool| tool.validation_schema.as_ref().unwrap_or(&tool.input_schema).clone();
    if changes.found.len() == before {
        compare_schemas(&held_to(old), &held_to(new), Direction::Arguments, changes);
    }
    match (&old.output_schema, &new.output_schema) {
        (None, None) => {}
        (Some(old), Some(new)) => compare_schemas(old, new, Direction::Result, changes),
        (None, Some(_)) => {
            changes.push(Risk::Safe, ChangeKind::Result, "it says now what its structured result is");
        }
        (Some(_), None) => {
            changes.push(Risk::Breaking, ChangeKind::Result, "it says no more what its structured result is");
        }
    }
}

fn compare_schemas(old: &JsonText, new: &JsonText, direction: Direction, changes: &mut Changes) {
    if old == new {
        return;
    }
    let before = changes.found.len();
    schema::compare(&old.to_value(), &new.to_value(), direction, changes);
    if changes.found.len() == before {
        let message = format!("{} are the same in other words, or in another order", direction.words());
        changes.push(Risk::Safe, ChangeKind::Wording, message);
    }
}

fn supplied(old: &[SuppliedArgument], new: &[SuppliedArgument], changes: &mut Changes) {
    let find = |all: &[SuppliedArgument], one: &SuppliedArgument| {
        all.iter().find(|other| other.argument == one.argument).map(|other| other.supply.clone())
    };
    for one in old {
        let message = match find(new, one) {
            Some(supply) if supply == one.supply => continue,
            Some(supply) => format!(
                "the bridge {} for `{}`, and {} now",
                words(&one.supply),
                one.argument,
                words(&supply)
            ),
            None => format!("the bridge {} for `{}` no more", words(&one.supply), one.argument),
        };
        changes.push(Risk::Risky, ChangeKind::Supplied, message);
    }
    for one in new.iter().filter(|one| find(old, one).is_none()) {
        let message = format!("the bridge {} for `{}`", words(&one.supply), one.argument);
        changes.push(Risk::Risky, ChangeKind::Supplied, message);
    }
}

fn words(supply: &Supply) -> String {
    let value = |value: &SuppliedValue| match value {
        SuppliedValue::Json(value) => value.as_str().map_or_else(|| shortened(&value.to_string()), quoted),
        SuppliedValue::Environment(value) => format!("what {} is", value.variable()),
    };
    match supply {
        Supply::Hidden => "sends nothing".to_owned(),
        Supply::Fixed(fixed) => format!("always sends {}", value(fixed)),
        Supply::Default(default) => format!("sends {} unless told otherwise", value(default)),
    }
}
