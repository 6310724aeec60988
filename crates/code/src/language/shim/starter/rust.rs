//! The starter of Rust.

use domain::{Param, Type};

use super::{Class, NOT_WRITTEN, comment};
use crate::language::shim::{rust::written, spelling::rust as spell};

pub(super) fn starter(class: &Class<'_>) -> String {
    let mut text = comment("//", &class.doc);
    if class.uses(|ty| matches!(ty, Type::Map(_))) {
        text += "use std::collections::HashMap;\n";
    }
    for record in class.records() {
        text += &format!(
            "\n#[derive(Debug, Clone, PartialEq)]\npub struct {} {{\n",
            record.name
        );
        for field in &record.fields {
            text += &format!("    pub {}: {},\n", spell(&field.name), written(&field.ty));
        }
        text += "}\n";
    }
    let name = &class.signature.class;
    let params = params(&class.init());
    text += &format!(
        "\npub struct {name} {{}}\n\nimpl {name} {{\n    pub fn new({params}) -> Self {{\n        Self {{}}\n    }}\n"
    );
    let by = if class.signature.concurrent {
        "&self"
    } else {
        "&mut self"
    };
    for op in &class.signature.ops {
        let mut params = self::params(&class.params(op));
        if !params.is_empty() {
            params.insert_str(0, ", ");
        }
        let returns = op
            .returns
            .as_ref()
            .map_or(String::new(), |ty| format!(" -> {}", written(ty)));
        text += &format!(
            "\n{}    pub fn {}({by}{params}){returns} {{\n        panic!(\"{NOT_WRITTEN}\")\n    }}\n",
            comment("    ///", std::slice::from_ref(&op.doc)),
            spell(&op.name)
        );
    }
    text + "}\n"
}

fn params(params: &[Param]) -> String {
    let param = |param: &Param| {
        let ty = if param.ty == Type::Str {
            "&str".to_owned()
        } else {
            written(&param.ty)
        };
        format!("{}: {ty}", spell(&param.name))
    };
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}
