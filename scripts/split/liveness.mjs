// Which locals are still needed where: the usual analysis, backwards through a function. Sets of locals
// are big integers, a bit for each.

import { inner, listStart } from "./segments.mjs";

/** The locals of a function, parameters first: `{ name, type }`. */
export function locals(func) {
  const declared = func.filter((node) => node[0] === "param" || node[0] === "local");
  return declared.map(([, name, type]) => ({ name, type }));
}

/** The label of a node that can be jumped to. */
export const labelOf = (node) => (typeof node[1] === "string" && node[1].startsWith("$") ? node[1] : undefined);

/** The labels that a jump names. */
export const labelsOf = (jump) => jump.slice(1).filter((child) => typeof child === "string" && child.startsWith("$"));

/**
 * What is needed before each statement of each list, and at its end: `before.get(list)[place]`, and at
 * each label.
 */
export function liveness(func) {
  const bits = new Map(locals(func).map(({ name }, n) => [name, 1n << BigInt(n)]));
  const before = new Map();
  /** What is needed where a jump to the label leads. */
  const at = new Map();
  /** What a loop needed at its start when it was last looked at: it only grows. */
  const loops = new Map();

  const all = (nodes, after) => nodes.reduceRight((live, node) => visit(node, live), after);
  const list = (node, after) => {
    const start = listStart(node);
    const places = [];
    let live = after;
    places[node.length] = live;
    for (let place = node.length - 1; start <= place; place -= 1) {
      live = visit(node[place], live);
      places[place] = live;
    }
    before.set(node, places);
    return live;
  };
  const visit = (node, after) => {
    switch (node[0]) {
      case "local.get":
        return after | bits.get(node[1]);
      case "local.set":
      case "local.tee":
        return all(inner(node), after & ~bits.get(node[1]));
      case "block":
        at.set(labelOf(node), after);
        return list(node, after);
      case "loop": {
        for (let start = loops.get(node) ?? 0n; ; ) {
          at.set(labelOf(node), start);
          const live = list(node, after);
          loops.set(node, live);
          if (live === start) return live;
          start = live | start;
        }
      }
      case "if": {
        const [condition, then, otherwise] = inner(node);
        const yes = list(then, after);
        return visit(condition, yes | (otherwise === undefined ? after : list(otherwise, after)));
      }
      case "br":
      case "br_table":
        return all(inner(node), labelsOf(node).reduce((live, label) => live | at.get(label), 0n));
      case "br_if":
        return all(inner(node), labelsOf(node).reduce((live, label) => live | at.get(label), after));
      case "return":
      case "unreachable":
        return all(inner(node), 0n);
      default:
        return all(inner(node), after);
    }
  };
  list(func, 0n);
  return { bits, before, at };
}
