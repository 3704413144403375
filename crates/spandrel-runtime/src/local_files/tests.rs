#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use http::{HeaderValue, Method};
use serde_json::{Map, Value, json};
use spandrel_plan::{
    ArgumentPath, BodyEncoding, BodyPlan, BodySource, MediaTypePlan, MultipartPlan, OperationPlan,
    PartEncoding, PartPlan, PathPlan, ResponsePlan,
};

use super::LocalFiles;

/// A form with the files `one` and `many`, and the text `note`.
fn plan() -> OperationPlan {
    let mut parts = MultipartPlan::default();
    for name in ["one", "many"] {
        let encoding = PartEncoding::Binary;
        let part = PartPlan { content_type: None, repeat: name == "many", encoding, headers: Vec::new() };
        parts.parts.insert(name.to_owned(), part);
    }
    let names = ["one", "many", "note"];
    let properties = names.iter().map(|name| ((*name).to_owned(), ArgumentPath::key(*name))).collect();
    OperationPlan {
        method: Method::POST,
        base: None,
        path: PathPlan::default(),
        query: Vec::new(),
        headers: Vec::new(),
        cookies: Vec::new(),
        body: Some(BodyPlan {
            required: true,
            source: BodySource::Properties { properties, rest: false },
            media_types: vec![MediaTypePlan {
                content_type: HeaderValue::from_static("multipart/form-data"),
                encoding: BodyEncoding::Multipart(parts),
                schema: None,
            }],
            choice: None,
        }),
        accept: HeaderValue::from_static("*/*"),
        security: Vec::new(),
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    }
}

struct Folders {
    root: tempfile::TempDir,
}

impl Folders {
    /// `open/a.txt`, `open/in/b.txt` and `secret.txt`, with links to the last and to a file inside.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("open/in")).unwrap();
        for (name, text) in [("open/a.txt", "hi"), ("open/in/b.txt", "there"), ("secret.txt", "no")] {
            std::fs::write(at(name), text).unwrap();
        }
        #[cfg(unix)]
        for (name, target) in [("open/out.txt", "secret.txt"), ("open/link.txt", "open/a.txt")] {
            std::os::unix::fs::symlink(at(target), at(name)).unwrap();
        }
        Self { root }
    }

    fn open(&self) -> LocalFiles {
        LocalFiles::open(self.root.path().join("open")).unwrap()
    }
}

async fn read(files: &LocalFiles, arguments: Value) -> Result<Value, String> {
    let Value::Object(mut arguments) = arguments else { return Ok(Value::Object(Map::new())) };
    files.read_into(&plan(), &mut arguments).await.map_err(|error| error.message.into_owned())?;
    Ok(Value::Object(arguments))
}

#[tokio::test]
async fn files_are_read_where_the_tool_takes_files() {
    let folders = Folders::new();
    let given = json!({
        "one": {"path": "a.txt", "type": "text/x", "data": null},
        "many": [{"path": "./in/../in/b.txt", "name": "c"}, "aGk=", {"data": "aGk=", "path": "a.txt"}],
        "note": {"path": "a.txt"},
    });
    let expected = json!({
        "one": {"data": "aGk=", "name": "a.txt", "type": "text/x"},
        "many": [{"data": "dGhlcmU=", "name": "c"}, "aGk=", {"data": "aGk=", "path": "a.txt"}],
        "note": {"path": "a.txt"},
    });
    assert_eq!(read(&folders.open(), given).await, Ok(expected));
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let folders = Folders::new();
    let absolute = folders.root.path().join("secret.txt").display().to_string();
    for path in ["../secret.txt", "in/../../secret.txt", "none", "in", "", "..", "a\0", "out.txt", &absolute]
    {
        let error = read(&folders.open(), json!({"one": {"path": path}})).await.unwrap_err();
        assert!(error.starts_with("There is no file `"), "{path}: {error}");
    }
    #[cfg(unix)]
    assert!(read(&folders.open(), json!({"one": {"path": "link.txt"}})).await.is_ok());
    assert!(LocalFiles::open(folders.root.path().join("secret.txt")).is_err());
}

#[tokio::test]
async fn the_files_of_a_call_are_bounded() {
    let folders = Folders::new();
    let files = folders.open().max_bytes(5);
    assert!(read(&files, json!({"one": {"path": "in/b.txt"}})).await.is_ok());
    let both = json!({"one": {"path": "in/b.txt"}, "many": [{"path": "a.txt"}]});
    let error = read(&files, both).await.unwrap_err();
    assert_eq!(error, "The file `a.txt` is too large: the files of a call may hold 5 bytes together.");
    let many = json!({"many": vec![json!({"path": "a.txt"}); 65]});
    assert_eq!(read(&files, many).await.unwrap_err(), "At most 64 files can be given by their path.");
}
