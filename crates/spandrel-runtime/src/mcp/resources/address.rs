//! The URIs of resources, taken apart.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What RFC 3986 leaves as it is in a segment; the names of tools hold nothing else.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const OPERATIONS: &str = "spandrel://operations/";

/// What a URI names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    Api,
    Operation(String),
    Argument { operation: String, argument: String, value: Option<String> },
}

impl Address {
    /// The URI of an operation.
    pub(super) fn operation(name: &str) -> String {
        format!("{OPERATIONS}{}", utf8_percent_encode(name, SEGMENT))
    }

    pub(super) fn parse(uri: &str) -> Option<Self> {
        if uri == super::API_URI {
            return Some(Self::Api);
        }
        let rest = uri.strip_prefix(OPERATIONS)?;
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let segments: Vec<&str> = path.split('/').collect();
        match (segments.as_slice(), query) {
            ([operation], None) => Some(Self::Operation(decoded(operation)?)),
            ([operation, "arguments", argument], query) => {
                let value = match query {
                    None => None,
                    Some(query) => {
                        Some(decoded(query.strip_prefix("value=")?)?).filter(|text| !text.is_empty())
                    }
                };
                Some(Self::Argument { operation: decoded(operation)?, argument: decoded(argument)?, value })
            }
            _ => None,
        }
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        let operation = |name: &str| Some(Address::Operation(name.to_owned()));
        let argument = |argument: &str, value: Option<&str>| {
            let (operation, argument) = ("getPet".to_owned(), argument.to_owned());
            Some(Address::Argument { operation, argument, value: value.map(str::to_owned) })
        };
        for (uri, address) in [
            ("spandrel://api", Some(Address::Api)),
            ("spandrel://api/", None),
            ("spandrel://operations/getPet", operation("getPet")),
            ("spandrel://operations/a%2Fb", operation("a/b")),
            ("spandrel://operations/%ff", None),
            ("spandrel://operations/getPet/arguments/id", argument("id", None)),
            (
                "spandrel://operations/getPet/arguments/filter%5Bx%5D?value=a%20b",
                argument("filter[x]", Some("a b")),
            ),
            ("spandrel://operations/getPet/arguments/id?value=", argument("id", None)),
            ("spandrel://operations/getPet/arguments/id?other=1", None),
            ("spandrel://operations/getPet/else", None),
            ("spandrel://results/1", None),
            ("file:///etc/passwd", None),
        ] {
            assert_eq!(Address::parse(uri), address, "{uri}");
        }
        assert_eq!(Address::operation("get_pet-1"), "spandrel://operations/get_pet-1");
    }
}
