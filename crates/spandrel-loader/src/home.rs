//! Documents whose root has another name for itself than the place where it was found.

use spandrel_openapi::{DocumentSet, SourceId};
use url::Url;

/// Where the root document was found, and where it says that it is: `$self` (3.2).
pub(crate) struct Home {
    found: Url,
    named: Url,
}

impl Home {
    pub(crate) fn of(documents: &DocumentSet) -> Self {
        let (found, named) = (documents.url(SourceId::ROOT), documents.base_url(SourceId::ROOT));
        Self { found: found.clone(), named: named.clone() }
    }

    /// Where the document called `url` is to be found. What lies in the root's own directory by its
    /// name lies in the directory where the root was found: the two were written together.
    pub(crate) fn place_of(&self, url: &Url) -> Url {
        let is_in = |home: &Url| below(home, url).is_some();
        if self.found == self.named || is_in(&self.found) {
            return url.clone();
        }
        // The dot keeps a first segment with a colon from being a scheme.
        let place = below(&self.named, url).and_then(|path| self.found.join(&format!("./{path}")).ok());
        place.unwrap_or_else(|| url.clone())
    }
}

/// The way to `url` from the directory of `home`, where it is in there.
fn below<'u>(home: &Url, url: &'u Url) -> Option<&'u str> {
    let directory = home.join(".").ok()?;
    url.as_str().strip_prefix(directory.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use url::Url;

    use super::Home;

    #[test]
    fn what_lies_beside_the_name_lies_beside_the_place() {
        let found = "file:///home/api/openapi.yaml";
        let named = "https://self.test/v1/root.yaml";
        let table = [
            (found, named, "https://self.test/v1/schemas/s.yaml", "file:///home/api/schemas/s.yaml"),
            (found, named, "https://self.test/v1/a:b?c=d", "file:///home/api/a:b?c=d"),
            (found, named, "https://self.test/v1//etc/passwd", "file:///home/api//etc/passwd"),
            (found, named, "https://self.test/v2/s.yaml", "https://self.test/v2/s.yaml"),
            (found, named, "https://other.test/v1/s.yaml", "https://other.test/v1/s.yaml"),
            (found, named, "file:///home/api/s.yaml", "file:///home/api/s.yaml"),
            (found, "file:///api/root.yaml", "file:///api/s.yaml", "file:///home/api/s.yaml"),
            (found, "file:///root.yaml", "file:///home/api/s.yaml", "file:///home/api/s.yaml"),
            (found, found, "https://self.test/v1/s.yaml", "https://self.test/v1/s.yaml"),
            (
                "https://mirror.test/x/y.json",
                named,
                "https://self.test/v1/s.yaml",
                "https://mirror.test/x/s.yaml",
            ),
        ];
        let url = |text: &str| Url::parse(text).unwrap();
        for (found, named, given, expected) in table {
            let home = Home { found: url(found), named: url(named) };
            assert_eq!(home.place_of(&url(given)).as_str(), expected, "{found} {named} {given}");
        }
    }
}
