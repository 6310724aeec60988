//! What to practise next, and why: tailored sets, the plan, recall cards, the coverage of stories. Pure.
