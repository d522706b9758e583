//! Weights from data (entropy, CRITIC, principal components, a target importance)
//! and from people (swing, pairwise comparison).
