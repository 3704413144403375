//! One call of a tool, and what came of it.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value};
use spandrel_mock::MockApi;
use spandrel_plan::{CallError, ResponseHead, ResponseLimits, Tool};

use crate::arguments::{Given, Sampling, samples};

/// A call that was made, or tried.
#[derive(Debug)]
pub struct Call {
    /// What its arguments were chosen to show.
    pub sampling: Sampling,
    /// Its arguments; none where none could be made.
    pub arguments: Option<Map<String, Value>>,
    /// The request that it came to.
    pub request: Option<Request<Bytes>>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a call.
#[derive(Debug)]
pub enum Verdict {
    /// The mock took the request, and its answer became a result.
    Passed,
    /// No arguments could be made that the tool's schema accepts, for this reason. Some schemas
    /// accept nothing; others ask for what is hard to find.
    Untested(String),
    /// Something is wrong with the tool, or with the mock.
    Failed(Failure),
}

/// What is wrong with a tool, or with the mock.
#[derive(Debug)]
pub enum Failure {
    /// The tool's schema accepts the arguments, but the tool does not.
    Arguments(CallError),
    /// The tool takes the arguments, but no request can be made of them.
    Rendering(CallError),
    /// The document does not allow the request.
    Refused {
        /// The status that the mock answered with.
        status: StatusCode,
        /// What it said, as problem details (RFC 9457): `detail`, and `errors` with `in`, `name` and
        /// `message`.
        problem: Value,
    },
    /// The answer satisfies the document, but the result does not satisfy the tool's output schema,
    /// or is an error.
    Result(String),
}

/// Calls `tool` with each of its [samples](samples()); `mock` answers.
#[must_use]
pub fn test(tool: &Tool, mock: &MockApi) -> Vec<Call> {
    samples(tool).into_iter().map(|given| call(tool, mock, given)).collect()
}

fn call(tool: &Tool, mock: &MockApi, given: Given) -> Call {
    let sampling = given.sampling;
    let arguments = match given.arguments {
        Ok(arguments) => arguments,
        Err(reason) => {
            let verdict = Verdict::Untested(reason);
            return Call { sampling, arguments: None, request: None, verdict };
        }
    };
    let (request, verdict) = match render(tool, &arguments) {
        Ok(request) => {
            let verdict = judge(tool, mock, &request);
            (Some(request), verdict)
        }
        Err(failure) => (None, Err(failure)),
    };
    let verdict = verdict.map_or_else(Verdict::Failed, |()| Verdict::Passed);
    Call { sampling, arguments: Some(arguments), request, verdict }
}

fn render(tool: &Tool, arguments: &Map<String, Value>) -> Result<Request<Bytes>, Failure> {
    tool.validate(arguments).map_err(Failure::Arguments)?;
    tool.plan.render(arguments).map_err(Failure::Rendering)
}

fn judge(tool: &Tool, mock: &MockApi, request: &Request<Bytes>) -> Result<(), Failure> {
    let response = mock.answer(request);
    let status = response.status();
    // What it allows, it answers with a success.
    if status.is_client_error() {
        let problem = serde_json::from_slice(response.body()).unwrap_or_default();
        return Err(Failure::Refused { status, problem });
    }
    map(tool, response)
}

/// Maps the mock's answer as the API's would be.
fn map(tool: &Tool, response: Response<Bytes>) -> Result<(), Failure> {
    let (head, body) = response.into_parts();
    let is_verified = !head.headers.contains_key("spandrel-mock");
    let head = ResponseHead { status: head.status, headers: head.headers };
    let outcome = tool.map_response(&head, body, &ResponseLimits::default());
    if outcome.is_error {
        let status = head.status;
        return Err(Failure::Result(format!("the answer {status} became an error")));
    }
    if let Some(drift) = outcome.drift.filter(|_| is_verified) {
        return Err(Failure::Result(format!(
            "the answer satisfies the document, but not the output schema that the tool advertises: {drift}"
        )));
    }
    Ok(())
}
