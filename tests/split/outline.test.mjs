// Random programs do the same, whatever of them is taken out (scripts/split/outline.mjs).
//
//   node --test tests/split

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { bytesOf, textOf } from "../../scripts/split/module.mjs";
import { outline } from "../../scripts/split/outline.mjs";
import { called, profile, written } from "../../scripts/split/profile.mjs";
import { segments, shape } from "../../scripts/split/segments.mjs";
import { forms, nameOf, parse, plain } from "../../scripts/split/text.mjs";

/** Numbers that look random, the same ones for the same seed. */
function chance(seed) {
  let state = seed * 2654435769 + 1;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) | 0;
    return (state ^ (state >>> 13)) >>> 0;
  };
  return { below: (most) => next() % most, of: (list) => list[next() % list.length] };
}

const TYPES = ["i32", "i64", "f64"];
const LOCALS = ["$a i32", "$b i32", "$c i32", "$d i64", "$e i64", "$f f64", "$g i32"].map((local) => local.split(" "));

/** A program of four functions that call those before them, jump about, and keep what they saw in `trace`. */
function program(seed) {
  const { below, of } = chance(seed);
  let labels = 0;
  const local = (type) => of(LOCALS.filter(([, other]) => other === type))[0];
  const cast = { i32: "", i64: "i64.extend_i32_s", f64: "f64.convert_i32_s" };
  const back = { i64: "i32.wrap_i64", f64: "i32.trunc_sat_f64_s" };
  const list = (context, deep) => Array.from({ length: 1 + below(4) }, () => statement(context, deep)).join(" ");
  const inside = (context, label) => ({ ...context, labels: [...context.labels, label] });

  function expression(type, context, deep) {
    const simple = () => (below(2) ? `(local.get ${local(type)})` : `(${type}.const ${below(9)})`);
    if (deep <= 0) return simple();
    const two = () => `${expression(type, context, deep - 1)} ${expression(type, context, deep - 1)}`;
    switch (below(9)) {
      case 0:
        return `(${type}.add ${two()})`;
      case 1:
        return `(${type}.sub ${two()})`;
      case 2:
        return `(local.tee ${local(type)} ${expression(type, context, deep - 1)})`;
      case 3:
        if (type === "i32") return `(${back[of(["i64", "f64"])] === back.i64 ? `i32.wrap_i64 ${expression("i64", context, deep - 1)}` : `i32.trunc_sat_f64_s ${expression("f64", context, deep - 1)}`})`;
        return `(${cast[type]} ${expression("i32", context, deep - 1)})`;
      case 4: {
        const arm = (head) => `(${head} ${list(context, deep - 2)} ${expression(type, context, deep - 2)})`;
        return `(if (result ${type}) ${expression("i32", context, deep - 2)} ${arm("then")} ${arm("else")})`;
      }
      case 5: {
        const label = { name: `$value${(labels += 1)}`, type };
        const own = inside(context, label);
        return `(block ${label.name} (result ${type}) ${list(own, deep - 1)} ${expression(type, own, deep - 2)})`;
      }
      case 6:
        if (context.before === 0) return simple();
        if (type === "i32") return `(call $f${below(context.before)} ${expression("i32", context, 0)} ${expression("i32", context, 0)})`;
        return simple();
      default:
        return simple();
    }
  }

  function jump(context, deep) {
    const label = of(context.labels);
    if (label.type === undefined) return `(br_if ${label.name} ${expression("i32", context, deep)})`;
    const value = expression(label.type, context, deep);
    return `(if ${expression("i32", context, deep)} (then (br ${label.name} ${value})))`;
  }

  function statement(context, deep) {
    const condition = () => expression("i32", context, deep - 1);
    if (deep <= 0) return `(call $saw ${expression("i32", context, 1)})`;
    switch (below(10)) {
      case 0:
        return `(if ${condition()} (then ${list(context, deep - 1)}) (else ${list(context, deep - 1)}))`;
      case 1:
        return `(if ${condition()} (then ${list(context, deep - 1)}))`;
      case 2: {
        const label = { name: `$block${(labels += 1)}` };
        return `(block ${label.name} ${list(inside(context, label), deep - 1)})`;
      }
      case 3: {
        const label = { name: `$loop${(labels += 1)}` };
        const again = `(br_if ${label.name} (call $fuel))`;
        // Only by way of the fuel, so that it ends.
        return `(loop ${label.name} ${list(context, deep - 1)} ${again})`;
      }
      case 4:
        return context.labels.length === 0 ? `(call $saw ${condition()})` : jump(context, deep - 1);
      case 5: {
        const names = context.labels.filter(({ type }) => type === undefined).map(({ name }) => name);
        if (names.length === 0) return `(call $saw ${condition()})`;
        const table = `(br_table ${of(names)} ${of(names)} ${of(names)} ${condition()})`;
        return below(2) ? `(if ${condition()} (then ${list(context, 0)} ${table}))` : table;
      }
      case 6:
        return below(3) ? `(call $saw ${condition()})` : `(if ${condition()} (then ${list(context, 0)} (return ${expression("i32", context, 1)})))`;
      default: {
        const type = of(TYPES);
        return `(local.set ${local(type)} ${expression(type, context, deep - 1)})`;
      }
    }
  }

  const params = LOCALS.slice(0, 2).map(([name, type]) => `(param ${name} ${type})`).join(" ");
  const locals = LOCALS.slice(2).map(([name, type]) => `(local ${name} ${type})`).join(" ");
  const funcs = Array.from({ length: 4 }, (_, n) => {
    const context = { labels: [], before: n };
    const body = `${list(context, 5)} ${list(context, 5)} ${expression("i32", context, 2)}`;
    return `(func $f${n} (export "f${n}") ${params} (result i32) ${locals} ${body})`;
  });
  return `(module
    (global $trace (export "trace") (mut i32) (i32.const 0))
    (global $fuel (export "fuel") (mut i32) (i32.const 0))
    (func $saw (param i32) (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 31)) (local.get 0))))
    (func $fuel (result i32)
      (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1))) (i32.gt_s (global.get $fuel) (i32.const 0)))
    ${funcs.join("\n")})`;
}

