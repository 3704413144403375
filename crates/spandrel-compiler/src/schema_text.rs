//! Schemas as text. A definition stands in the schemas of many tools and is written once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};
use spandrel_plan::JsonText;

/// The texts of the definitions that were written.
#[derive(Default)]
pub(crate) struct SchemaTexts {
    /// By the address of the definition, which is kept so that the address stays its own.
    known: HashMap<*const Value, (Arc<Value>, String)>,
}

impl SchemaTexts {
    /// The text of the object schema `root` with `definitions` under `$defs`.
    pub(crate) fn write(
        &mut self,
        root: &Map<String, Value>,
        definitions: &BTreeMap<String, Arc<Value>>,
    ) -> JsonText {
        let whole = |root: &Map<String, Value>| JsonText::from_value(&Value::Object(root.clone()));
        if definitions.is_empty() {
            return whole(root);
        }
        // Writing a value as text cannot fail: its keys are strings and its numbers are valid.
        let mut text = serde_json::to_string(root).unwrap_or_default();
        let has_members = text.len() > 2;
        text.truncate(text.len().saturating_sub(1));
        text.push_str(if has_members { ",\"$defs\":{" } else { "\"$defs\":{" });
        for (index, (name, definition)) in definitions.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&Value::from(name.as_str()).to_string());
            text.push(':');
            text.push_str(self.text(definition));
        }
        text.push_str("}}");
        JsonText::from_text(text).unwrap_or_else(|_| whole(root))
    }

    /// The length of what [`write`](Self::write) gives, where the root alone takes `root` bytes.
    pub(crate) fn length(&mut self, root: usize, definitions: &BTreeMap<String, Arc<Value>>) -> usize {
        if definitions.is_empty() {
            return root;
        }
        let mut length = root + ",\"$defs\":{}".len() - 1;
        for (name, definition) in definitions {
            length += "\"\":,".len() + name.len() + self.text(definition).len();
        }
        length
    }

    /// The length of a definition's text.
    pub(crate) fn length_of(&mut self, definition: &Arc<Value>) -> usize {
        self.text(definition).len()
    }

    fn text(&mut self, definition: &Arc<Value>) -> &str {
        let entry = self.known.entry(Arc::as_ptr(definition));
        let (_, text) = entry.or_insert_with(|| (Arc::clone(definition), definition.to_string()));
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde_json::{Map, json};

    use super::SchemaTexts;

    #[test]
    fn the_text_is_the_schema_with_its_definitions() {
        let definition = Arc::new(json!({"type": "string", "pattern": "\"\\\\"}));
        let definitions: BTreeMap<_, _> =
            [("A".to_owned(), Arc::clone(&definition)), ("B".to_owned(), definition)].into();
        let root = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}});
        let expected =
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": definitions});
        let mut texts = SchemaTexts::default();
        let members = root.as_object().cloned().unwrap_or_default();
        let written = texts.write(&members, &definitions);
        assert_eq!(written.to_value(), expected);
        let length = texts.length(root.to_string().len(), &definitions);
        assert_eq!(length, written.as_str().len());
        assert_eq!(texts.write(&members, &BTreeMap::new()).to_value(), root);
        assert_eq!(texts.write(&Map::new(), &definitions).to_value(), json!({"$defs": definitions}));
    }
}
