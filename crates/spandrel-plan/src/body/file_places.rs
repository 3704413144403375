//! Where files stand in the arguments of a call.

use serde_json::Value;

use crate::arguments::Arguments;
use crate::plan::{ArgumentPath, BodyEncoding, BodySource, OperationPlan, PartEncoding};

impl OperationPlan {
    /// Calls `found` with each value in the arguments that stands for a file, in the order of the plan:
    /// the body, parts of it, and the items of parts that are arrays. What it changes is sent.
    pub fn for_each_file(&self, arguments: &mut Arguments, found: &mut dyn FnMut(&mut Value)) {
        let Some(body) = &self.body else { return };
        // One that may be sent in several media types is a file if it may be one in any.
        let mut parts: Vec<&str> = Vec::new();
        let mut is_file = false;
        for media_type in &body.media_types {
            match &media_type.encoding {
                BodyEncoding::Binary => is_file = true,
                BodyEncoding::Multipart(plan) => {
                    let files = plan.parts.iter().filter(|(_, part)| part.encoding == PartEncoding::Binary);
                    parts.extend(files.map(|(name, _)| name.as_str()));
                }
                _ => {}
            }
        }
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
