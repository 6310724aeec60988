//! What the editor starts with: the class with its typed methods, which compiles and does nothing yet.

mod go;
mod javascript;
mod python;
mod rust;

use domain::{Language, Operation, Param, Record, Signature, Type};

/// Width of comments; the editor shows 100 columns beside the prompt.
const WIDTH: usize = 96;

/// What every placeholder says.
const NOT_WRITTEN: &str = "not written yet";

/// The candidate's file as it is before a line is written. `doc` is a sentence or two about the item.
pub fn starter(language: Language, signature: &Signature, doc: &str) -> String {
    let class = Class {
        signature,
        doc: remarks(signature, doc),
    };
    match language {
        Language::Python => python::starter(&class),
        Language::Javascript => javascript::starter(&class, false),
        Language::Typescript => javascript::starter(&class, true),
        Language::Go => go::starter(&class),
        Language::Rust => rust::starter(&class),
    }
}

/// A signature with all that is said of it.
struct Class<'a> {
    signature: &'a Signature,
    /// One entry for each paragraph.
    doc: Vec<String>,
}

impl Class<'_> {
    fn records(&self) -> &[Record] {
        &self.signature.records
    }

    /// Parameters of the constructor.
    fn init(&self) -> Vec<Param> {
        let folder = self.signature.durable.then(|| param("data_folder", Type::Str));
        folder.into_iter().chain(self.signature.init.clone()).collect()
    }

    /// Parameters of an operation.
    fn params(&self, op: &Operation) -> Vec<Param> {
        let now = self.signature.clock.then(|| param("now_ms", Type::Int));
        now.into_iter().chain(op.params.clone()).collect()
    }

    /// Whether any type of the signature is, or holds, one that `is` says yes to.
    fn uses(&self, is: fn(&Type) -> bool) -> bool {
        fn within(ty: &Type, is: fn(&Type) -> bool) -> bool {
            is(ty)
                || match ty {
                    Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => within(inner, is),
                    _ => false,
                }
        }
        let ops = self.signature.ops.iter();
        let returns = ops.clone().filter_map(|op| op.returns.as_ref());
        let params = ops.flat_map(|op| &op.params).chain(&self.signature.init);
        let fields = self.records().iter().flat_map(|record| &record.fields);
        returns
            .chain(params.chain(fields).map(|param| &param.ty))
            .any(|ty| within(ty, is))
    }
}

fn param(name: &str, ty: Type) -> Param {
    Param {
        name: name.to_owned(),
        ty,
    }
}

fn remarks(signature: &Signature, doc: &str) -> Vec<String> {
    let mut remarks: Vec<String> = doc
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    if signature.clock {
        remarks.push("Each call is told the time in milliseconds; read no clock of your own.".to_owned());
    }
    if signature.concurrent {
        remarks.push("Several threads call it at once.".to_owned());
    }
    if signature.durable {
        remarks.push(
            "Files in the data folder outlive `kill -9`; after one, the class is made again over the same folder."
                .to_owned(),
        );
    }
    remarks
}

/// A comment, each line behind `mark`.
fn comment(mark: &str, paragraphs: &[String]) -> String {
    let mut lines = Vec::new();
    for (i, paragraph) in paragraphs.iter().enumerate() {
        if i > 0 {
            lines.push(mark.to_owned());
        }
        let mut line = mark.to_owned();
        for word in paragraph.split(' ') {
            if line.len() + 1 + word.len() > WIDTH && line.len() > mark.len() {
                lines.push(std::mem::replace(&mut line, mark.to_owned()));
            }
            line = line + " " + word;
        }
        lines.push(line);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
