// Reads main.js without running it, and says in package.json which kind of program it is.
"use strict";
const fs = require("fs");
const vm = require("vm");

Error.stackTraceLimit = 0;
const source = fs.readFileSync("main.js", "utf8");

function wrong(read) {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

const names = ["exports", "require", "module", "__filename", "__dirname"];
const script = wrong(() => vm.compileFunction(source, names, { filename: "main.js" }));
const module_ = script && wrong(() => new vm.SourceTextModule(source, { identifier: "main.js" }));
if (script && module_) {
  // Thrown, it is shown with its line.
  throw /^\s*(import|export)\b/m.test(source) ? module_ : script;
}
fs.writeFileSync("package.json", JSON.stringify({ type: script ? "module" : "commonjs" }));
