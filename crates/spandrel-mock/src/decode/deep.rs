//! Names with members in brackets: `filter[a][b]=c`, `ids[]=1`, `ids[0]=1`.

use super::Wire;

/// Brackets deeper than this are refused.
const DEEPEST: usize = 32;

/// The keys of `[a][b][]`; an empty key stands for the next item.
pub(crate) fn keys(brackets: &str) -> Result<Vec<&str>, String> {
    let mut keys = Vec::new();
    let mut rest = brackets;
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').and_then(|inner| inner.split_once(']'));
        let Some((key, behind)) = inner else {
            return Err(format!("`{brackets}` is not a row of keys in brackets, like `[a][b]`"));
        };
        keys.push(key);
        rest = behind;
        if keys.len() > DEEPEST {
            return Err(format!("its brackets are nested deeper than {DEEPEST}"));
        }
    }
    Ok(keys)
}

/// Puts `text` under `keys`. What is given twice becomes a list.
pub(crate) fn insert(members: &mut Vec<(String, Wire)>, keys: &[&str], text: String) -> Result<(), String> {
    let Some((key, rest)) = keys.split_first() else { return Ok(()) };
    let existing = members.iter_mut().find(|(name, _)| name == key && !key.is_empty());
    let Some((_, wire)) = existing else {
        let wire = if rest.is_empty() {
            Wire::Text(text)
        } else {
            let mut inner = Vec::new();
            insert(&mut inner, rest, text)?;
            Wire::Members(inner)
        };
        members.push(((*key).to_owned(), wire));
        return Ok(());
    };
    match (wire, rest.is_empty()) {
        (Wire::Members(inner), false) => insert(inner, rest, text),
        (Wire::List(items), true) => {
            items.push(Wire::Text(text));
            Ok(())
        }
        (wire @ Wire::Text(_), true) => {
            let first = std::mem::replace(wire, Wire::List(Vec::new()));
            *wire = Wire::List(vec![first, Wire::Text(text)]);
            Ok(())
        }
        _ => Err(format!("`{key}` has a value and members of its own")),
    }
}

/// The items, when the keys are those of an array: empty, or indices in any order.
pub(crate) fn as_items(members: &[(String, Wire)]) -> Option<Vec<&Wire>> {
    let mut items = Vec::with_capacity(members.len());
    for (position, (key, wire)) in members.iter().enumerate() {
        let index = if key.is_empty() { position } else { key.parse::<usize>().ok()? };
        match (key.is_empty(), wire) {
            (true, _) | (false, Wire::Text(_) | Wire::Members(_) | Wire::Value(_)) => {
                items.push((index, wire));
            }
            (false, Wire::List(_)) => return None,
        }
    }
    items.sort_by_key(|(index, _)| *index);
    Some(items.into_iter().map(|(_, wire)| wire).collect())
}
