//! The formats that PxWeb has beside JSON-stat: PX, CSV, PX-JSON, Excel.

mod made;
mod px;
