//! What happens when the API refuses a credential that may be renewed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Request, Response, Uri};
use serde_json::Map;
use spandrel_plan::{CallError, Tool};
use spandrel_runtime::{BackendFn, BoxFuture, Bridge, Credentials, UsedCredentials};

use crate::api;

/// Counts what it is asked for; each authorisation is another credential.
#[derive(Clone)]
struct Counting {
    authorised: Arc<AtomicUsize>,
    renewed: Arc<AtomicUsize>,
    marks: bool,
    renews: bool,
}

impl Credentials for Counting {
    fn authorize<'a>(
        &'a self,
        _tool: &'a Tool,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<(), CallError>> {
        let number = self.authorised.fetch_add(1, Ordering::SeqCst) + 1;
        request.headers_mut().insert("x-key", number.into());
        if self.marks {
            request.extensions_mut().insert(UsedCredentials([("key".to_owned(), 1)].into()));
        }
        async { Ok(()) }.boxed()
    }

    fn renew<'a>(&'a self, _tool: &'a Tool, uri: &'a Uri, used: &'a UsedCredentials) -> BoxFuture<'a, bool> {
        assert_eq!((uri.path(), used.0[0].0.as_str()), ("/echo", "key"));
        self.renewed.fetch_add(1, Ordering::SeqCst);
        async { self.renews }.boxed()
    }
}

#[tokio::test]
async fn a_request_is_sent_once_more_where_there_is_another_credential() {
    // Whether the credential may be renewed, and is; from which one on the API accepts; the status in the
    // end, the requests, the renewals.
    let table = [
        (true, true, 1, 200, 1, 0),
        (true, true, 2, 200, 2, 1),
        (true, true, 3, 401, 2, 1),
        (true, false, 2, 401, 1, 1),
        (false, true, 2, 401, 1, 0),
    ];
    for (marks, renews, accepted, status, requests, renewals) in table {
        let credentials = Counting { authorised: Arc::default(), renewed: Arc::default(), marks, renews };
        let backend = BackendFn(move |request: &Request<Bytes>| {
            assert_eq!(request.body(), r#"{"count":1}"#);
            let key: usize = request.headers()["x-key"].to_str().unwrap().parse().unwrap();
            let status = if key >= accepted { 200 } else { 401 };
            Response::builder().status(status).body(Bytes::new()).unwrap()
        });
        let bridge = Bridge::builder(api::catalog("https://api.example"))
            .backend(backend)
            .credentials(credentials.clone())
            .build()
            .unwrap();
        let arguments = Map::from_iter([("count".to_owned(), 1.into())]);
        let outcome = bridge.call("echo", arguments).await.unwrap();
        let found = (
            outcome.status.unwrap(),
            credentials.authorised.load(Ordering::SeqCst),
            credentials.renewed.load(Ordering::SeqCst),
        );
        assert_eq!(found, (status, requests, renewals), "{marks} {renews} {accepted}");
    }
}
