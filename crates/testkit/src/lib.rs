//! What the tests of several crates share; nothing here ships.
//!
//! [`run`] is the command as a person meets it: arguments in, exit code and
//! both streams out. [`serve`] is the same for HTTP. [`shared`] finds material
//! that is not part of the repository; a test that needs it says so when it is
//! not there, and passes. [`klass`] is a Klass and [`geonorge`] a Geonorge of the test's own,
//! and [`proxy`] stands between a client and a server, counts, and goes wrong.
//!
//! It depends on nothing of ours, so that every crate may use it.

mod command;
pub mod geonorge;
mod http;
pub mod klass;
mod material;
pub mod proxy;
pub mod shapes;

pub use command::{Ran, grunnlag, run, run_in, shell};
pub use http::{Answer, Served, serve, serve_folder, serve_folder_with, serve_with};
pub use material::{shared, skipped, workspace};
