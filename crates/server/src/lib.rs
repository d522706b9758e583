//! HTTP: the interface, its description and the web app.
//!
//! Every answer is an object of `evidence`, the same as on the command line.
//! No handler waits for an upstream service or writes anything. Errors are
//! `application/problem+json`; answers carry an `ETag` made from their bytes.
//!
//! Beside it stands PxWeb's own interface ([`Mirrored`]), answered by `pxweb` from
//! the store: whoever has a PxWeb client can read what is kept here.
//!
//! Safe by default: only names of this machine are answered, which keeps other
//! sites' pages out; listening wider needs a token ([`Guard`]).

mod ahead;
mod api;
mod first;
mod guard;
mod live;
mod map;
mod mirror;
mod problem;
mod questions;
mod regions;
mod respond;
mod web;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use guard::Guard;
pub use live::Live;
pub use mirror::{MirrorHandle, Mirrored, RateLimit};
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
pub fn routes() -> (Router<Live>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(api::routes())
        .merge(regions::routes())
        .merge(map::routes())
        .split_for_parts()
}

/// Returns the OpenAPI 3.1 description, pretty-printed, as it is served and stored.
pub fn openapi_json() -> String {
    let (_, description) = routes();
    let mut json = description.to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
}

/// Builds the whole application; with a mirror, it answers PxWeb's interface too.
pub fn app(live: Live, mirrored: Option<Mirrored>, guard: Guard) -> Router {
    let (api, _) = routes();
    let router = api
        .merge(web::routes())
        .with_state(live)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed);
    dress(router, mirrored, guard)
}

/// Builds a server of nothing but PxWeb's interface.
pub fn mirror_app(mirrored: Mirrored, guard: Guard) -> Router {
    dress(Router::new().fallback(problem::not_found), Some(mirrored), guard)
}

fn dress(router: Router, mirrored: Option<Mirrored>, guard: Guard) -> Router {
    let router = match mirrored {
        Some(mirrored) => {
            router.layer(axum::middleware::from_fn_with_state(mirrored, mirror::answer))
        }
        None => router,
    };
    // Answers are made anew for every weight: fast compression beats small.
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(mirror::is_compressible));
    router
        .layer(axum::middleware::from_fn_with_state(Arc::new(guard), guard::check))
        .layer(axum::middleware::from_fn(respond::security_headers))
        .layer(compression)
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

    /// Serves until interrupted; with a mirror, PxWeb's interface too.
    ///
    /// # Errors
    ///
    /// The system stops the server.
    pub async fn serve(self, live: Live, mirrored: Option<Mirrored>) -> Result<(), ServerError> {
        run(self.listener, app(live, mirrored, self.guard)).await
    }

    /// Serves nothing but PxWeb's interface until interrupted.
    ///
    /// # Errors
    ///
    /// The system stops the server.
    pub async fn serve_mirror_only(self, mirrored: Mirrored) -> Result<(), ServerError> {
        run(self.listener, mirror_app(mirrored, self.guard)).await
    }
}

async fn run(listener: TcpListener, app: Router) -> Result<(), ServerError> {
    let stop = async {
        // Without a signal handler there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    // Small answers are many: none waits for the one before it to be acknowledged.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app).with_graceful_shutdown(stop).await.map_err(ServerError::Stopped)
}
