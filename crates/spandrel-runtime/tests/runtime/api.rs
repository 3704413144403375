//! The API behind the bridge, and the catalog for it.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use http::{HeaderValue, Method};
use serde_json::{Value, json};
use spandrel_plan::{
    Annotations, Api, ArgumentPath, BaseUrl, BodyEncoding, BodyPlan, BodySource, Catalog, JsonText,
    MediaTypePlan, OperationPlan, OperationRef, ParameterPlan, PathPlan, PathSegment, ResponsePlan,
    Serialization, Style, Tool, ToolParts,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Serves `router` and returns its base URL.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// An API with one route for each thing that tests need.
pub(crate) async fn start() -> String {
    serve(
        Router::new()
            .route(
                "/echo",
                post(|body: Bytes| async move { ([(header::CONTENT_TYPE, "application/json")], body) }),
            )
            .route("/headers", any(headers))
            .route("/fail", get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "it broke") }))
            .route("/large", get(|| async { "x".repeat(2048) }))
            .route("/slow", get(|| async { tokio::time::sleep(Duration::from_hours(1)).await }))
            .route("/here", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/headers")]) }))
            .route("/post-here", post(|| async { (StatusCode::SEE_OTHER, [(header::LOCATION, "/headers")]) }))
            .route("/moved", post(|| async { (StatusCode::FOUND, [(header::LOCATION, "/headers")]) }))
            .route(
                "/away",
                get(|| async { (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.2:9/headers")]) }),
            )
            .route("/around", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/around")]) })),
    )
    .await
}

async fn headers(method: Method, headers: HeaderMap) -> impl IntoResponse {
    let mut seen = serde_json::Map::new();
    seen.insert("method".to_owned(), json!(method.as_str()));
    for (name, value) in &headers {
        seen.insert(name.to_string(), json!(value.to_str().unwrap()));
    }
    ([(header::CONTENT_TYPE, "application/json")], Value::Object(seen).to_string())
}

/// A server that reads one request, answers with `bytes` as they are and closes the connection.
pub(crate) async fn raw(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(bytes).await;
        }
    });
    base
}

/// An API whose one route never answers, and tells when a request comes and when it is dropped.
pub(crate) async fn stuck() -> (String, mpsc::UnboundedReceiver<&'static str>) {
    struct Dropped(mpsc::UnboundedSender<&'static str>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.send("dropped");
        }
    }
    let (sender, receiver) = mpsc::unbounded_channel();
    let route = get(move || {
        let sender = sender.clone();
        async move {
            sender.send("received").unwrap();
            let _dropped = Dropped(sender);
            std::future::pending::<()>().await;
        }
    });
    (serve(Router::new().route("/slow", route)).await, receiver)
}

/// A base URL where nothing listens.
pub(crate) async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// The tools of the API at `base`, as a catalog.
pub(crate) fn catalog(base: &str) -> Catalog {
    let api = Api { title: "Test API".to_owned(), version: "3".to_owned(), description: None };
    Catalog::new(api, tools(base))
}

/// The tools of the API at `base`.
pub(crate) fn tools(base: &str) -> Vec<Tool> {
    let routes = [
        ("echo", "/echo", Method::POST),
        ("headers", "/headers", Method::GET),
        ("fail", "/fail", Method::GET),
        ("large", "/large", Method::GET),
        ("slow", "/slow", Method::GET),
        ("here", "/here", Method::GET),
        ("post_here", "/post-here", Method::POST),
        ("moved", "/moved", Method::POST),
        ("away", "/away", Method::GET),
        ("around", "/around", Method::GET),
    ];
    routes.map(|(name, path, method)| tool(base, name, path, method)).into()
}

fn tool(base: &str, name: &str, path: &str, method: Method) -> Tool {
    let input = json!({"type": "object", "properties": {
        "count": {"type": "integer"},
        "x-trace": {"type": "string"},
    }});
    Tool::from(ToolParts {
        name: name.to_owned(),
        title: None,
        description: Some(format!("Calls {path}.")),
        input_schema: JsonText::from_value(&input),
        output_schema: None,
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: method.to_string(),
            path: path.to_owned(),
            operation_id: None,
            pointer: String::new(),
        },
        tags: Vec::new(),
        plan: plan(base, path, method),
    })
}

fn plan(base: &str, path: &str, method: Method) -> OperationPlan {
    let body = (method == Method::POST).then(|| BodyPlan {
        required: true,
        source: BodySource::Properties { properties: Vec::new(), rest: true },
        media_types: vec![MediaTypePlan {
            content_type: HeaderValue::from_static("application/json"),
            encoding: BodyEncoding::Json,
            schema: None,
        }],
        choice: None,
    });
    OperationPlan {
        method,
        base: Some(BaseUrl::parse(base).unwrap()),
        path: PathPlan { segments: vec![PathSegment::Literal(path.to_owned())] },
        query: Vec::new(),
        headers: vec![ParameterPlan {
            name: "x-trace".to_owned(),
            argument: ArgumentPath::key("x-trace"),
            required: false,
            serialization: Serialization::Style {
                style: Style::Simple,
                explode: false,
                allow_reserved: false,
            },
        }],
        cookies: Vec::new(),
        body,
        accept: HeaderValue::from_static("application/json"),
        security: Vec::new(),
        response: ResponsePlan::default(),
        written: None,
        supplied: Vec::new(),
    }
}
