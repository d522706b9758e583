//! `grunnlag px`: PxWeb servers.

mod plan;
mod show;
