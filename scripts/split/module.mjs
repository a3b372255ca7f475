// A module in Binaryen's hands: what splitting one does to it.

import binaryen from "binaryen";
import { fileURLToPath } from "node:url";

const { Features } = binaryen;
/** What browsers of the last years have, and what the program is made of. */
const FEATURES =
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.SignExt |
  Features.ReferenceTypes |
  Features.Multivalue |
  Features.CallIndirectOverlong;

/** The file of the functions of the first part. */
export const NAMES = fileURLToPath(new URL("first-visit.txt", import.meta.url));

/** The functions of a module. */
export function functions(module) {
  const count = module.getNumFunctions();
  return Array.from({ length: count }, (_, n) => binaryen.getFunctionInfo(module.getFunctionByIndex(n)));
}

/** Whether a function is imported. */
export const isImport = (f) => f.module !== null && f.module !== "";

/** What a function is called in first-visit.txt: all copies of one have one name. */
export const kind = (name) => name.replace(/(_\d+|\.\d+)+$/, "").replace(/\[[0-9a-f]+\]/g, "");

/** So many instructions are not many. */
const LONG = 200;

/** How a table or global of the program is called where it is exported. */
const stateName = (name) => `${name} of the program`;

/** The text of a module. */
export function textOf(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  const text = module.emitText();
  module.dispose();
  return text;
}

/** Names take as much room again as the program, but tell where something happened. */
const KEEPS_NAMES = process.env.ZKLAB_NAMES !== undefined;

function emitted(module, hasNames) {
  binaryen.setDebugInfo(hasNames);
  return Buffer.from(module.emitBinary());
}

/** The module of a text, with the names of its functions. */
export function bytesOf(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES);
  const bytes = emitted(module, true);
  module.dispose();
  return bytes;
}

/** Reads a module. */
export function load(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  const listed = (count, get) => Array.from({ length: count }, (_, n) => get(n));
  const program = {
    module,
    none: binaryen.none,
    i32: binaryen.i32,
    exports: listed(module.getNumExports(), (n) => binaryen.getExportInfo(module.getExportByIndex(n))),
    tables: listed(module.getNumTables(), (n) => binaryen.getTableInfo(module.getTableByIndex(n)).name),
    globals: listed(module.getNumGlobals(), (n) => binaryen.getGlobalInfo(module.getGlobalByIndex(n))),

    bytes: () => emitted(module, KEEPS_NAMES),

    setBody(name, body) {
      binaryen.Function.setBody(module.getFunction(name), body);
    },

    /**
     * Every number in the code that can be an address, or be added to one. An address and a length are
     * often written at once, as one number of 64 bits.
     */
    constants() {
      const numbers = module.emitText().matchAll(/(?:i32\.const |i64\.const |offset=)(-?\d+)/g);
      const halves = ([, number]) => [BigInt.asUintN(32, BigInt(number)), BigInt.asUintN(64, BigInt(number)) >> 32n];
      return new Set(Array.from(numbers, halves).flat().map(Number));
    },

    /** A function that calls another unless the table has been filled. */
    addGuard(name, table, otherwise) {
      const isEmpty = module.ref.is_null(module.table.get(table, module.i32.const(0), binaryen.funcref));
      const fill = module.call(otherwise, [], binaryen.none);
      module.addFunction(name, binaryen.none, binaryen.none, [], module.if(isEmpty, fill));
    },

    /** Instead of a function, one that calls what is in a slot of the table. */
    addStub({ name, params, results }, guard, table, slot) {
      const given = binaryen.expandType(params).map((type, n) => module.local.get(n, type));
      module.removeFunction(name);
      const call = module.call_indirect(table, module.i32.const(slot), given, params, results);
      const body = module.block(null, [module.call(guard, [], binaryen.none), call], results);
      module.addFunction(name, params, results, [], body);
    },

    /** Takes memory, tables and globals from another module, which must {@link exportState}. */
    importState(from) {
      module.addMemoryImport("0", from, "memory");
      for (const name of program.tables) module.addTableImport(name, from, stateName(name));
      for (const { name, type, mutable } of program.globals) {
        module.addGlobalImport(name, from, stateName(name), type, mutable);
      }
    },

    /** Lets another module have tables and globals; memory is exported anyway. */
    exportState() {
      for (const name of program.tables) module.addTableExport(name, stateName(name));
      for (const { name } of program.globals) module.addGlobalExport(name, stateName(name));
    },

    /** A table of functions that another module can have. */
    addFilledTable(name, functions) {
      module.addTable(name, functions.length, functions.length);
      module.addActiveElementSegment(name, name, functions, module.i32.const(0));
      module.addTableExport(name, name);
    },

    /** Names the functions that the module imports by numbers, and says which they are. */
    importByNumber(from) {
      return functions(module)
        .filter(isImport)
        .map((f, n) => {
          module.addFunctionImport(f.name, from, String(n), f.params, f.results);
          return f.name;
        });
    },

    /** A function that is called from one place only goes there, if it is not long. */
    shorten() {
      binaryen.setOneCallerInlineMaxSize(LONG);
      binaryen.setAlwaysInlineMaxSize(0);
      binaryen.setFlexibleInlineMaxSize(0);
      module.runPasses(["inlining", "vacuum", "merge-blocks", "coalesce-locals", "simplify-locals", "reorder-locals", "vacuum"]);
    },
  };
  return program;
}
