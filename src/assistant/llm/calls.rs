//! Tool calls, put together from the parts in which they are streamed.

use serde_json::Value;

use super::ToolCall;
use super::wire::ToolDelta;

/// The calls of one answer so far, in the order they began.
#[derive(Debug, Default)]
pub(super) struct Calls(Vec<(u64, ToolCall)>);

impl Calls {
    /// Takes a part. It belongs to the call of its index; without one to the call of its
    /// id, or to the last. Endpoints that give every call the same index tell them apart
    /// by their ids.
    pub(super) fn take(&mut self, delta: ToolDelta) {
        let ToolDelta { index, id, function } = delta;
        let id = id.unwrap_or_default();
        let function = function.unwrap_or_default();
        let known = self.0.iter().rposition(|(at, call)| {
            let same_id = id.is_empty() || call.id.is_empty() || call.id == id;
            index.is_none_or(|index| index == *at) && same_id
        });
        let place = known.unwrap_or_else(|| {
            let index = index.unwrap_or(self.0.len() as u64);
            let call =
                ToolCall { id: String::new(), name: String::new(), arguments: String::new() };
            self.0.push((index, call));
            self.0.len() - 1
        });
        let Some((_, call)) = self.0.get_mut(place) else { return };
        if call.id.is_empty() {
            call.id = id;
        }
        if let Some(name) = function.name.filter(|name| *name != call.name) {
            call.name.push_str(&name);
        }
        match function.arguments {
            Some(Value::String(piece)) => call.arguments.push_str(&piece),
            None | Some(Value::Null) => {}
            Some(whole) => call.arguments = whole.to_string(),
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written of them, for counting tokens.
    pub(super) fn text(&self) -> String {
        let parts = self.0.iter().map(|(_, call)| format!("{} {} ", call.name, call.arguments));
        parts.collect()
    }

    /// The calls, complete. One without a name is none; one without an id gets its place.
    pub(super) fn finish(&mut self) -> Vec<ToolCall> {
        let calls = std::mem::take(&mut self.0).into_iter().map(|(_, call)| call);
        let mut named: Vec<ToolCall> = Vec::new();
        for mut call in calls.filter(|call| !call.name.is_empty()) {
            if call.id.is_empty() {
                call.id = format!("call_{}", named.len() + 1);
            }
            if !named.contains(&call) {
                named.push(call);
            }
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made_of(parts: &[Value]) -> Vec<(String, String, String)> {
        let mut calls = Calls::default();
        for part in parts {
            calls.take(serde_json::from_value(part.clone()).unwrap());
        }
        calls.finish().into_iter().map(|call| (call.id, call.name, call.arguments)).collect()
    }

    fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
        (id.to_owned(), name.to_owned(), arguments.to_owned())
    }

    #[test]
    fn parts_are_put_together_by_their_index() {
        let made = made_of(&[
            json!({ "index": 0, "id": "a", "function": { "name": "find", "arguments": "" } }),
            json!({ "index": 1, "id": "b", "function": { "name": "dues", "arguments": "{\"c" } }),
            json!({ "index": 0, "function": { "arguments": "{\"q\":" } }),
            json!({ "index": 1, "function": { "arguments": "\":1}" } }),
            json!({ "index": 0, "function": { "arguments": "2}" } }),
        ]);
        assert_eq!(made, [call("a", "find", "{\"q\":2}"), call("b", "dues", "{\"c\":1}")]);
    }

    #[test]
    fn whole_calls_with_one_index_are_told_apart_by_id() {
        let made = made_of(&[
            json!({ "index": 0, "id": "a", "function": { "name": "find", "arguments": "{}" } }),
            json!({ "index": 0, "id": "b", "function": { "name": "find", "arguments": "{}" } }),
        ]);
        assert_eq!(made, [call("a", "find", "{}"), call("b", "find", "{}")]);
    }

    #[test]
    fn what_is_left_out_is_made_up_and_what_is_broken_stays() {
        let made = made_of(&[
            json!({ "function": { "name": "find", "arguments": { "q": 1 } } }),
            json!({ "index": 4, "id": "b", "function": { "name": "dues", "arguments": "{oops" } }),
            json!({ "index": 5, "id": "c" }),
        ]);
        assert_eq!(made, [call("call_1", "find", "{\"q\":1}"), call("b", "dues", "{oops")]);
    }
}
