//! The starter of Python.

use domain::{Param, Type};

use super::{Class, NOT_WRITTEN, comment};
use crate::language::shim::spelling::python as spell;

pub(super) fn starter(class: &Class<'_>) -> String {
    let mut text = comment("#", &class.doc);
    text += "from __future__ import annotations\n";
    if !class.records().is_empty() {
        text += "\nfrom dataclasses import dataclass\n";
    }
    for record in class.records() {
        text += &format!("\n\n@dataclass\nclass {}:\n", record.name);
        for field in &record.fields {
            text += &format!("    {}: {}\n", spell(&field.name), written(&field.ty));
        }
    }
    let params = params(&class.init());
    text += &format!(
        "\n\nclass {}:\n    def __init__(self{params}) -> None:\n        pass\n",
        class.signature.class
    );
    for op in &class.signature.ops {
        let params = self::params(&class.params(op));
        let returns = op.returns.as_ref().map_or("None".to_owned(), written);
        let doc = op.doc.replace('\\', "\\\\").replace('"', "'");
        text += &format!(
            "\n    def {}(self{params}) -> {returns}:\n        \"\"\"{doc}\"\"\"\n        raise NotImplementedError(\"{NOT_WRITTEN}\")\n",
            spell(&op.name)
        );
    }
    text
}

fn params(params: &[Param]) -> String {
    params
        .iter()
        .map(|param| format!(", {}: {}", spell(&param.name), written(&param.ty)))
        .collect()
}

fn written(ty: &Type) -> String {
    match ty {
        Type::Int => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Str => "str".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Optional(inner) => format!("{} | None", written(inner)),
        Type::List(inner) => format!("list[{}]", written(inner)),
        Type::Map(inner) => format!("dict[str, {}]", written(inner)),
        Type::Record(name) => name.clone(),
    }
}
