//! What documents are called in messages.

use url::Url;

use super::DocumentSet;

impl DocumentSet {
    /// What messages call the document at `url`: its place as seen from the root document, so that a
    /// message is the same wherever both lie; a whole URL where it is of another origin. Never user
    /// information, a query or a fragment, which may be secrets.
    #[must_use]
    pub fn name_of(&self, url: &Url) -> String {
        let (root, url) = (plain(&self.root.url), plain(url));
        if root == url {
            let own = root.path_segments().and_then(Iterator::last).unwrap_or_default();
            return if own.is_empty() { "the root document".to_owned() } else { own.to_owned() };
        }
        match root.make_relative(&url) {
            // A way that leads through the top is longer the deeper the root lies.
            Some(relative) if leads_below_the_top(&root, &relative) => relative,
            Some(_) => url.path().to_owned(),
            None => url.into(),
        }
    }
}

/// The URL without what may be secret in it.
fn plain(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only where there is no host, and then there is nothing to hide.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Whether a relative URL stays below some directory that the root lies in too.
fn leads_below_the_top(root: &Url, relative: &str) -> bool {
    let directories = root.path_segments().map_or(0, Iterator::count).saturating_sub(1);
    let ups = relative.split('/').take_while(|segment| *segment == "..").count();
    ups == 0 || ups < directories
}
