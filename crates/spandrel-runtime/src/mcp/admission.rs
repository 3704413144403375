//! The callers that can be let in without asking the SDK: an allowed `Host`, and no `Origin`.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};

use super::service::Allowed;

/// The hosts that are let in, read once.
#[derive(Debug)]
pub(super) struct Admission {
    /// None for any.
    hosts: Option<Vec<KnownHost>>,
}

#[derive(Debug, PartialEq, Eq)]
struct KnownHost {
    /// As it stands in a `Host` header: an IPv6 address in brackets.
    name: String,
    /// None for any.
    port: Option<u16>,
}

impl Admission {
    pub(super) fn new(hosts: &Allowed) -> Self {
        match hosts {
            Allowed::Any => Self { hosts: None },
            Allowed::Only(entries) => {
                Self { hosts: Some(entries.iter().filter_map(|entry| KnownHost::parse(entry)).collect()) }
            }
        }
    }

    /// Whether the request is let in for certain. Of any other the SDK decides: most of them are not
    /// let in, and it says why.
    pub(super) fn is_certain(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(HOST).iter();
        let (Some(host), None) = (values.next(), values.next()) else { return false };
        let Some((name, port)) = host.to_str().ok().and_then(split) else { return false };
        let is_known = match &self.hosts {
            None => true,
            Some(hosts) => hosts.iter().any(|known| {
                known.name.eq_ignore_ascii_case(name) && (known.port.is_none() || known.port == port)
            }),
        };
        is_known && !headers.contains_key(ORIGIN)
    }
}

impl KnownHost {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        // An IPv6 address may stand without its brackets.
        if entry.bytes().filter(|byte| *byte == b':').count() > 1 && !entry.starts_with('[') {
            return Some(Self { name: format!("[{entry}]"), port: None });
        }
        split(entry).map(|(name, port)| Self { name: name.to_owned(), port })
    }
}

/// The name and the port of a plain authority; none for what needs a closer look.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = if authority.starts_with('[') { authority.find(']')? + 1 } else { 0 };
    let (name, port) = match authority.get(end..)?.find(':') {
        Some(colon) => {
            let digits = authority.get(end + colon + 1..)?;
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (authority.get(..end + colon)?, Some(digits.parse().ok().filter(|_| plain)?))
        }
        None => (authority, None),
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let legal = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(is_plain),
    };
    legal.then_some((name, port))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_is_certain() {
        let only = |entries: &[&str]| Allowed::Only(entries.iter().map(|&entry| entry.to_owned()).collect());
        let local = || only(&["localhost", "127.0.0.1", "::1"]);
        for (allowed, host, certain) in [
            (local(), "localhost", true),
            (local(), "LOCALHOST:8080", true),
            (local(), "127.0.0.1:1", true),
            (local(), "[::1]:8080", true),
            (local(), "[::1]", true),
            (local(), "localhost:", false),
            (local(), "localhost:99999", false),
            (local(), "localhost:+1", false),
            (local(), "localhost.evil.example", false),
            (local(), "localhost@evil.example", false),
            (local(), "evil.example:80", false),
            (local(), "", false),
            (only(&["a.example:1"]), "a.example:1", true),
            (only(&["a.example:1"]), "a.example", false),
            (only(&["a.example:1"]), "a.example:2", false),
            (only(&["[::1]:1"]), "[::1]:1", true),
            (only(&[]), "localhost", false),
            (Allowed::Any, "any.example:80", true),
            (Allowed::Any, "any example", false),
            (Allowed::Any, "[any]", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            let admission = Admission::new(&allowed);
            assert_eq!(admission.is_certain(&headers), certain, "{allowed:?} {host}");
            headers.insert(ORIGIN, "http://localhost".parse().unwrap());
            assert!(!admission.is_certain(&headers), "{host}");
        }
        assert!(!Admission::new(&Allowed::Any).is_certain(&HeaderMap::new()));
    }
}
