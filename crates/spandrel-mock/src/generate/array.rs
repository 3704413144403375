//! Arrays.

use serde_json::Value;

use super::maker::{Maker, Plain};
use super::{Extent, string};
use crate::shape::item;

/// Items that are made where a schema asks for more.
const MOST_ITEMS: u64 = 256;

pub(super) fn make<'a>(maker: &mut Maker<'a, '_>, plain: &[Plain<'a>]) -> Option<Value> {
    let least = string::limit(plain, "minItems", u64::max).unwrap_or(0).min(MOST_ITEMS);
    let most = string::limit(plain, "maxItems", u64::min).unwrap_or(u64::MAX);
    let prefix = plain.iter().filter_map(|schema| schema.get("prefixItems")).filter_map(Value::as_array);
    let prefix = prefix.map(Vec::len).max().unwrap_or(0);
    let contained = contained(plain);
    let least = usize::try_from(least)
        .unwrap_or(0)
        .max(contained.len() + if contained.is_empty() { 0 } else { prefix });
    let picked = maker.pick("items", 2);
    let several = if maker.extent == Extent::Edge { 2 } else { 1 };
    let shown = if maker.is_frugal() || picked == 1 { 0 } else { prefix.max(several) };
    let wanted = least.max(shown).min(usize::try_from(most).unwrap_or(usize::MAX));
    let unique = plain.iter().any(|schema| schema.get("uniqueItems") == Some(&Value::Bool(true)));

    let outer = maker.variant;
    let mut items: Vec<Value> = Vec::new();
    for index in 0..wanted {
        let mut schemas = item(plain, index);
        schemas.extend(index.checked_sub(prefix).and_then(|index| contained.get(index)));
        maker.variant = if unique || several > 1 { outer + index } else { outer };
        let made = maker.make_child(&index.to_string(), &schemas);
        maker.variant = outer;
        match made {
            Some(value) if !unique || !items.contains(&value) => items.push(value),
            _ if index >= least => break,
            Some(value) => items.push(value),
            None => return None,
        }
    }
    Some(Value::Array(items))
}

/// The schemas of `contains`, each as often as it must be there.
fn contained<'a>(plain: &[Plain<'a>]) -> Vec<&'a Value> {
    let mut schemas = Vec::new();
    for schema in plain {
        let Some(contains) = schema.get("contains") else { continue };
        let least = schema.get("minContains").and_then(Value::as_u64).unwrap_or(1).min(MOST_ITEMS);
        schemas.extend((0..least).map(|_| contains));
    }
    schemas
}
