//! Calls that a person should agree to: the first is answered with a token and sends nothing, the second gives
//! the token back.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use spandrel_plan::{CallError, CallErrorKind, ConfirmWhen, Confirmation, Tool};

use crate::hook::CallContext;
use crate::principal::Principal;
use crate::random_id::random_id;

/// How long a token is good for.
const AGE: Duration = Duration::from_mins(10);
/// The most tokens at once; the oldest make room.
const MOST: usize = 1024;
/// The most bytes of the arguments that all tokens stand for.
const BYTES: usize = 16 * 1024 * 1024;

/// The calls that wait for a person.
pub(crate) struct Confirmations {
    /// Whether calls wait at all.
    asks: bool,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    calls: VecDeque<WaitingCall>,
    bytes: usize,
}

/// A token, and the one call that it allows.
struct WaitingCall {
    token: String,
    tool: String,
    arguments: Map<String, Value>,
    size: usize,
    caller: Option<Principal>,
    since: Instant,
}

impl Confirmations {
    pub(crate) fn new(asks: bool) -> Self {
        Self { asks, waiting: Mutex::default() }
    }

    /// Lets a call pass that needs no confirmation, or that has it; takes the token out of its arguments.
    ///
    /// # Errors
    /// When a person has to agree first, or the token is not for this call.
    pub(super) fn check(
        &self,
        tool: &Tool,
        context: &mut CallContext,
        now: Instant,
    ) -> Result<(), CallError> {
        let Some(confirmation) = tool.confirmation.as_ref().filter(|it| it.when == ConfirmWhen::Always)
        else {
            return Ok(());
        };
        let argument = confirmation.argument.as_deref().unwrap_or_default();
        let token = context.arguments_mut().shift_remove(argument);
        if !self.asks {
            return Ok(());
        }
        let caller = Principal::of(context.extensions());
        match token {
            Some(Value::String(token)) if !token.is_empty() => {
                self.take(&token, &tool.name, context.arguments(), caller.as_ref(), now)
            }
            _ => {
                // What would be refused anyway is not asked about.
                context.check_arguments(|arguments| tool.validate_value(arguments))?;
                Err(self.ask(tool, confirmation, context.arguments(), caller, now))
            }
        }
    }

    fn take(
        &self,
        token: &str,
        tool: &str,
        arguments: &Map<String, Value>,
        caller: Option<&Principal>,
        now: Instant,
    ) -> Result<(), CallError> {
        let mut waiting = self.waiting();
        waiting.drop_older_than(now);
        let found =
            waiting.calls.iter().position(|call| call.token == token && call.caller.as_ref() == caller);
        // A token is good for one attempt, also for one that is refused.
        let call = found.and_then(|index| waiting.remove(index));
        match call {
            Some(call) if call.tool == tool && call.arguments == *arguments => Ok(()),
            Some(_) => Err(refused(
                "Nothing was sent: the token was given for a call with other arguments. Call again without it, and ask again.",
            )),
            None => Err(refused(
                "Nothing was sent: the token is unknown, used or too old. Call again without it, and ask again.",
            )),
        }
    }

    fn ask(
        &self,
        tool: &Tool,
        confirmation: &Confirmation,
        arguments: &Map<String, Value>,
        caller: Option<Principal>,
        now: Instant,
    ) -> CallError {
        let size = serde_json::to_string(arguments).map_or(BYTES, |text| text.len());
        let Some(token) = random_id().filter(|_| size < BYTES) else {
            return refused(
                "Nothing was sent: this call has to be confirmed, and is too large to be remembered.",
            );
        };
        let question = match &confirmation.message {
            Some(message) => message.clone(),
            None => format!("Call `{}` with these arguments?", tool.name),
        };
        let argument = confirmation.argument.as_deref().unwrap_or_default();
        let text = format!(
            "Nothing was sent yet: a person has to agree to this call. Ask: {question}\nIf the answer is yes, make the same call \
             again within {} minutes, with the same arguments and `{argument}`: \"{token}\".",
            AGE.as_secs() / 60
        );
        let arguments = arguments.clone();
        self.waiting().add(WaitingCall {
            token,
            tool: tool.name.clone(),
            arguments,
            size,
            caller,
            since: now,
        });
        refused(text)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, call: WaitingCall) {
        self.drop_older_than(call.since);
        while self.calls.len() >= MOST || self.bytes + call.size > BYTES {
            if self.remove(0).is_none() {
                break;
            }
        }
        self.bytes += call.size;
        self.calls.push_back(call);
    }

    fn remove(&mut self, index: usize) -> Option<WaitingCall> {
        let call = self.calls.remove(index)?;
        self.bytes -= call.size;
        Some(call)
    }

    /// Calls stand in the order in which they came.
    fn drop_older_than(&mut self, now: Instant) {
        while self.calls.front().is_some_and(|call| now.saturating_duration_since(call.since) >= AGE) {
            self.remove(0);
        }
    }
}

fn refused(text: impl Into<std::borrow::Cow<'static, str>>) -> CallError {
    CallError::new(CallErrorKind::Refused, text)
}
