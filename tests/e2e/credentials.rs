//! Credentials that a document asks for, and where requests may go.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::binary::{run, spandrel_with, stderr, stdout};
use crate::server::Server;

/// Schemes of every kind; `BASE` is the server.
const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: Guarded, version: "1"}
servers: [{url: "BASE"}]
security: [{"api key": []}]
paths:
  /key: {get: {operationId: key, responses: {"200": {description: fine}}}}
  /public: {get: {operationId: public, security: [], responses: {"200": {description: fine}}}}
  /query:
    get:
      operationId: query
      security: [{query: []}]
      parameters:
        - {name: token, in: query, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
      responses: {"200": {description: fine}}
  /cookie: {get: {operationId: cookie, security: [{cookie: []}], responses: {"200": {description: fine}}}}
  /basic: {get: {operationId: basic, security: [{basic: []}], responses: {"200": {description: fine}}}}
  /oauth: {get: {operationId: oauth, security: [{oauth: [read, write]}], responses: {"200": {description: fine}}}}
  /either: {get: {operationId: either, security: [{oauth: []}, {"api key": []}], responses: {"200": {description: fine}}}}
  /away: {get: {operationId: away, responses: {"200": {description: fine}}}}
components:
  securitySchemes:
    api key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: token}
    cookie: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: basic}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "BASE/token", scopes: {}}}}
"#;

/// An API that remembers the requests; its `/token` gives tokens, its `/away` leads to `away`.
struct Api {
    base: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Api {
    fn start(away: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, away) = (Arc::clone(&requests), away.to_owned());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut reader = BufReader::new(connection.unwrap());
                let request = read(&mut reader);
                let (head, body) = match request.split(' ').nth(1).unwrap_or_default() {
                    "/token" => (
                        "200 OK",
                        r#"{"access_token": "t0ken-s3cret", "token_type": "bearer", "expires_in": 60}"#,
                    ),
                    "/away" => ("302 Found", "{}"),
                    _ => ("200 OK", "{}"),
                };
                seen.lock().unwrap().push(request);
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {head}\r\ncontent-type: application/json\r\nlocation: {away}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = reader.get_mut().write_all(answer.as_bytes());
            }
        });
        Self { base, requests }
    }

    /// The requests since the last time: the first line, the headers in lower case, the body.
    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// The document of this API, in a folder.
    fn document(&self, folder: &Path) -> String {
        let path = folder.join("guarded.yaml");
        std::fs::write(&path, DOCUMENT.replace("BASE", &self.base)).unwrap();
        path.display().to_string()
    }
}

fn read(reader: &mut impl BufRead) -> String {
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 || line == "\r\n" {
            break;
        }
        let line = if request.is_empty() { line.trim().to_owned() } else { line.trim().to_lowercase() };
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().unwrap();
        }
        request = format!("{request}{line}\n");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    request + &String::from_utf8(body).unwrap()
}

