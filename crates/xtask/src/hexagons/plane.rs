//! Vectors in the plane, with y growing southward as rows do.

use std::ops::{Add, Mul, Sub};

/// A position or a displacement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vector {
    /// Eastward.
    pub x: f64,
    /// Southward.
    pub y: f64,
}

impl Vector {
    pub const ZERO: Self = Self { x: 0.0, y: 0.0 };

    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub fn length_squared(self) -> f64 {
        self.dot(self)
    }

    pub fn length(self) -> f64 {
        self.length_squared().sqrt()
    }

    /// The same direction with length 1; east for the zero vector.
    pub fn unit(self) -> Self {
        let length = self.length();
        if length == 0.0 {
            return Self { x: 1.0, y: 0.0 };
        }
        self * (1.0 / length)
    }
}

impl Add for Vector {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Sub for Vector {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

impl Mul<f64> for Vector {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self { x: self.x * factor, y: self.y * factor }
    }
}
