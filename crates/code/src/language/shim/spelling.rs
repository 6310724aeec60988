//! How names of a signature, which are `snake_case`, are spelled in each language.

/// Words that Python keeps for itself.
const PYTHON: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Words that Rust keeps for itself.
const RUST: [&str; 51] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while",
];

/// Words that JavaScript and TypeScript keep for themselves where a parameter stands.
const JAVASCRIPT: [&str; 46] = [
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
];

/// Words that Go keeps for itself.
const GO: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Parts of names that Go writes in capitals.
const INITIALISMS: [&str; 8] = ["api", "http", "id", "ip", "json", "ttl", "uri", "url"];

/// As Python spells it; a reserved word gets a `_` behind it.
pub(super) fn python(name: &str) -> String {
    unreserved(name.to_owned(), &PYTHON)
}

/// As Rust spells it.
pub(super) fn rust(name: &str) -> String {
    unreserved(name.to_owned(), &RUST)
}

/// In `lowerCamelCase`, for methods and fields of JavaScript, which may be any word.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('_').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| so_far + &capital(part))
}

/// A parameter of JavaScript.
pub(super) fn javascript_param(name: &str) -> String {
    unreserved(camel(name), &JAVASCRIPT)
}

/// An exported name of Go.
pub(super) fn go(name: &str) -> String {
    name.split('_').map(go_part).collect()
}

/// A parameter of Go.
pub(super) fn go_param(name: &str) -> String {
    let mut parts = name.split('_').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default().to_owned();
    unreserved(parts.fold(first, |so_far, part| so_far + &go_part(part)), &GO)
}

fn go_part(part: &str) -> String {
    if INITIALISMS.contains(&part) {
        return part.to_ascii_uppercase();
    }
    capital(part)
}

fn capital(part: &str) -> String {
    let mut chars = part.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn unreserved(name: String, reserved: &[&str]) -> String {
    let suffix = if reserved.contains(&name.as_str()) {
        "_"
    } else {
        ""
    };
    name + suffix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_each_language_does() {
        assert_eq!(camel("now_ms"), "nowMs");
        assert_eq!(go("user_id"), "UserID");
        assert_eq!(go_param("user_id"), "userID");
        assert_eq!(go_param("id"), "id");
    }

    #[test]
    fn reserved_words_are_kept_clear_of() {
        assert_eq!(python("from"), "from_");
        assert_eq!(rust("type"), "type_");
        assert_eq!(javascript_param("default"), "default_");
        assert_eq!(go_param("range"), "range_");
        assert_eq!(camel("delete"), "delete");
    }
}
