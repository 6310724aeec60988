//! The starters of JavaScript and TypeScript, which differ by the types.

use domain::{Param, Type};

use super::{Class, NOT_WRITTEN, comment};
use crate::language::shim::spelling;

pub(super) fn starter(class: &Class<'_>, typed: bool) -> String {
    let mut text = comment("//", &class.doc);
    for record in class.records() {
        let fields = record.fields.iter();
        if typed {
            let field =
                |field: &Param| format!("  {}: {};\n", spelling::camel(&field.name), written(&field.ty));
            let fields: String = fields.map(field).collect();
            text += &format!("\nexport interface {} {{\n{fields}}}\n", record.name);
        } else {
            let field = |field: &Param| format!("{}: {}", spelling::camel(&field.name), written(&field.ty));
            let fields: Vec<String> = fields.map(field).collect();
            text += &format!(
                "\n/** @typedef {{{{ {} }}}} {} */\n",
                fields.join(", "),
                record.name
            );
        }
    }
    let params = params(&class.init(), typed);
    let types = if typed {
        String::new()
    } else {
        jsdoc(&class.init(), None, None)
    };
    text += &format!(
        "\nexport class {} {{\n{types}  constructor({params}) {{}}\n",
        class.signature.class
    );
    for op in &class.signature.ops {
        let params = class.params(op);
        let (types, returns) = if typed {
            let doc = format!("  /** {} */\n", op.doc.replace("*/", "* /"));
            (
                doc,
                op.returns
                    .as_ref()
                    .map_or(": void".to_owned(), |ty| format!(": {}", written(ty))),
            )
        } else {
            (jsdoc(&params, op.returns.as_ref(), Some(&op.doc)), String::new())
        };
        text += &format!(
            "\n{types}  {}({}){returns} {{\n    throw new Error(\"{NOT_WRITTEN}\");\n  }}\n",
            spelling::camel(&op.name),
            self::params(&params, typed)
        );
    }
    text + "}\n"
}

fn params(params: &[Param], typed: bool) -> String {
    let param = |param: &Param| {
        let name = spelling::javascript_param(&param.name);
        if typed {
            format!("{name}: {}", written(&param.ty))
        } else {
            name
        }
    };
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}

fn jsdoc(params: &[Param], returns: Option<&Type>, doc: Option<&str>) -> String {
    let mut lines: Vec<String> = doc.iter().map(|doc| doc.replace("*/", "* /")).collect();
    for param in params {
        lines.push(format!(
            "@param {{{}}} {}",
            written(&param.ty),
            spelling::javascript_param(&param.name)
        ));
    }
    lines.extend(returns.map(|ty| format!("@returns {{{}}}", written(ty))));
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("  /** {line} */\n"),
        lines => {
            let lines: String = lines.iter().map(|line| format!("   * {line}\n")).collect();
            format!("  /**\n{lines}   */\n")
        }
    }
}

fn written(ty: &Type) -> String {
    match ty {
        Type::Int | Type::Float => "number".to_owned(),
        Type::Str => "string".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Optional(inner) => format!("{} | null", written(inner)),
        Type::List(inner) if matches!(**inner, Type::Optional(_)) => format!("({})[]", written(inner)),
        Type::List(inner) => format!("{}[]", written(inner)),
        Type::Map(inner) => format!("Record<string, {}>", written(inner)),
        Type::Record(name) => name.clone(),
    }
}
