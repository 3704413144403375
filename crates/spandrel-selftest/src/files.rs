//! Files among the arguments: a schema says only that they are strings or objects.

use serde_json::{Map, Value, json};
use spandrel_plan::{ArgumentPath, BodyEncoding, BodyPlan, BodySource, OperationPlan, PartEncoding};

use crate::arguments::Sampling;
use crate::find::find;

/// Puts a file wherever `arguments` hold a value for one.
pub(crate) fn fill(plan: &OperationPlan, sampling: &Sampling, arguments: &mut Map<String, Value>) {
    let Some(body) = &plan.body else { return };
    for path in paths(body, sampling) {
        if let Some(value) = find(arguments, &path) {
            match value {
                Value::Array(items) => items.iter_mut().for_each(|item| *item = file(sampling)),
                value => *value = file(sampling),
            }
        }
    }
}

/// A file in each of the ways in which it may be given.
fn file(sampling: &Sampling) -> Value {
    match sampling {
        Sampling::Required => json!("c3BhbmRyZWw="),
        Sampling::Edge => json!("data:image/png;base64,iVBORw0KGgo="),
        Sampling::Everything | Sampling::MediaType(_) => {
            json!({"data": "c3BhbmRyZWw=", "name": "notes.txt", "type": "text/plain"})
        }
    }
}

/// Where the files of the media type that is sent stand.
fn paths(body: &BodyPlan, sampling: &Sampling) -> Vec<Vec<String>> {
    let named = |name: &str| body.media_types.iter().find(|media| media.content_type == name);
    let sent = match sampling {
        Sampling::MediaType(name) => named(name),
        _ => body.media_types.first(),
    };
    match sent.map(|media| &media.encoding) {
        Some(BodyEncoding::Binary) => match &body.source {
            BodySource::Whole(ArgumentPath(path)) => vec![path.clone()],
            BodySource::Properties { .. } => Vec::new(),
        },
        Some(BodyEncoding::Multipart(form)) => {
            let files = form.parts.iter().filter(|(_, part)| part.encoding == PartEncoding::Binary);
            files.filter_map(|(name, _)| property(&body.source, name)).collect()
        }
        _ => Vec::new(),
    }
}

/// Where the property `name` of the body stands.
fn property(source: &BodySource, name: &str) -> Option<Vec<String>> {
    match source {
        BodySource::Whole(ArgumentPath(path)) => Some([path.as_slice(), &[name.to_owned()]].concat()),
        BodySource::Properties { properties, .. } => {
            let (_, path) = properties.iter().find(|(property, _)| property == name)?;
            Some(path.0.clone())
        }
    }
}
