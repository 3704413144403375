//! What credentials a tool asks for, before and after.

use spandrel_plan::{SecurityAlternative, SecuritySchemeUse};

use crate::change::{ChangeKind, Changes, Risk};

/// A call that had its credentials may not have them now, or hands over others.
pub(crate) fn compare(old: &[SecurityAlternative], new: &[SecurityAlternative], changes: &mut Changes) {
    if old == new {
        return;
    }
    let gone: Vec<&SecurityAlternative> = old.iter().filter(|one| !new.contains(one)).collect();
    let come: Vec<&SecurityAlternative> = new.iter().filter(|one| !old.contains(one)).collect();
    let was_free = old.is_empty() || old.iter().any(|one| one.schemes.is_empty());
    let is_free = new.is_empty() || new.iter().any(|one| one.schemes.is_empty());
    let (was, is) = (words(old), words(new));
    let risk = match () {
        // A credential goes where none went.
        () if was_free && !is_free => Risk::Breaking,
        () if is_free && !was_free => Risk::Safe,
        () if gone.is_empty() => Risk::Safe,
        () if come.is_empty() => Risk::Breaking,
        () => Risk::Risky,
    };
    let message = if was == is {
        format!("what it asks for has changed, under the same names: {is}")
    } else {
        format!("it asked for {was} and asks for {is}")
    };
    changes.push(risk, ChangeKind::Security, message);
}

fn words(alternatives: &[SecurityAlternative]) -> String {
    let scheme = |scheme: &SecuritySchemeUse| match scheme.scopes.as_slice() {
        [] => format!("`{}`", scheme.name),
        scopes => format!("`{}` for {}", scheme.name, scopes.join(", ")),
    };
    let alternative = |one: &SecurityAlternative| match one.schemes.as_slice() {
        [] => "no credential".to_owned(),
        schemes => schemes.iter().map(scheme).collect::<Vec<_>>().join(" and "),
    };
    match alternatives {
        [] => "no credential".to_owned(),
        all => all.iter().map(alternative).collect::<Vec<_>>().join(" or "),
    }
}
