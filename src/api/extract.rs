//! What handlers take from a request: axum's extractors, whose refusals are
//! [`Problem`]s here.

use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};

/// A JSON body, of a request or an answer.
pub(super) struct Json<T>(pub(super) T);

/// The parts of the path.
pub(super) struct Path<T>(pub(super) T);

/// The query of the address.
pub(super) struct Query<T>(pub(super) T);

/// The parts of a form with files, as they come in.
pub(super) struct Multipart(pub(super) axum::extract::Multipart);

/// One event of a stream, as the document describes it.
#[derive(utoipa::ToSchema)]
#[schema(as = ServerSentEvent)]
pub(super) struct EventView {
    /// What kind it is.
    #[expect(dead_code, reason = "the shape of the wire, for the document alone")]
    event: String,
    /// Where to go on after it.
    #[expect(dead_code, reason = "the shape of the wire, for the document alone")]
    id: Option<String>,
    /// What it says, as JSON in one line; the operation names the schema.
    #[expect(dead_code, reason = "the shape of the wire, for the document alone")]
    data: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match <axum::Json<T> as FromRequest<S>>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(rejection.status(), &rejection.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(rejection.status(), &rejection.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(rejection.status(), &rejection.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match <axum::extract::Multipart as FromRequest<S>>::from_request(request, state).await {
            Ok(parts) => Ok(Self(parts)),
            Err(rejection) => Err(unreadable(rejection.status(), &rejection.body_text())),
        }
    }
}

/// How axum begins its explanations, and how we do.
const BEGINNINGS: [(&str, &str); 4] = [
    (
        "Failed to deserialize the JSON body into the target type: ",
        "the body is not what is needed here: ",
    ),
    ("Failed to parse the request body as JSON: ", "the body is not JSON: "),
    ("Failed to deserialize query string: ", "the query is not what is needed here: "),
    ("Invalid URL: ", "the address cannot be read: "),
];

/// What a caller is told whose request cannot be read.
pub(super) fn unreadable(status: StatusCode, words: &str) -> Problem {
    let clear = BEGINNINGS.iter().find_map(|(technical, plain)| {
        words.strip_prefix(technical).map(|rest| format!("{plain}{rest}"))
    });
    let words = clear.as_deref().unwrap_or(words);
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::shown(Code::BodyTooLarge, words)
    } else {
        Problem::shown(Code::BadRequest, words)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only whether it can be read matters")]
        email: String,
    }

    async fn refusal(request: Request) -> Problem {
        <Json<Wanted> as FromRequest<()>>::from_request(request, &())
            .await
            .map(|Json(wanted)| wanted)
            .unwrap_err()
    }

    #[tokio::test]
    async fn a_body_that_lacks_a_value_is_told_which() {
        let request = Request::post("/").header(CONTENT_TYPE, "application/json");
        let problem = refusal(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(problem.code, Code::BadRequest);
        let words = problem.detail.unwrap();
        assert!(words.starts_with("the body is not what is needed here: missing"), "{words}");
        assert!(words.contains("`email`"), "{words}");
    }

    #[tokio::test]
    async fn a_body_that_does_not_say_it_is_json_is_refused() {
        let problem = refusal(Request::post("/").body(Body::from("{}")).unwrap()).await;
        assert_eq!(problem.code, Code::BadRequest);
        assert!(problem.detail.as_deref().unwrap().contains("Content-Type"), "{problem:?}");
    }
}
