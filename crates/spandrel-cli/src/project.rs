//! A Cargo project for a bridge of one's own: the files, filled in.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail, ensure};
use spandrel::Catalog;

const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("project/Cargo.toml.in")),
    ("src/lib.rs", include_str!("project/lib.rs.in")),
    ("src/main.rs", include_str!("project/main.rs.in")),
    ("tests/bridge.rs", include_str!("project/test.rs.in")),
    ("README.md", include_str!("project/README.md.in")),
];
/// Names that a package of Cargo's, or its library, cannot have here.
const TAKEN: [&str; 14] = [
    "abstract",
    "alloc",
    "core",
    "crate",
    "schemars",
    "self",
    "serde",
    "serde-json",
    "serde_json",
    "spandrel",
    "std",
    "super",
    "test",
    "tokio",
];
const LONGEST_NAME: usize = 64;
/// Where the library lies in a checkout.
const LIBRARY: &str = "crates/spandrel";

/// Where the project takes the library from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// The folder of the library's crate.
    Path(PathBuf),
    /// A git repository that holds it.
    Git(String),
}

/// What the files are filled in with.
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) dependency: Dependency,
    /// The name of the tool that is the project's own.
    pub(crate) tool: String,
}

impl Dependency {
    /// What was asked for, else the checkout that this program was built in.
    pub(crate) fn choose(asked: Option<&str>) -> anyhow::Result<Self> {
        match asked {
            Some(text) if text.contains("://") || text.starts_with("git@") => Ok(Self::Git(text.to_owned())),
            Some(text) => {
                let folder = Path::new(text);
                let found =
                    [folder.join(LIBRARY), folder.to_owned()].into_iter().find(|path| is_library(path));
                let library = found.with_context(|| {
                    format!(
                        "--spandrel {text}: this folder holds no {LIBRARY}; give that of Spandrel's source"
                    )
                })?;
                Ok(Self::Path(library.canonicalize()?))
            }
            None => {
                let program =
                    std::env::current_exe().and_then(|path| path.canonicalize()).unwrap_or_default();
                let checkout =
                    program.ancestors().map(|folder| folder.join(LIBRARY)).find(|path| is_library(path));
                checkout.map(Self::Path).context(
                    "Spandrel is not on a package registry, and this program lies in no checkout of it: say with \
                     --spandrel where its source is, a folder or the URL of a git repository",
                )
            }
        }
    }

    /// The dependency as `Cargo.toml` has it, in a project in `folder`.
    fn toml(&self, folder: &Path) -> String {
        // A basic string of TOML is written as JSON's are.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Git(url) => format!("{{ git = {} }}", quoted(url)),
            Self::Path(path) => format!("{{ path = {} }}", quoted(&relative(path, folder).to_string_lossy())),
        }
    }

    fn source(&self, folder: &Path) -> String {
        match self {
            Self::Git(url) => url.clone(),
            Self::Path(path) => relative(path, folder).to_string_lossy().into_owned(),
        }
    }
}

fn is_library(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.lines().any(|line| line.trim() == "name = \"spandrel\"")
}

/// `path` as seen from `folder`; both are absolute.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let shared = path.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    // With nothing but the root in common, the way up says less than the path.
    if shared < 2 {
        return path.to_owned();
    }
    let up = folder.components().skip(shared).map(|_| Path::new("..").as_os_str());
    up.chain(path.components().skip(shared).map(Component::as_os_str)).collect()
}

impl Project {
    /// The project that is to lie in `folder`, with a tool that `catalog` does not have.
    pub(crate) fn new(folder: &Path, dependency: Dependency, catalog: &Catalog) -> anyhow::Result<Self> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_legal = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.len() <= LONGEST_NAME
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        ensure!(
            is_legal && !TAKEN.contains(&name.as_str()),
            "`{name}` cannot be the project's name; choose another folder, of lower-case letters, digits, - and _"
        );
        let names = std::iter::once("greet".to_owned()).chain((2..).map(|number| format!("greet_{number}")));
        let free = names.take(1_000).find(|name| catalog.get(name).is_none());
        Ok(Self { name, dependency, tool: free.context("the document has a thousand tools named `greet`")? })
    }

    /// Writes the files into `folder`, which must not hold anything yet, with the text of the lock file.
    pub(crate) fn write(&self, folder: &Path, lock: &str) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder).with_context(|| unwritten(folder))?;
        if std::fs::read_dir(folder)?.next().is_some() {
            bail!("the folder `{}` is not empty; choose a new one", folder.display());
        }
        let absolute = folder.canonicalize()?;
        let (dependency, source) = (self.dependency.toml(&absolute), self.dependency.source(&absolute));
        let filled = |template: &str| {
            template
                .replace("@name@", &self.name)
                .replace("@crate@", &self.name.replace('-', "_"))
                .replace("@tool@", &self.tool)
                .replace("@dependency@", &dependency)
                .replace("@source@", &source)
        };
        let files = FILES.iter().map(|(path, template)| (*path, filled(template)));
        let others = [("bridge.lock.json", lock.to_owned()), (".gitignore", "/target\n".to_owned())];
        for (path, text) in files.chain(others) {
            let path = folder.join(path);
            path.parent().map_or(Ok(()), std::fs::create_dir_all).with_context(|| unwritten(&path))?;
            std::fs::write(&path, text).with_context(|| unwritten(&path))?;
        }
        Ok(())
    }
}

fn unwritten(path: &Path) -> String {
    format!("`{}` cannot be written", path.display())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn paths_from_one_folder_to_another() {
        let table = [
            ("/home/me/spandrel/crates/spandrel", "/home/me/petshop", "../spandrel/crates/spandrel"),
            ("/home/me/spandrel/crates/spandrel", "/home/me/spandrel/crates/x", "../spandrel"),
            ("/opt/spandrel", "/home/me/petshop", "/opt/spandrel"),
        ];
        for (path, folder, expected) in table {
            assert_eq!(relative(Path::new(path), Path::new(folder)), Path::new(expected));
        }
    }
}
