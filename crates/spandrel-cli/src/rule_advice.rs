//! What a rule that matches nothing may have been meant to be.

use std::collections::BTreeSet;

use spandrel::compiler::Compiled;
use spandrel::openapi::Operation;

/// The likeness from which on a name is suggested.
const ALIKE: f64 = 0.8;

/// Advice on the rule `text`, such as `tag:Pet`.
pub(crate) fn advice(text: &str, compiled: &Compiled) -> Option<String> {
    let (kind, pattern) = text.split_once(':')?;
    let operations = &compiled.document.operations;
    match kind {
        "tag" => nearest(pattern, tags(operations)).map(|tag| format!("did you mean `tag:{tag}`?")),
        "operation" | "operationId" => operation(kind, pattern, compiled),
        "method" => nearest(pattern, operations.iter().map(|operation| operation.method.as_str()))
            .map(|method| format!("did you mean `method:{method}`?")),
        "path" => nearest(pattern, operations.iter().map(|operation| operation.path.as_str()))
            .map(|path| format!("did you mean `path:{path}`?")),
        _ => None,
    }
}

/// A tool's name is often taken for the operationId that it was made from.
fn operation(kind: &str, pattern: &str, compiled: &Compiled) -> Option<String> {
    if let Some(tool) = compiled.catalog.get(pattern) {
        let own = tool.operation.operation_id.as_deref();
        return Some(own.map_or_else(
            || {
                format!(
                    "`{pattern}` is a tool's name; its operation has no operationId, so choose it by path"
                )
            },
            |id| format!("`{pattern}` is a tool's name; write `{kind}:{id}`, the operationId"),
        ));
    }
    let ids = compiled.document.operations.iter().filter_map(|operation| operation.operation_id.as_deref());
    let near = nearest(pattern, ids)?;
    Some(format!("did you mean `{kind}:{near}`? Rules take operationIds, not names of tools"))
}

fn tags(operations: &[Operation]) -> BTreeSet<&str> {
    operations.iter().flat_map(|operation| &operation.tags).map(String::as_str).collect()
}

/// The name that is most like `text`; the first of several.
pub(crate) fn nearest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = text.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let likeness = strsim::jaro_winkler(&wanted, &name.to_lowercase());
        if likeness > ALIKE && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_alike() {
        let table = [
            ("Pets", Some("pets")),
            ("pet", Some("pets")),
            ("phtos", Some("photos")),
            ("zzz", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(nearest(text, ["pets", "photos"]), expected, "{text}");
        }
    }
}
