//! Keys in the query of a request, which the API may repeat in the headers of its answer.

use http::{HeaderMap, HeaderValue};
use url::form_urlencoded;

use super::Secret;

/// What stands for a key.
const MASK: &str = "***";
/// A key of fewer characters is masked only where it stands in a query under its name: text as short
/// may mean anything elsewhere.
const SHORTEST_ANYWHERE: usize = 8;

/// The query parameters of a request that hold secrets, in its extensions.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretQuery(Vec<(String, Secret)>);

impl SecretQuery {
    /// Adds the parameter `name`, which holds `secret`.
    pub(crate) fn add(&mut self, name: &str, secret: &str) {
        self.0.push((name.to_owned(), Secret::new(secret)));
    }

    /// The query without the pairs that hold secrets; none where nothing is left.
    pub(crate) fn removed_from(&self, query: &str) -> Option<String> {
        let kept: Vec<&str> = query.split('&').filter(|pair| !self.holds(pair)).collect();
        Some(kept.join("&")).filter(|query| !query.is_empty())
    }

    /// Masks the secrets in the headers of an answer: in URLs by the parameter's name, and as they are.
    pub(crate) fn mask(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            let text = String::from_utf8_lossy(value.as_bytes());
            if let Some(masked) = self.masked(&text) {
                *value = HeaderValue::from_str(&masked).unwrap_or(HeaderValue::from_static(MASK));
            }
        }
    }

    fn masked(&self, text: &str) -> Option<String> {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from)) = rest.split_once('?') {
            masked.push_str(before);
            masked.push('?');
            // The ends of a URL, also of one within a `Link` header.
            let (query, after) = from.split_at(from.find(['#', '<', '>', '"', ' ']).unwrap_or(from.len()));
            let pairs = query.split('&').map(|pair| match pair.split_once('=') {
                Some((name, _)) if self.holds(pair) => format!("{name}={MASK}"),
                _ => pair.to_owned(),
            });
            masked.push_str(&pairs.collect::<Vec<_>>().join("&"));
            rest = after;
        }
        masked.push_str(rest);
        let long = self.0.iter().map(|(_, secret)| secret.expose());
        for secret in long.filter(|secret| secret.len() >= SHORTEST_ANYWHERE) {
            masked = masked.replace(secret, MASK);
        }
        (masked != text).then_some(masked)
    }

    fn holds(&self, pair: &str) -> bool {
        let is_one = |name: &str| self.0.iter().any(|(secret, _)| secret == name);
        form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| is_one(&name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn keys_in_headers_are_masked() {
        let mut secrets = SecretQuery::default();
        secrets.add("the key", "k");
        secrets.add("token", "long-s3cret");
        let table = [
            ("https://h/a?b=1&the+key=k&c#k", "https://h/a?b=1&the+key=***&c#k"),
            ("/a?the%20key=k?k&x=k", "/a?the%20key=***&x=k"),
            (
                r#"<h?token=t>; rel="next", <h?p=2&the+key=k>"#,
                r#"<h?token=***>; rel="next", <h?p=2&the+key=***>"#,
            ),
            ("/login?next=%2Fa%3Ftoken%3Dlong-s3cret", "/login?next=%2Fa%3Ftoken%3D***"),
            ("/long-s3cret?ü", "/***?ü"),
            ("/k?a=k&token", "/k?a=k&token"),
        ];
        for (text, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert("location", HeaderValue::from_str(text).unwrap());
            secrets.mask(&mut headers);
            assert_eq!(headers.get("location").unwrap().as_bytes(), expected.as_bytes());
        }
    }
}
