//! HTTP: the interface, its description and the web app.
//!
//! Every answer is an object of `evidence`, the same as on the command line.
//! No handler waits for an upstream service or writes anything. Errors are
//! `application/problem+json`; answers carry an `ETag` made from their bytes.
//!
//! Safe by default: only names of this machine are answered, which keeps other
//! sites' pages out; listening wider needs a token ([`Guard`]).

mod api;
mod guard;
mod problem;
mod respond;
mod web;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use evidence::Evidence;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use guard::Guard;
pub use problem::Problem;

#[derive(OpenApi)]
#[openapi(info(
    title = "Grunnlag",
    description = "Where in Norway can social housing be built, and what is the evidence? \
                   The same objects as the command line's JSON.",
    license(name = "MIT OR Apache-2.0")
))]
struct Description;

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Another program uses the port, or the address is not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The address is open to other machines and there is no token.
    #[error("{address} is open to other machines and no token is set")]
    OpenWithoutToken {
        /// Address asked for.
        address: SocketAddr,
    },
    /// Serving stopped.
    #[error("the server stopped")]
    Stopped(#[source] std::io::Error),
}

/// Returns the routes and their OpenAPI 3.1 description.
pub fn routes() -> (Router<Arc<Evidence>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi()).merge(api::routes()).split_for_parts()
}

/// Returns the OpenAPI 3.1 description, pretty-printed, as it is served and stored.
pub fn openapi_json() -> String {
    let (_, description) = routes();
    let mut json = description.to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
}

/// Builds the whole application.
pub fn app(evidence: Arc<Evidence>, guard: Guard) -> Router {
    let (api, _) = routes();
    let guard = Arc::new(guard);
    api.with_state(evidence.clone())
        .merge(web::routes())
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(guard, guard::check))
        .layer(axum::middleware::from_fn(respond::security_headers))
        // Answers are made anew for every weight: fast compression beats small.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// A server that listens and has not yet answered.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    guard: Guard,
}

impl Listening {
    /// Takes the address; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// The port is taken, or the address is open to others and there is no token.
    pub async fn on(address: SocketAddr, token: Option<String>) -> Result<Self, ServerError> {
        if !address.ip().is_loopback() && token.is_none() {
            return Err(ServerError::OpenWithoutToken { address });
        }
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| ServerError::Listen { address, source })?;
        let address =
            listener.local_addr().map_err(|source| ServerError::Listen { address, source })?;
        Ok(Self { listener, address, guard: Guard::new(address, token) })
    }

    /// Returns the address that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until interrupted.
    ///
    /// # Errors
    ///
    /// The system stops the server.
    pub async fn serve(self, evidence: Arc<Evidence>) -> Result<(), ServerError> {
        let stop = async {
            // Without a signal handler there is nothing to wait for but the end of the process.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        axum::serve(self.listener, app(evidence, self.guard))
            .with_graceful_shutdown(stop)
            .await
            .map_err(ServerError::Stopped)
    }
}
