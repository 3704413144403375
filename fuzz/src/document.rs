use spandrel_compiler::{ArgumentLayout, Options, Profile, compile};
use spandrel_openapi::DocumentSet;

use super::compiled::{assert_names, listing};

/// Any bytes as a document: it is read and compiled in both layouts, every name is legal and
/// stands once, and the same bytes come out again. The last byte chooses the profile too.
pub fn document(bytes: &[u8]) {
    let last = bytes.last().copied().map_or(0, usize::from);
    let profile = Profile::ALL[last % Profile::ALL.len()];
    for arguments in [ArgumentLayout::Flat, ArgumentLayout::Grouped] {
        let options = Options { arguments, profile, ..Options::default() };
        let (Some(first), Some(second)) = (compiled(bytes, &options), compiled(bytes, &options)) else {
            return;
        };
        assert!(first == second, "not the same twice:\n{first}\n{second}");
    }
}

fn compiled(bytes: &[u8], options: &Options) -> Option<String> {
    let url = "https://documents.example/openapi".parse().ok()?;
    let mut set = DocumentSet::new(url, bytes).ok()?;
    for missing in set.missing() {
        set.mark_absent(missing, "nothing is fetched here".to_owned());
    }
    let compiled = compile(&set, options);
    assert_names(&compiled);
    for diagnostic in &compiled.diagnostics {
        assert!(!diagnostic.message.is_empty());
    }
    Some(listing(&compiled, &set))
}