/// The arguments of a call, the exit code, and what the API sees, or, where nothing is sent, the operator
/// is told.
type Row<'r> = (&'r [&'r str], i32, &'r [&'r str]);

/// Makes calls with these variables; nobody is told a secret, not even in the finest log.
fn check(api: &Api, folder: &Path, variables: &[(&str, &str)], table: &[Row<'_>]) {
    let document = api.document(folder);
    for (arguments, code, expected) in table {
        let mut command = spandrel_with(&[&["call", document.as_str()], *arguments, &["-vvv"]].concat());
        command.envs(variables.iter().copied()).env("RUST_LOG", "trace");
        let output = run(command);
        let requests = api.seen();
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {told}");
        let sent = *code == 0 && !arguments.contains(&"--mock");
        assert_eq!(!requests.is_empty(), sent, "{arguments:?}: {requests:?}");
        let seen = if sent { requests.join("\n") } else { told.clone() };
        for part in *expected {
            assert!(seen.contains(part), "{arguments:?}: {part}: {seen}");
        }
        for secret in ["s3cret", "czNjcmV0", "Y2xpZW50LXMzY3JldA"] {
            assert!(!told.contains(secret), "{arguments:?}: {told}");
        }
    }
}

#[test]
fn a_call_without_its_credential_is_not_sent() {
    let (api, folder) = (Api::start("/"), tempfile::tempdir().unwrap());
    let table: &[Row<'_>] = &[
        (&["public"], 0, &["GET /public HTTP/1.1"]),
        (
            &["key"],
            1,
            &["`key` needs a credential", "SPANDREL_CREDENTIAL_API_KEY", "--credential 'api key=env:NAME'"],
        ),
        (&["key", "--allow-anonymous"], 0, &["GET /key HTTP/1.1"]),
        (&["key", "--mock"], 0, &[]),
        (&["query", "--mock"], 0, &[]),
        (&["query", "q=1"], 1, &["`query` needs a credential"]),
        (&["query", "q=1", "token=x"], 1, &["token"]),
        (&["query", "q=1", "token=x", "--credential", "query=argument"], 0, &["GET /query?token=x&q=1 "]),
        (&["key", "x-key=mine", "--credential", "api key=argument"], 0, &["x-key: mine"]),
        (&["key", "--credential", "api key=argument"], 1, &["`x-key`"]),
        (&["key", "--header", "X-Key: header-s3cret"], 0, &["x-key: header-s3cret"]),
        (&["basic", "--header", "Authorization: Basic s3cret"], 0, &["authorization: basic s3cret"]),
    ];
    check(&api, folder.path(), &[], table);
}

#[test]
fn options_say_where_credentials_come_from() {
    let (api, folder) = (Api::start("/"), tempfile::tempdir().unwrap());
    let key = folder.path().join("key");
    std::fs::write(&key, "file-s3cret\n").unwrap();
    let from_file = format!("api key=file:{}", key.display());
    let with = |tool: &'static str, options: &[&'static str]| {
        let options = options.iter().flat_map(|option| ["--credential", option]);
        [tool].into_iter().chain(options).collect::<Vec<_>>()
    };
    let client = with(
        "basic",
        &["basic.client_id=x", "basic.client_secret=env:API_TOKEN", "basic.token_url=https://x.example"],
    );
    let password = with("basic", &["basic.username=me", "basic.password=env:API_TOKEN"]);
    let table: &[Row<'_>] = &[
        (&with("key", &["api key=env:API_TOKEN"]), 0, &["x-key: s3cret"]),
        (&with("key", &["api key=env:NOTHING"]), 2, &["`NOTHING` is not set"]),
        (&["key", "--credential", &from_file], 0, &["x-key: file-s3cret"]),
        (&with("key", &["api key=command:echo command-s3cret"]), 0, &["x-key: command-s3cret"]),
        (
            &with("key", &["api key=command:echo s3cret; exit 1"]),
            1,
            &["`api key`", "the command failed (exit status: 1)", "spandrel::credential: no credential"],
        ),
        (&with("key", &["api key=s3cret"]), 2, &["list of processes"]),
        (&with("key", &["s3cret"]), 2, &["SCHEME=SOURCE"]),
        (&with("key", &["api key.nothing=s3cret"]), 2, &["there is no such part"]),
        (
            &with("key", &["api_key=env:API_TOKEN"]),
            2,
            &["no security scheme `api_key`; did you mean `api key`?"],
        ),
        (&client, 2, &["asks for a user name and password"]),
        (&password, 0, &["authorization: basic bwu6cznjcmv0"]),
    ];
    check(&api, folder.path(), &[], table);
}

#[test]
fn a_file_holds_credentials() {
    let (api, folder) = (Api::start("/"), tempfile::tempdir().unwrap());
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    write("key", "file-s3cret\n");
    let file = write(
        "credentials.yaml",
        "credentials:\n  api key: yaml-s3cret\n  cookie: file:key\n  basic: {username: me, password: pw-s3cret}\n",
    );
    let bound = format!(
        r#"{{"origins": {{"http://127.0.0.2:1": {{"api key": "other-s3cret"}}, "{}": {{"api key": "json-s3cret"}}}}}}"#,
        api.base
    );
    let bound = write("bound.json", &bound);
    let other = write("other.yaml", "origins:\n  https://api.example:\n    api key: other-s3cret\n");
    let wrong = write("wrong.yaml", "credentials:\n  api key: [s3cret]\n");
    let unread = write("unread.yaml", "{s3cret: [");
    let table: &[Row<'_>] = &[
        (&["key", "--credentials", &file], 0, &["x-key: yaml-s3cret"]),
        (&["cookie", "--credentials", &file], 0, &["cookie: sid=file-s3cret"]),
        (&["basic", "--credentials", &file], 0, &["authorization: basic bwu6chctcznjcmv0"]),
        (&["key", "--credentials", &bound], 0, &["x-key: json-s3cret"]),
        (&["key", "--credentials", &other], 1, &["configured for another origin", "--credential-origin"]),
        (&["key", "--credentials", &wrong], 2, &["credentials.schema.json"]),
        (&["key", "--credentials", &unread], 2, &["neither YAML nor JSON"]),
        (&["key", "--credentials", "nothing.yaml"], 2, &["cannot be read"]),
    ];
    check(&api, folder.path(), &[], table);
    let own = folder.path().join("spandrel");
    std::fs::create_dir(&own).unwrap();
    let variables = [("XDG_CONFIG_HOME", folder.path().to_str().unwrap())];
    let own = own.join("credentials.json");
    std::fs::copy(&bound, &own).unwrap();
    check(&api, folder.path(), &variables, &[(&["key"], 0, &["x-key: json-s3cret"])]);
    // What is for another API is not looked at.
    let others = format!(
        r#"{{"origins": {{"https://api.example": {{"api key": "env:NOTHING"}}, "{}": {{"no": "env:NOTHING", "api key": "own-s3cret"}}}}}}"#,
        api.base
    );
    std::fs::write(&own, others).unwrap();
    check(&api, folder.path(), &variables, &[(&["key"], 0, &["x-key: own-s3cret"])]);
    std::fs::write(&own, r#"{"credentials": {"api key": "s3cret"}}"#).unwrap();
    check(&api, folder.path(), &variables, &[(&["key"], 2, &["under `origins`"])]);
}

#[test]
fn a_client_that_is_bound_to_an_origin_is_shown_to_no_other() {
    let (api, other, folder) = (Api::start("/"), Api::start("/"), tempfile::tempdir().unwrap());
    let endpoint = format!("{}/token", other.base);
    let document = folder.path().join("guarded.yaml");
    std::fs::write(&document, DOCUMENT.replace("BASE/token", &endpoint).replace("BASE", &api.base)).unwrap();
    let file = folder.path().join("credentials.yaml");
    for (token_url, code) in [(String::new(), 2), (format!(", token_url: '{endpoint}'"), 0)] {
        let client = format!("{{client_id: me, client_secret: client-s3cret{token_url}}}");
        std::fs::write(&file, format!("origins:\n  {}:\n    oauth: {client}\n", api.base)).unwrap();
        let paths = [document.to_str().unwrap(), file.to_str().unwrap()];
        let output = run(spandrel_with(&["call", paths[0], "oauth", "--credentials", paths[1]]));
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert_eq!(told.contains("write `token_url`"), code != 0, "{told}");
        assert_eq!(other.seen().is_empty(), code != 0, "{told}");
    }
}

#[test]
fn the_environment_holds_credentials() {
    let (api, folder) = (Api::start("/"), tempfile::tempdir().unwrap());
    let variables = [
        ("SPANDREL_CREDENTIAL_API_KEY", "env-s3cret"),
        ("SPANDREL_CREDENTIAL_QUERY", "q-s3cret&x=1"),
        ("SPANDREL_CREDENTIAL_BASIC", "me:pw-s3cret"),
        ("SPANDREL_CREDENTIAL_OAUTH_CLIENT_ID", "id-s3cret"),
        ("SPANDREL_CREDENTIAL_OAUTH_CLIENT_SECRET", "client-s3cret"),
    ];
    let options =
        ["oauth.client_id=me", "oauth.client_secret=env:API_TOKEN", "oauth.auth=post", "oauth.scopes=all"];
    let options = options.iter().flat_map(|option| ["--credential", *option]);
    let post: Vec<&str> = ["oauth"].into_iter().chain(options).collect();
    let table: &[Row<'_>] = &[
        (&["key"], 0, &["x-key: env-s3cret"]),
        (&["key", "--credential", "api key=env:API_TOKEN"], 0, &["x-key: s3cret"]),
        (&["query", "q=1"], 0, &["GET /query?q=1&token=q-s3cret%26x%3D1 "]),
        (&["basic"], 0, &["authorization: basic bwu6chctcznjcmv0"]),
        (&["either"], 0, &["GET /either", "x-key: env-s3cret"]),
        (
            &["oauth"],
            0,
            &[
                "POST /token",
                "authorization: basic ",
                "grant_type=client_credentials&scope=read+write",
                "GET /oauth",
                "authorization: bearer t0ken-s3cret",
            ],
        ),
        (&post, 0, &["scope=all&client_id=me&client_secret=s3cret", "authorization: bearer t0ken-s3cret"]),
    ];
    check(&api, folder.path(), &variables, table);
    // Whatever an answer repeats of the key.
    let echo = Api::start("/query?q=2&token=q-s3cret%26x%3D1");
    check(&echo, folder.path(), &variables, &[(&["query", "q=1"], 0, &["GET /query?q=1&token=q-s3cret"])]);
}

#[test]
fn a_dry_run_shows_where_credentials_stand() {
    let api = Api::start("/");
    let folder = tempfile::tempdir().unwrap();
    let document = api.document(folder.path());
    let table = [
        ("key", r#"--header "x-key: $SPANDREL_CREDENTIAL_API_KEY""#),
        ("query", r#"/query?token=$SPANDREL_CREDENTIAL_QUERY""#),
        ("cookie", r#"--header "cookie: sid=$SPANDREL_CREDENTIAL_COOKIE""#),
        (
            "basic",
            r#"--header "authorization: Basic $(printf %s "$SPANDREL_CREDENTIAL_BASIC" | base64 | tr -d '\n')""#,
        ),
        ("oauth", r#"--header "authorization: Bearer $SPANDREL_CREDENTIAL_OAUTH""#),
        ("public", "curl http://127.0.0.1:"),
    ];
    for (tool, expected) in table {
        for variable in ["NOTHING", "SPANDREL_CREDENTIAL_API_KEY", "SPANDREL_CREDENTIAL_QUERY"] {
            let mut command = spandrel_with(&["call", &document, tool, "--dry-run"]);
            command.env(variable, "s3cret");
            let output = run(command);
            let told = format!("{}{}", stdout(&output), stderr(&output));
            assert!(told.contains(expected) && !told.contains("s3cret"), "{told}");
            let output = run(spandrel_with(&["call", &document, tool, "--dry-run", "--format", "json"]));
            let told = stdout(&output);
            assert_eq!(told.contains("***"), tool != "public", "{told}");
            assert!(!told.contains("credential-"), "{told}");
        }
    }
    assert!(api.seen().is_empty());
}

#[test]
fn a_server_says_which_credentials_it_has() {
    let api = Api::start("/");
    let folder = tempfile::tempdir().unwrap();
    let document = api.document(folder.path());
    let server = Server::start(&format!("{document} --credential basic=env:API_TOKEN"));
    for part in [
        "credentials go to http://127.0.0.1:",
        "credentials: `basic` from --credential\n",
        "no credential for 3 tools: `api key`, an API key in the header x-key: set SPANDREL_CREDENTIAL_API_KEY, or use --credential 'api key=env:NAME'",
        "no credential for 2 tools: `oauth`, an OAuth 2.0 access token: set SPANDREL_CREDENTIAL_OAUTH_CLIENT_ID and",
    ] {
        assert!(server.banner.contains(part), "{part}: {}", server.banner);
    }
    assert!(!server.banner.contains("for 1 tool: `basic`") && !server.banner.contains("s3cret"));
    let result = server.rpc("tools/call", serde_json::json!({"name": "key", "arguments": {}}));
    assert_eq!(result["isError"], true, "{result}");
    assert!(
        result["content"][0]["text"].as_str().unwrap().contains("SPANDREL_CREDENTIAL_API_KEY"),
        "{result}"
    );
    let inspected = stdout(&run(spandrel_with(&["inspect", &document, "either"])));
    assert!(inspected.contains("Credentials\n`oauth`, an OAuth 2.0 access token: set "), "{inspected}");
    assert!(inspected.contains("or `api key`, an API key in the header x-key: set "), "{inspected}");
    let checked = stderr(&run(spandrel_with(&["check", &document])));
    assert!(checked.contains("a credential for 3 tools: `api key`, an API key in the header"), "{checked}");
}

#[test]
fn nothing_secret_follows_a_redirect_to_another_origin() {
    let other = Api::start("/");
    let api = Api::start(&format!("{}/b?x=1", other.base));
    let folder = tempfile::tempdir().unwrap();
    let document = api.document(folder.path());
    let any = ["--redirects", "any"];
    let allowed = ["--redirects", "any", "--allow-private"];
    let table: &[(&[&str], &str, bool)] = &[
        (&[], "302 Found", false),
        (&["--redirects", "none"], "302 Found", false),
        (&any, "is not called: its address is not a public one", false),
        (&allowed, "", true),
    ];
    for (arguments, told, reaches) in table {
        let header = ["--credential", "api key=env:API_TOKEN", "--header", "X-Tenant: s3cret"];
        let output = run(spandrel_with(&[&["call", &document, "away"], *arguments, &header].concat()));
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert!(text.contains(told), "{arguments:?}: {text}");
        assert!(api.seen().concat().contains("x-key: s3cret"));
        let seen = other.seen().concat();
        assert_eq!(seen.starts_with("GET /b?x=1 "), *reaches, "{arguments:?}: {seen}");
        assert!(!seen.contains("s3cret") && !seen.contains("x-tenant"), "{seen}");
    }
}

#[test]
fn a_server_that_only_the_document_names_is_not_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guarded.yaml");
    for server in [
        "http://169.254.169.254/latest",
        "http://[fd00:ec2::254]",
        "http://2852039166",
        "http://[::ffff:a9fe:a9fe]",
    ] {
        std::fs::write(&path, DOCUMENT.replace("BASE", server)).unwrap();
        let output = run(spandrel_with(&["call", path.to_str().unwrap(), "public"]));
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert!(output.status.code() == Some(1) && told.contains("is not called"), "{server}: {told}");
        assert!(told.contains("--base-url") && told.contains("--allow-private"), "{told}");
    }
}

#[test]
fn a_proxy_of_the_environment_is_named_and_never_stands_before_this_machine() {
    let (api, folder) = (Api::start("/"), tempfile::tempdir().unwrap());
    let document = api.document(folder.path());
    let table: &[(&[&str], i32, &str)] = &[
        (&["public"], 0, ""),
        (
            &["public", "--base-url", "http://api.example"],
            1,
            "No connection to api.example:80 through the proxy http://127.0.0.1:1, which the environment",
        ),
    ];
    for (arguments, code, expected) in table {
        let mut command = spandrel_with(&[&["call", document.as_str()], *arguments].concat());
        for name in ["NO_PROXY", "no_proxy", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(name);
        }
        command.env("HTTP_PROXY", "http://me:s3cret@127.0.0.1:1");
        let output = run(command);
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(*code), "{told}");
        assert!(told.contains(expected) && !told.contains("s3cret"), "{told}");
    }
}
