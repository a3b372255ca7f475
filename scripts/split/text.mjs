// The text format of WebAssembly, as Binaryen writes it: trees of arrays, an atom being a string.

const TOKEN = /[()]|\$?"(?:[^"\\]|\\.)*"|[^\s()"]+/y;
const SPACE = /\s*/y;

/** The tree of one form: `["func", "$name", …]`. */
export function parse(text) {
  const open = [];
  let node;
  for (let at = 0; ; ) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    TOKEN.lastIndex = SPACE.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`no form: ${text.slice(at, at + 60)}`);
    at = TOKEN.lastIndex;
    const [token] = found;
    if (token === "(") {
      const inner = [];
      node?.push(inner);
      open.push(node);
      node = inner;
    } else if (token === ")") {
      const outer = open.pop();
      if (outer === undefined) return node;
      node = outer;
    } else {
      node.push(token);
    }
  }
}

/** The text of a tree. */
export function print(node) {
  return typeof node === "string" ? node : `(${node.map(print).join(" ")})`;
}

/** The forms that a module consists of, as text, between its first line and its last. */
export function forms(text) {
  const [head, ...rest] = text.split(/^ (?=\()/m);
  const last = rest.pop();
  const end = last.lastIndexOf("\n)");
  return { head, forms: [...rest, last.slice(0, end)] };
}

/** The name of a function's form. */
export const nameOf = (form) => /^\(func (\$(?:"(?:[^"\\]|\\.)*"|\S+))/.exec(form)?.[1];

/** A name as Binaryen knows it: without the sign, quotes and escapes of the text. */
export function plain(name) {
  if (!name.startsWith('$"')) return name.slice(1);
  return name.slice(2, -1).replace(/\\(["\\'])/g, "$1");
}
