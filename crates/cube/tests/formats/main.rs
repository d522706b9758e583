//! The formats that PxWeb has beside JSON-stat: PX, CSV, PX-JSON, Excel.

mod any;
mod csv;
mod json_px;
mod made;
mod px;
mod xlsx;
