//! The signature as data, for the shims of languages that read it when they start.

use domain::{Param, Signature, Type};
use serde_json::{Value, json};

/// The signature as the templates of Python and JavaScript want it, with names as `spell` spells them. It is
/// free of `true`, `false` and `null`, so that it is a literal of JavaScript as well.
pub(super) fn json(signature: &Signature, spell: fn(&str) -> String) -> Value {
    let clock = signature.clock.then_some(Type::Int);
    let ops: Vec<Value> = signature
        .ops
        .iter()
        .map(|op| {
            let params = clock.iter().chain(op.params.iter().map(|param| &param.ty));
            let returns = op.returns.as_ref().map_or(json!("nothing"), kind);
            json!([
                op.name,
                spell(&op.name),
                params.map(kind).collect::<Vec<_>>(),
                returns
            ])
        })
        .collect();
    let field = |field: &Param| json!([field.name, spell(&field.name), kind(&field.ty)]);
    let records: Vec<Value> = signature
        .records
        .iter()
        .map(|record| json!([record.name, record.fields.iter().map(field).collect::<Vec<_>>()]))
        .collect();
    let folder = signature.durable.then_some(Type::Str);
    let init = folder.iter().chain(signature.init.iter().map(|param| &param.ty));
    json!({
        "class": signature.class,
        "init": init.map(kind).collect::<Vec<_>>(),
        "ops": ops,
        "records": records,
        "concurrent": u8::from(signature.concurrent),
    })
}

fn kind(ty: &Type) -> Value {
    match ty {
        Type::Int => json!("int"),
        Type::Float => json!("float"),
        Type::Str => json!("str"),
        Type::Bool => json!("bool"),
        Type::Optional(inner) => json!(["optional", kind(inner)]),
        Type::List(inner) => json!(["list", kind(inner)]),
        Type::Map(inner) => json!(["map", kind(inner)]),
        Type::Record(name) => json!(["record", name]),
    }
}
