//! The hours in which a server should be left in peace.
