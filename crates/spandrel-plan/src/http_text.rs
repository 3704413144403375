//! HTTP's own types as text, for serde: a method, a header, a URL is checked when it is read.

use std::fmt;

use http::{HeaderName, HeaderValue};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::plan::{ArgumentPath, BaseUrl, BaseUrlError, StatusPattern};

/// A type that is written as text: how, and how it is read.
macro_rules! as_text {
    ($(#[$doc:meta])* $module:ident, $type:ty, $write:expr, $read:expr) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::{Deserialize, Deserializer, Serializer, de};

            #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
            pub(crate) fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$type) -> Result<&str, String> = $write;
                serializer.serialize_str(write(value).map_err(serde::ser::Error::custom)?)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                let read: fn(&str) -> Result<$type, String> = $read;
                read(&text).map_err(de::Error::custom)
            }
        }
    };
}

as_text!(method, http::Method, |method| Ok(method.as_str()), |text| http::Method::from_bytes(
    text.as_bytes()
)
.map_err(|_| "not an HTTP method".to_owned()));
as_text!(header_name, http::HeaderName, |name| Ok(name.as_str()), |text| http::HeaderName::from_bytes(
    text.as_bytes()
)
.map_err(|_| "not the name of a header".to_owned()));
as_text!(
    header_value,
    http::HeaderValue,
    |value| value.to_str().map_err(|error| error.to_string()),
    |text| http::HeaderValue::from_str(text).map_err(|_| "not the value of a header".to_owned())
);

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct ValueText(#[serde(with = "header_value")] HeaderValue);

/// The value of a header, if any.
pub(crate) mod optional_header_value {
    use super::{Deserialize, Deserializer, HeaderValue, Serialize, Serializer, ValueText};

    #[allow(clippy::ref_option, reason = "serde passes a reference")]
    pub(crate) fn serialize<S: Serializer>(
        value: &Option<HeaderValue>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.clone().map(ValueText).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<HeaderValue>, D::Error> {
        Ok(Option::<ValueText>::deserialize(deserializer)?.map(|text| text.0))
    }
}

/// Headers as pairs of name and value.
pub(crate) mod headers {
    use super::{Deserialize, Deserializer, HeaderName, HeaderValue, Serialize, Serializer, ValueText};

    #[derive(Serialize, Deserialize)]
    struct NameText(#[serde(with = "super::header_name")] HeaderName);

    pub(crate) fn serialize<S: Serializer>(
        headers: &[(HeaderName, HeaderValue)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let pairs = headers.iter().map(|(name, value)| (NameText(name.clone()), ValueText(value.clone())));
        pairs.collect::<Vec<_>>().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, D::Error> {
        let pairs = Vec::<(NameText, ValueText)>::deserialize(deserializer)?;
        Ok(pairs.into_iter().map(|(name, value)| (name.0, value.0)).collect())
    }
}

/// A URL, if any: `http` or `https`, without user information.
pub(crate) mod optional_url {
    use super::{Deserialize, Deserializer, Serialize, Serializer, de};
    use url::Url;

    #[allow(clippy::ref_option, reason = "serde passes a reference")]
    pub(crate) fn serialize<S: Serializer>(url: &Option<Url>, serializer: S) -> Result<S::Ok, S::Error> {
        url.as_ref().map(Url::as_str).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        let url = Url::parse(&text).ok().filter(|url| {
            let has_secret = !url.username().is_empty() || url.password().is_some();
            matches!(url.scheme(), "http" | "https") && url.has_host() && !has_secret
        });
        url.map(Some).ok_or_else(|| de::Error::custom("not an http or https URL without a user name"))
    }
}

impl Serialize for BaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_url().as_str())
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = BaseUrlError;

    fn try_from(text: String) -> Result<Self, BaseUrlError> {
        Self::parse(&text)
    }
}

/// One key as text, several as a list.
impl Serialize for ArgumentPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [key] => serializer.serialize_str(key),
            keys => keys.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ArgumentPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = ArgumentPath;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key, or a list of keys")
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<ArgumentPath, E> {
                Ok(ArgumentPath::key(key))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut keys: A) -> Result<ArgumentPath, A::Error> {
                let mut path = Vec::new();
                while let Some(key) = keys.next_element()? {
                    path.push(key);
                }
                if path.is_empty() {
                    return Err(de::Error::invalid_length(0, &self));
                }
                Ok(ArgumentPath(path))
            }
        }

        deserializer.deserialize_any(Keys)
    }
}

/// As documents write it: `200`, `2XX`, `default`.
impl Serialize for StatusPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exact(code) => serializer.collect_str(code),
            Self::Class(class) => serializer.collect_str(&format_args!("{class}XX")),
            Self::Default => serializer.serialize_str("default"),
        }
    }
}

impl<'de> Deserialize<'de> for StatusPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || de::Error::custom("not a status: write 200, 2XX or default");
        if text == "default" {
            return Ok(Self::Default);
        }
        match text.strip_suffix("XX") {
            Some(class) => class.parse().map(Self::Class).map_err(|_| wrong()),
            None => text.parse().map(Self::Exact).map_err(|_| wrong()),
        }
    }
}
