//! The client against servers that falter: nothing asked too often, nothing lost.

mod asking;
mod fakes;
mod hours;
mod http;
mod questions;
