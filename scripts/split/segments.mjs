// What a function may do and what it may leave out: its code in segments, each of which is run from its
// beginning as a whole or not at all, but for jumps out of it and what is nested in it.

import { createHash } from "node:crypto";

/** Nodes that are a list of statements, and where in them the list begins. */
const HEADS = new Set(["param", "result", "local", "type"]);
const LISTS = new Set(["func", "block", "loop", "then", "else"]);
const JUMPS = new Set(["br", "br_if", "br_table", "return", "unreachable"]);

/** Where the statements of a list begin, or undefined if the node is none. */
export function listStart(node) {
  if (!LISTS.has(node[0])) return undefined;
  let at = 1;
  while (at < node.length && (typeof node[at] === "string" || HEADS.has(node[at][0]))) at += 1;
  return at;
}

/** The parts of a node that are code. */
export const inner = (node) => node.filter((child) => typeof child !== "string" && !HEADS.has(child[0]));

const branches = new WeakMap();
/** Whether there is more than one way through the code. */
export function isBranching(node) {
  let is = branches.get(node);
  if (is === undefined) {
    is = LISTS.has(node[0]) || JUMPS.has(node[0]) || node[0] === "if" || inner(node).some(isBranching);
    branches.set(node, is);
  }
  return is;
}

/**
 * The segments of a function: `{ list, from, to, has }`, from one statement of a list to before another,
 * in the order of the text. Those that run if and only if what is around them does are not among them.
 */
export function segments(func) {
  const found = [];
  const visit = (node) => {
    const start = listStart(node);
    if (start === undefined) return inner(node).forEach(visit);
    const isArm = node[0] === "then" || node[0] === "else";
    let open = isArm ? { list: node, from: start, to: start } : undefined;
    if (open !== undefined) found.push(open);
    for (let at = start; at < node.length; at += 1) {
      visit(node[at]);
      if (open !== undefined) open.to = at + 1;
      if (isBranching(node[at]) && at + 1 < node.length) {
        open = { list: node, from: at + 1, to: at + 1 };
        found.push(open);
      }
    }
  };
  visit(func);
  return found;
}

/** Tells whether a function still has the segments that were noted of it. */
export function shape(found) {
  const text = found.map(({ list, from, to }) => `${list[0]} ${from} ${to}`).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
}