/** What a program does with a few numbers. */
function behaviour(bytes) {
  return [0, 1, 2, 3].flatMap((n) =>
    [
      [0, 0],
      [1, -7],
      [123456, 3],
    ].map(([one, other]) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
      exports.fuel.value = 50;
      return [exports[`f${n}`](one, other), exports.trace.value, exports.fuel.value];
    }),
  );
}

/** For each function of a text, its shape and which of its segments run. */
function profileOf(text, runs) {
  const named = forms(text).forms.filter((form) => nameOf(form) !== undefined);
  const functions = new Map(
    named.map((form) => {
      const key = shape(segments(parse(form)));
      return [plain(nameOf(form)), new Map([[key, runs]])];
    }),
  );
  return { functions, isNever: () => false };
}

test("random programs do the same, whatever of them is taken out", () => {
  let pieces = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const built = bytesOf(program(seed));
    const text = textOf(built);
    const expected = behaviour(built);
    const { below } = chance(seed + 1000);
    const some = new Map();
    const ways = [() => false, (n) => some.get(n) ?? some.set(n, below(2) === 0).get(n)];
    for (const runs of ways) {
      const { text: smaller, counts, later } = outline(text, profileOf(text, runs));
      pieces += counts.pieces;
      assert.equal(later.size, counts.pieces, "every piece is for later");
      assert.deepEqual(behaviour(bytesOf(smaller)), expected, `seed ${seed}`);
    }
  }
  assert.ok(200 < pieces, `only ${pieces} pieces were taken out`);
});

test("a function that has changed stays whole", () => {
  const text = textOf(bytesOf(program(1)));
  const names = [...profileOf(text, () => false).functions.keys()];
  const functions = new Map(names.map((name) => [name, new Map([["another", () => false]])]));
  const { counts, later } = outline(text, { functions, isNever: () => false });
  assert.deepEqual([counts.pieces, later.size], [0, 0]);
});

test("a profile says what was noted", () => {
  const notes = [
    { name: "runs in part", shape: "aaaaaa", count: 6, first: 0 },
    { name: "runs", shape: "bbbbbb", count: 1, first: 7 },
    { name: "does not run", shape: "cccccc", count: 1, first: 9 },
    { name: "runs in part", shape: "aaaaaa", count: 6, first: 11 },
    { name: "runs in part", shape: "dddddd", count: 1, first: 18 },
  ];
  const read = profile(written(notes, new Set([0, 2, 7, 8, 11, 17])));
  assert.deepEqual([...read.functions.keys()], ["runs", "runs in part"]);
  assert.deepEqual(["runs", "does not run", "is new"].map((name) => read.isNever(name)), [false, true, false]);
  assert.deepEqual(["aaaaaa", "dddddd"].map((shape) => read.isNever("runs in part", shape)), [false, true]);
  const runs = read.functions.get("runs in part").get("aaaaaa");
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(runs), [false, true, false, false, false, true]);
  assert.ok(read.functions.get("runs").get("bbbbbb")(0));
});

test("a function without a name is known by its looks", () => {
  const notes = [
    { name: "17", shape: "aaaaaa", count: 1, first: 0 },
    { name: "18", shape: "bbbbbb", count: 1, first: 2 },
    { name: "19", shape: "aaaaaa", count: 1, first: 4 },
  ];
  const read = profile(written(notes, new Set([0, 1])));
  assert.ok(read.functions.get(called("23", "aaaaaa")).get("aaaaaa")(0));
  assert.deepEqual(["aaaaaa", "bbbbbb"].map((shape) => read.isNever(called("24", shape))), [false, true]);
});

test("what runs is not taken for what does not, if both have one digest", () => {
  const digest = createHash("sha256").update("runs\taaaaaa").digest("hex").slice(0, 6);
  const read = profile(`aaaaaa\t-\truns\nnever ${digest}\n`);
  assert.equal(read.isNever("runs", "aaaaaa"), false);
});
