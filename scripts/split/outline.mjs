// Takes out of the functions that run on a first visit what of them does not: each piece becomes a
// function of its own, which is then in the second part like any other that does not run.
//
// Such a function has as parameters the locals that it needs. What it leaves for later comes back in
// globals: locals that are needed afterwards, a value, and where to go on (`exit`: 0 for after the piece,
// otherwise one of the labels that it jumps to). They are read at once, so they can be shared by all.

import { kind } from "./module.mjs";
import { labelOf, labelsOf, liveness, locals } from "./liveness.mjs";
import { inner, listStart, segments, shape } from "./segments.mjs";
import { called, isNumber } from "./profile.mjs";
import { forms, nameOf, parse, plain, print } from "./text.mjs";

/** A piece of so many nodes is not worth a call. */
const SMALL = 20;
const [EXIT, RETURN] = ["$exit", "$returned"];
const NO_VALUE = "none";

const get = (name) => ["local.get", name];
const number = (value) => ["i32.const", String(value)];
const weight = (node) => 1 + inner(node).reduce((sum, child) => sum + weight(child), 0);

/** The type of what a list, or a jump to it, leaves behind. */
function resultOf(node) {
  const found = node.find((child) => child[0] === "result");
  if (found === undefined) return NO_VALUE;
  return found.length === 2 ? found[1] : "several";
}

/** Whether code goes on after this. */
function goesOn(node) {
  switch (node[0]) {
    case "br":
    case "br_table":
    case "return":
    case "unreachable":
      return false;
    case "block": {
      const label = labelOf(node);
      return listGoesOn(node) || (label !== undefined && jumpsTo(node, label));
    }
    case "loop":
      return listGoesOn(node);
    case "if": {
      const [condition, then, otherwise] = inner(node);
      return goesOn(condition) && (otherwise === undefined || listGoesOn(then) || listGoesOn(otherwise));
    }
    default:
      return inner(node).every(goesOn);
  }
}
const listGoesOn = (node) => node.slice(listStart(node)).every(goesOn);
const jumpsTo = (node, label) =>
  (node[0].startsWith("br") && labelsOf(node).includes(label)) || inner(node).some((child) => jumpsTo(child, label));

/** Everything in some code that is asked about below. */
function survey(nodes) {
  const found = { uses: new Set(), sets: new Set(), labels: new Set(), inside: new Set(), returns: [] };
  const visit = (node) => {
    if (node[0].startsWith("local.")) found.uses.add(node[1]);
    if (node[0] === "local.set" || node[0] === "local.tee") found.sets.add(node[1]);
    if (node[0].startsWith("br")) for (const label of labelsOf(node)) found.labels.add(label);
    if (node[0] === "block" || node[0] === "loop") found.inside.add(labelOf(node));
    if (node[0] === "return") found.returns.push(node);
    inner(node).forEach(visit);
  };
  nodes.forEach(visit);
  return found;
}

/** The globals through which pieces give back: so many of each type. */
class Globals {
  #counts = new Map([["i32", 0]]);
  /** The nth one of a type. */
  name(type, nth) {
    this.#counts.set(type, Math.max(this.#counts.get(type) ?? 0, nth + 1));
    return `$back ${type} ${nth}`.replaceAll(" ", "-");
  }
  /** One for each of these types. */
  names(types) {
    const taken = new Map();
    return types.map((type) => {
      const nth = taken.get(type) ?? 0;
      taken.set(type, nth + 1);
      return this.name(type, nth + 1);
    });
  }
  /** A value comes back in the first one of its type. */
  value(type) {
    return this.name(type, 0);
  }
  forms() {
    const start = (type) => (type.endsWith("ref") ? `(ref.null ${type.replace("ref", "")})` : `(${type}.const 0)`);
    const form = (name, type) => `(global ${name} (mut ${type}) ${start(type)})`;
    const backs = [...this.#counts].flatMap(([type, count]) =>
      Array.from({ length: count }, (_, nth) => form(this.name(type, nth), type)),
    );
    return [form(EXIT, "i32"), ...backs];
  }
}

/** Takes pieces out of one function. */
class Outliner {
  constructor(func, globals) {
    this.func = func;
    this.globals = globals;
    this.locals = locals(func);
    this.live = liveness(func);
    this.labels = new Map([[RETURN, resultOf(func)]]);
    this.taken = [];
    const visit = (node) => {
      if (node[0] === "block") this.labels.set(labelOf(node), resultOf(node));
      if (node[0] === "loop") this.labels.set(labelOf(node), NO_VALUE);
      inner(node).forEach(visit);
    };
    visit(func);
  }

