//! PxWebApi, once, for client and server.
//!
//! What a selection means is said in one place ([`selection`]), and used three
//! times: by [`plan`], which counts before it asks; by [`client`], which asks;
//! and by [`mirror`], which answers. So what we count is what a server counts.
//!
//! `wire` holds the shapes of version 2, `v0` those of the old interface and the
//! translation between the two. `paste` understands what people have at hand: an
//! address from a web page, a query of the old kind, the id of a saved query.
//! `servers` lists the agencies and their quirks, as data.
//!
//! The client meets the network only through [`client::Transport`], its rate
//! limit through [`client::Budget`] and its memory through [`client::Archive`];
//! `ingest` joins them to the store.

mod address;
pub mod client;
mod fault;
pub mod mirror;
pub mod paste;
pub mod plan;
pub mod selection;
mod servers;
mod table;
pub mod v0;
pub mod wire;

pub use fault::{Endpoint, Fault, FaultKind};
pub use servers::{Quirk, Server, Servers, Window, WindowKind};
pub use table::{CodeList, CodeListKind, CodeListValue, Table, Variable};
