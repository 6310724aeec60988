//! What to practise next, and why: tailored sets, the plan, recall cards, the coverage of stories. Pure.

pub mod plan;
pub mod review;
pub mod set;
pub mod story;