  /** Instead of statements of a list a call; says whether it was worth it. */
  take(list, from, to, hasValue) {
    const piece = list.slice(from, to);
    if (piece.reduce((sum, node) => sum + weight(node), 0) <= SMALL) return false;
    const { uses, sets, labels, inside, returns } = survey(piece);
    const exits = [...labels].filter((label) => !inside.has(label));
    if (0 < returns.length) exits.push(RETURN);
    const type = hasValue && to === list.length ? hasValue : NO_VALUE;
    const types = [type, ...exits.map((label) => this.labels.get(label))];
    if (types.includes("several") || types.includes(undefined)) return false;
    const isThrough = piece.every(goesOn);
    if (!isThrough && exits.length === 0 && piece.length === 1) return false;

    const { bits, before, at } = this.live;
    const places = before.get(list);
    const needed = exits.reduce((live, label) => live | (at.get(label) ?? 0n), isThrough ? places[to] : 0n);
    const given = this.locals.filter(({ name }) => (places[from] & bits.get(name)) !== 0n);
    const back = this.locals.filter(({ name }) => sets.has(name) && (needed & bits.get(name)) !== 0n);
    const backs = this.globals.names(back.map((local) => local.type));
    const several = exits.length + (isThrough ? 1 : 0) > 1;

    // The piece itself.
    for (const node of returns) node.splice(0, 1, "br", RETURN);
    const set = (type, code) => (type === NO_VALUE ? code : [["global.set", this.globals.value(type), ...code]]);
    const exit = (nth) => (several ? [["global.set", EXIT, number(nth)]] : []);
    const block = (label, type, code) => ["block", label, ...(type === NO_VALUE ? [] : [["result", type]]), ...code];
    const name = `$"${plain(this.func[1]).replaceAll('"', "'")} piece ${this.taken.length}"`;
    let code = piece;
    if (isThrough) {
      code = type === NO_VALUE ? code : [...code.slice(0, -1), ...set(type, code.slice(-1))];
      code = [...code, ...exit(0)];
    }
    if (0 < exits.length) {
      exits.forEach((label, nth) => {
        const isOpen = nth === 0 ? isThrough : true;
        const inner = [...code, ...(isOpen ? [["br", "$done"]] : [])];
        code = [...set(this.labels.get(label), [block(label, this.labels.get(label), inner)]), ...exit(nth + 1)];
      });
      code = [block("$done", NO_VALUE, code)];
    }
    code = [...code, ...back.map((local, n) => ["global.set", backs[n], get(local.name)])];
    const own = this.locals.filter((local) => uses.has(local.name) && !given.includes(local));
    const declared = [
      ...given.map(({ name, type }) => ["param", name, type]),
      ...own.map(({ name, type }) => ["local", name, type]),
    ];
    this.taken.push(["func", name, ...declared, ...code]);

    // And what is there instead.
    const value = (type) => (type === NO_VALUE ? [] : [["global.get", this.globals.value(type)]]);
    const jump = (label) => [label === RETURN ? "return" : "br", ...(label === RETURN ? [] : [label]), ...value(this.labels.get(label))];
    const call = [
      ["call", name, ...given.map((local) => get(local.name))],
      ...back.map((local, n) => ["local.set", local.name, ["global.get", backs[n]]]),
    ];
    const where = ["global.get", EXIT];
    if (!isThrough && exits.length === 0) call.push(["unreachable"]);
    else if (!isThrough && exits.length === 1) call.push(jump(exits[0]));
    else {
      const rest = isThrough ? exits : exits.slice(0, -1);
      rest.forEach((label) => {
        const nth = exits.indexOf(label) + 1;
        const is = rest.length === 1 && isThrough ? where : ["i32.eq", where, number(nth)];
        call.push(["if", is, ["then", jump(label)]]);
      });
      call.push(...(isThrough ? value(type) : [jump(exits.at(-1))]));
    }
    list.splice(from, to - from, ...call);
    return true;
  }
}

/** Takes out what does not run. */
function outlined(func, runs, globals) {
  const outliner = new Outliner(func, globals);
  const found = segments(func);
  const bylist = new Map();
  found.forEach((segment, n) => {
    bylist.set(segment.list, [...(bylist.get(segment.list) ?? []), { ...segment, isRun: runs(n) }]);
  });
  const visit = (node, type) => {
    const start = listStart(node);
    const own = bylist.get(node) ?? [];
    const cold = (place) => own.some(({ from, to, isRun }) => !isRun && from <= place && place < to);
    // From the end, so that places before stay what they are.
    for (let to = node.length; start < to; ) {
      let from = to;
      while (start < from && cold(from - 1)) from -= 1;
      if (from < to) {
        if (!outliner.take(node, from, to, type)) for (const child of node.slice(from, to)) visitInner(child);
        to = from;
      } else {
        to -= 1;
        visitInner(node[to]);
      }
    }
  };
  const visitInner = (node) => {
    if (node[0] === "if") {
      const [condition, ...arms] = inner(node);
      visitInner(condition);
      for (const arm of arms) visit(arm, resultOf(node));
    } else if (listStart(node) !== undefined) visit(node, resultOf(node));
    else inner(node).forEach(visitInner);
  };
  visit(func, resultOf(func));
  return [func, ...outliner.taken];
}

/**
 * A module whose functions have become smaller.
 *
 * @param text the module
 * @param profile what runs (profile.mjs)
 * @returns the text, and the names of the functions that do not run: those of the profile, and the pieces.
 *   A function that the profile does not know stays as it is
 */
export function outline(text, { functions, isNever }) {
  const module = forms(text);
  const globals = new Globals();
  const counts = { pieces: 0, unknown: 0 };
  const later = new Set();
  const all = module.forms.flatMap((form) => {
    const name = nameOf(form);
    if (name === undefined) return [form];
    const own = kind(plain(name));
    const func = isNumber(own) || functions.has(own) ? parse(form) : undefined;
    const look = func && shape(segments(func));
    const key = called(own, look);
    if (isNever(key, look)) {
      later.add(plain(name));
      return [form];
    }
    const runs = functions.get(key)?.get(look);
    if (runs === undefined) counts.unknown += 1;
    if (runs === undefined || form.includes("(tuple.")) return [form];
    const [rest, ...pieces] = outlined(func, runs, globals);
    counts.pieces += pieces.length;
    for (const piece of pieces) later.add(plain(piece[1]));
    return [rest, ...pieces].map(print);
  });
  const at = all.findIndex((form) => nameOf(form) !== undefined);
  all.splice(at, 0, ...globals.forms());
  return { text: `${module.head}${all.join("\n")})`, counts, later };
}
