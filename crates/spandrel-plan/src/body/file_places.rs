//! Where files stand in the arguments of a call.

use serde_json::Value;

use super::chosen;
use crate::arguments::Arguments;
use crate::plan::{ArgumentPath, BodyEncoding, BodySource, OperationPlan, PartEncoding};

impl OperationPlan {
    /// Calls `found` with each value in the arguments that stands for a file, in the order of the plan:
    /// the body, parts of it, and the items of parts that are arrays. What it changes is sent. Of several
    /// media types that counts which these arguments are sent in.
    pub fn for_each_file(&self, arguments: &mut Arguments, found: &mut dyn FnMut(&mut Value)) {
        let Some(body) = &self.body else { return };
        let Some(media_type) = chosen(body, self, arguments) else { return };
        let is_file = matches!(media_type.encoding, BodyEncoding::Binary);
        let parts: Vec<&str> = match &media_type.encoding {
            BodyEncoding::Multipart(plan) => {
                let files = plan.parts.iter().filter(|(_, part)| part.encoding == PartEncoding::Binary);
                files.map(|(name, _)| name.as_str()).collect()
            }
            _ => Vec::new(),
        };
        match &body.source {
            BodySource::Whole(path) => {
                let Some(value) = find_mut(arguments, path) else { return };
                if is_file {
                    found(value);
                }
                for name in parts {
                    each(value.get_mut(name), found);
                }
            }
            BodySource::Properties { properties, .. } => {
                for (_, path) in properties.iter().filter(|(name, _)| parts.contains(&name.as_str())) {
                    each(find_mut(arguments, path), found);
                }
            }
        }
    }
}

fn each(value: Option<&mut Value>, found: &mut dyn FnMut(&mut Value)) {
    match value {
        Some(Value::Array(items)) => items.iter_mut().for_each(found),
        Some(value) => found(value),
        None => {}
    }
}

fn find_mut<'a>(arguments: &'a mut Arguments, path: &ArgumentPath) -> Option<&'a mut Value> {
    let (first, rest) = path.0.split_first()?;
    rest.iter().try_fold(arguments.get_mut(first)?, |value, key| value.get_mut(key))
}
