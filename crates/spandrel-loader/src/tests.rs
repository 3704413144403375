#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use url::Url;

use crate::*;

const ROOT: &str = r#"{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"$ref":"REF"}}}"#;
const ITEM: &str = r#"{"get":{"responses":{"200":{"description":"ok"}}}}"#;

fn root(reference: &str) -> String {
    ROOT.replace("REF", reference)
}

/// Answers GET requests from a table of path and whole response, on a loopback port.
fn server(table: impl Fn(SocketAddr) -> BTreeMap<&'static str, String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let table = table(address);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned();
            let answer = table.get(path).cloned().unwrap_or(missing);
            let _ = connection.write_all(answer.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes());
        }
    });
    address
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn redirect(target: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")
}

async fn load(source: &Source, options: LoaderOptions) -> Result<Loaded, LoadError> {
    Loader::new(options).load(source).await
}

/// What was said of documents that were not loaded.
fn complaints(loaded: &Loaded) -> Vec<String> {
    let (_, diagnostics) = loaded.documents.read();
    diagnostics.into_iter().map(|finding| finding.message).collect()
}

async fn complaint_about(reference: &str, directory: &Path, options: LoaderOptions) -> String {
    let path = directory.join("openapi.json");
    std::fs::write(&path, root(reference)).unwrap();
    let loaded = load(&Source::File(path), options).await.unwrap();
    assert!(loaded.documents.missing().is_empty());
    complaints(&loaded).join("\n")
}

#[test]
fn sources() {
    let file = |path: &str| Source::File(path.into());
    let url = |text: &str| Source::Url(Url::parse(text).unwrap());
    let table = [
        ("-", Source::Stdin),
        ("a.yaml", file("a.yaml")),
        ("dir/http.yaml", file("dir/http.yaml")),
        ("http://a/b", url("http://a/b")),
        ("HTTPS://a/b", url("https://a/b")),
        ("file:///tmp/a%20b.json", file("/tmp/a b.json")),
        ("ü", file("ü")),
    ];
    for (text, expected) in table {
        assert_eq!(Source::parse(text), Ok(expected), "{text}");
    }
    assert_eq!(Source::parse(""), Err(SourceError::Empty));
    assert!(matches!(Source::parse("http://"), Err(SourceError::Url(..))));
    for text in ["http://u:s3cret@[", "http://u:s3/c?r#t@[", "http://[?token=s3cret"] {
        let message = Source::parse(text).unwrap_err().to_string();
        assert!(!message.contains("s3"), "{message}");
    }
    assert_eq!(url("https://u:secret@h/p?token=secret").name(), "https://h/p");
}

#[tokio::test]
async fn files_in_the_directory_and_below_are_read() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("below")).unwrap();
    std::fs::write(directory.path().join("below/a.json"), r#"{"$ref":"../b.json"}"#).unwrap();
    std::fs::write(directory.path().join("b.json"), ITEM).unwrap();
    let path = directory.path().join("openapi.json");
    std::fs::write(&path, root("below/a.json")).unwrap();
    let loaded = load(&Source::File(path), LoaderOptions::default()).await.unwrap();
    assert_eq!(complaints(&loaded), [""; 0]);
    assert_eq!(loaded.documents.read().0.operations.len(), 1);
    assert_eq!(loaded.texts.len(), 3);
    for (id, _) in loaded.documents.sources() {
        assert!(loaded.texts.contains_key(&id));
    }
}

#[tokio::test]
async fn files_elsewhere_are_not_read() {
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("api");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(outer.path().join("secret.json"), ITEM).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path().join("secret.json"), directory.join("link.json")).unwrap();
    let secret = Url::from_file_path(outer.path().join("secret.json")).unwrap();
    for reference in ["../secret.json", secret.as_str(), "/etc/passwd", "../nothing.json", "link.json"] {
        let complaint = complaint_about(reference, &directory, LoaderOptions::default()).await;
        assert!(complaint.contains("are not read"), "{reference}: {complaint}");
    }
    let table =
        [("nothing.json", "no such file"), (".", "is a directory"), ("ftp://a/b", "the scheme `ftp`")];
    for (reference, expected) in table {
        let complaint = complaint_about(reference, &directory, LoaderOptions::default()).await;
        assert!(complaint.contains(expected), "{reference}: {complaint}");
    }
}

#[tokio::test]
async fn remote_references_need_permission_and_a_public_address() {
    let address = server(|_| BTreeMap::from([("/a.json", ok(ITEM))]));
    let directory = tempfile::tempdir().unwrap();
    let allowed = || LoaderOptions { allow_remote_refs: true, ..LoaderOptions::default() };
    let reference = format!("http://{address}/a.json");
    let complaint = complaint_about(&reference, directory.path(), LoaderOptions::default()).await;
    assert!(complaint.contains("--allow-remote-refs"), "{complaint}");
    let port = address.port();
    let hidden = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "169.254.169.254"];
    for host in hidden {
        let reference = format!("http://{host}:{port}/a.json");
        let complaint = complaint_about(&reference, directory.path(), allowed()).await;
        assert!(complaint.contains("not a public address"), "{reference}: {complaint}");
    }
}

