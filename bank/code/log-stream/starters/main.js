"use strict";

let lines = 0;

/** Takes one line of bytes without its newline; the last one may have had none. */
function readLine(bytes, whole) {
  // Your code goes here.
  lines += 1;
}

async function main() {
  let rest = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10, from)) {
      readLine(rest.subarray(from, at), true);
      from = at + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) readLine(rest, false);
  console.log(`end lines=${lines} counted=0 duplicate=0 late=0 malformed=0`);
}

main();
