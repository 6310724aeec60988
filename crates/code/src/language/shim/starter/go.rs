//! The starter of Go.

use domain::{Param, Type};

use super::{Class, NOT_WRITTEN, comment};
use crate::language::shim::{go::written, spelling};

pub(super) fn starter(class: &Class<'_>) -> String {
    let mut text = comment("//", &class.doc);
    text += "package main\n";
    for record in class.records() {
        text += &format!("\ntype {} struct {{\n", record.name);
        let names: Vec<String> = record
            .fields
            .iter()
            .map(|field| spelling::go(&field.name))
            .collect();
        let width = names.iter().map(String::len).max().unwrap_or(0);
        for (name, field) in names.iter().zip(&record.fields) {
            text += &format!("\t{name:width$} {}\n", written(&field.ty));
        }
        text += "}\n";
    }
    let name = &class.signature.class;
    let params = params(&class.init());
    text += &format!(
        "\ntype {name} struct {{\n}}\n\nfunc New{name}({params}) *{name} {{\n\treturn &{name}{{}}\n}}\n"
    );
    for op in &class.signature.ops {
        let params = self::params(&class.params(op));
        let optional = matches!(op.returns, Some(Type::Optional(_)));
        let returns = match &op.returns {
            None => String::new(),
            Some(Type::Optional(inner)) => format!(" ({}, bool)", written(inner)),
            Some(ty) => format!(" {}", written(ty)),
        };
        let mut doc = vec![op.doc.clone()];
        if optional {
            doc[0] += " The bool says whether there is a value.";
        }
        let receiver = spelling::camel(name)
            .chars()
            .next()
            .unwrap_or('x')
            .to_ascii_lowercase();
        text += &format!(
            "\n{}func ({receiver} *{name}) {}({params}){returns} {{\n\tpanic(\"{NOT_WRITTEN}\")\n}}\n",
            comment("//", &doc),
            spelling::go(&op.name)
        );
    }
    text
}

fn params(params: &[Param]) -> String {
    let param = |param: &Param| format!("{} {}", spelling::go_param(&param.name), written(&param.ty));
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}