#[tokio::test]
async fn a_url_may_refer_to_its_own_origin() {
    let address = server(|_| {
        BTreeMap::from([
            ("/openapi.json", ok(&root("a.json"))),
            ("/a.json", redirect("/b.json")),
            ("/b.json", ok(ITEM)),
        ])
    });
    let source = Source::parse(&format!("http://{address}/openapi.json")).unwrap();
    let loaded = load(&source, LoaderOptions::default()).await.unwrap();
    assert_eq!(complaints(&loaded), [""; 0]);
    assert_eq!(loaded.documents.read().0.operations.len(), 1);
}

#[tokio::test]
async fn redirects_are_held_to_the_rules() {
    let hidden = server(|_| BTreeMap::from([("/a.json", ok(ITEM))]));
    let address = server(|_| {
        BTreeMap::from([
            ("/openapi.json", ok(&root("a.json"))),
            ("/a.json", redirect(&format!("http://{hidden}/a.json"))),
            ("/root.json", redirect(&format!("http://{hidden}/a.json"))),
            ("/loop.json", redirect("/loop.json")),
            ("/file.json", redirect("file:///etc/passwd")),
        ])
    });
    let source = |path: &str| Source::parse(&format!("http://{address}{path}")).unwrap();
    let loaded = load(&source("/openapi.json"), LoaderOptions::default()).await.unwrap();
    assert!(complaints(&loaded).join("\n").contains("--allow-remote-refs"));
    let allowed = LoaderOptions { allow_remote_refs: true, ..LoaderOptions::default() };
    let loaded = load(&source("/openapi.json"), allowed).await.unwrap();
    assert!(complaints(&loaded).join("\n").contains("not a public address"));
    let table = [
        ("/root.json", "not a public address"),
        ("/loop.json", "more than 5 redirects"),
        ("/file.json", "the scheme `file`"),
        ("/none.json", "404"),
    ];
    for (path, expected) in table {
        let error = load(&source(path), LoaderOptions::default()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{path}: {error}");
    }
}

#[tokio::test]
async fn bytes_refer_to_nothing() {
    let source = Source::Bytes { name: "given".to_owned(), bytes: root("/etc/passwd").into() };
    let loaded = load(&source, LoaderOptions::default()).await.unwrap();
    assert!(complaints(&loaded).join("\n").contains("may not refer to files"));
}

#[tokio::test]
async fn bounds_hold() {
    let directory = tempfile::tempdir().unwrap();
    let big = format!("{ITEM}{}", " ".repeat(1000));
    std::fs::write(directory.path().join("a.json"), &big).unwrap();
    let limited = |limits| LoaderOptions { limits, ..LoaderOptions::default() };
    let table = [
        (Limits { document_bytes: 500, ..Limits::default() }, "more than 500 bytes"),
        (Limits { total_bytes: 500, ..Limits::default() }, "together have more than 500 bytes"),
        (Limits { documents: 1, ..Limits::default() }, "more than 1 documents are needed"),
        (Limits { depth: 0, ..Limits::default() }, "more than 0 documents in a row"),
    ];
    for (limits, expected) in table {
        let complaint = complaint_about("a.json", directory.path(), limited(limits)).await;
        assert!(complaint.contains(expected), "{complaint}");
    }
    let error = load(&Source::File(directory.path().join("a.json")), limited(table[0].0)).await.unwrap_err();
    assert!(error.to_string().contains("more than 500 bytes"));
}

#[tokio::test]
async fn attempts_are_bounded() {
    let directory = tempfile::tempdir().unwrap();
    let items: Vec<String> = (0..9).map(|n| format!(r#""/{n}":{{"$ref":"none{n}.json"}}"#)).collect();
    let text = format!(r#"{{"openapi":"3.1.0","info":{{}},"paths":{{{}}}}}"#, items.join(","));
    let path = directory.path().join("openapi.json");
    std::fs::write(&path, text).unwrap();
    let limits = Limits { documents: 4, ..Limits::default() };
    let options = LoaderOptions { limits, ..LoaderOptions::default() };
    let loaded = load(&Source::File(path), options).await.unwrap();
    let complaints = complaints(&loaded);
    let count = |text: &str| complaints.iter().filter(|complaint| complaint.contains(text)).count();
    assert_eq!((count("no such file"), count("more than 4 documents")), (3, 6), "{complaints:?}");
}

#[test]
fn upgrades() {
    let url = |text: &str| Url::parse(text).unwrap();
    let table = [
        ("http://a/x", "https://a/y", true),
        ("http://a/x", "https://b/x", false),
        ("http://a:81/x", "https://a/x", false),
        ("http://a/x", "https://a:8443/x", false),
        ("https://a/x", "https://a/x", false),
    ];
    for (from, to, expected) in table {
        assert_eq!(crate::load::is_upgrade(&url(from), &url(to)), expected, "{from} {to}");
    }
}

#[tokio::test]
async fn errors_of_the_root() {
    let directory = tempfile::tempdir().unwrap();
    let html = "<!DOCTYPE html><html></html>";
    std::fs::write(directory.path().join("page.html"), html).unwrap();
    let page =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{html}", html.len());
    let address = server(|_| {
        BTreeMap::from([
            ("/page", page.clone()),
            ("/login", "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n".to_owned()),
        ])
    });
    let path = |name: &str| directory.path().join(name).display().to_string();
    let table = [
        (path("nothing.yaml"), "no such file"),
        (path("page.html/x"), "no such file"),
        (path(""), "is a directory"),
        (path("page.html"), "HTML page"),
        (format!("http://{address}/page"), "HTML page"),
        (format!("http://{address}/login"), "answered 401; fetch"),
        ("http://127.0.0.1:1/".to_owned(), "no connection to 127.0.0.1:1"),
    ];
    for (text, expected) in table {
        let error = load(&Source::parse(&text).unwrap(), LoaderOptions::default()).await.unwrap_err();
        let message = error.to_string();
        assert!(message.contains(expected) && message.starts_with(&text), "{message}");
    }
}

#[tokio::test]
async fn a_trail_tells_when_a_file_is_another() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("openapi.json");
    std::fs::write(&path, root("item.json")).unwrap();
    let item = directory.path().join("item.json");
    let loader = Loader::new(LoaderOptions::default());
    let load = async || {
        let trail = Trail::default();
        loader.load_with(&Source::File(path.clone()), &trail).await.map(|_| ()).ok();
        assert!(!trail.files_changed().await && !trail.has_urls());
        trail
    };
    let trail = load().await;
    std::fs::write(&item, ITEM).unwrap();
    assert!(trail.files_changed().await, "a referenced file that was not there");
    let trail = load().await;
    std::fs::write(&item, format!("{ITEM} ")).unwrap();
    assert!(trail.files_changed().await, "a referenced file");
    let whole = load().await;
    std::fs::write(&path, "{").unwrap();
    let broken = load().await;
    std::fs::remove_file(&item).unwrap();
    assert!(!broken.files_changed().await);
    broken.add_earlier(whole);
    assert!(broken.files_changed().await, "what a broken document no longer names");
    let trail = load().await;
    let other = directory.path().join("other.json");
    std::fs::write(&other, "[").unwrap();
    std::fs::rename(&other, &path).unwrap();
    assert!(trail.files_changed().await, "a file in the place of the first");
}

#[tokio::test]
async fn a_trail_asks_servers_conditionally() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heads = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&heads);
    // The document, what it is called, and what the server answers to who knows it.
    let script = [
        ("HTTP/1.1 200 OK\r\netag: \"a\"\r\nlast-modified: Fri, 27 Nov 2026 10:00:00 GMT\r\n", "one"),
        ("HTTP/1.1 304 Not Modified\r\n", ""),
        ("HTTP/1.1 200 OK\r\netag: \"b\"\r\n", "one"),
        ("HTTP/1.1 200 OK\r\netag: \"c\"\r\n", "two"),
        ("HTTP/1.1 500 Oops\r\n", ""),
    ];
    std::thread::spawn(move || {
        for (head, title) in script {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let read = connection.read(&mut request).unwrap();
            seen.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).to_lowercase());
            let document = format!(r#"{{"openapi":"3.1.0","info":{{"title":"{title}","version":"1"}}}}"#);
            let body = if title.is_empty() { "" } else { document.as_str() };
            let length = body.len();
            write!(connection, "{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    let loader = Loader::new(LoaderOptions::default());
    let source = Source::Url(Url::parse(&format!("http://{address}/openapi.json")).unwrap());
    let trail = Trail::default();
    loader.load_with(&source, &trail).await.unwrap();
    assert!(trail.has_urls());
    assert_eq!(loader.urls_changed(&trail).await, Ok(false), "304");
    assert_eq!(loader.urls_changed(&trail).await, Ok(false), "the same under another name");
    assert_eq!(loader.urls_changed(&trail).await, Ok(true), "another");
    let error = loader.urls_changed(&trail).await.unwrap_err();
    assert!(error.to_string().contains("the server answered 500"), "{error}");
    let heads = heads.lock().unwrap();
    assert!(!heads[0].contains("if-none-match"));
    for head in &heads[1..] {
        assert!(head.contains("if-none-match: \"a\"\r\n"), "{head}");
        assert!(head.contains("if-modified-since: fri, 27 nov 2026 10:00:00 gmt\r\n"), "{head}");
    }
}
