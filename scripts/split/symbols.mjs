// Which piece of memory refers to which, from what the linker noted down (`--emit-relocs`, described
// in the tool conventions of WebAssembly, “Linking”).

import { data, Reader, section, SECTION } from "./wasm.mjs";

const SYMBOL_TABLE = 8;
const [UNDEFINED, EXPLICIT_NAME] = [0x10, 0x40];
const [FUNCTION, DATA, SECTION_SYMBOL] = [0, 1, 3];
/** Relocations that hold an address, and those that have an addend without holding one. */
const ADDRESSES = [3, 4, 5];
const OTHERS_WITH_ADDEND = [8, 9, 11];
const WITHOUT_ADDEND = [0, 1, 2, 6, 7, 10, 12, 13, 20];

/** The pieces of memory with a name, sorted: `{ at, size }`, by the index of their symbol. */
function named(linked) {
  const linking = section(linked, "linking");
  if (linking === undefined) {
    throw new Error("the program has no relocations: is RUSTFLAGS set, instead of what .cargo/config.toml says?");
  }
  const reader = new Reader(linking.content);
  const segments = data(linked);
  const symbols = [];
  reader.number(); // the version
  while (reader.at < reader.bytes.length) {
    const kind = reader.byte();
    const end = reader.number() + reader.at;
    if (kind === SYMBOL_TABLE) {
      for (let count = reader.number(); 0 < count; count -= 1) {
        const [kind, flags] = [reader.byte(), reader.number()];
        let symbol;
        if (kind === DATA) {
          reader.name();
          if (!(flags & UNDEFINED)) {
            const [segment, offset, size] = [reader.number(), reader.number(), reader.number()];
            if (segments[segment] !== undefined) symbol = { at: segments[segment].at + offset, size };
          }
        } else {
          reader.number();
          if (kind !== SECTION_SYMBOL && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) reader.name();
        }
        symbols.push(symbol);
      }
    }
    reader.at = end;
  }
  return symbols;
}

/** The addresses that a section holds: `{ offset, symbol, value }`. */
function addresses(linked, name, symbols) {
  const found = section(linked, name);
  if (found === undefined) return [];
  const reader = new Reader(found.content);
  reader.number(); // the section
  const held = [];
  for (let count = reader.number(); 0 < count; count -= 1) {
    const [kind, offset, index] = [reader.byte(), reader.number(), reader.number()];
    if (ADDRESSES.includes(kind)) {
      const addend = reader.signed();
      const symbol = symbols[index];
      if (symbol !== undefined) held.push({ offset, symbol, value: symbol.at + addend });
    } else if (OTHERS_WITH_ADDEND.includes(kind)) {
      reader.signed();
    } else if (!WITHOUT_ADDEND.includes(kind)) {
      throw new Error(`a relocation of kind ${kind}`);
    }
  }
  return held;
}

/** Where the bytes of each data segment begin in the data section. */
function places(linked) {
  const found = section(linked, SECTION.data);
  const start = found.content.byteOffset;
  return data(linked).map(({ at, bytes }) => ({ at, size: bytes.length, offset: bytes.byteOffset - start }));
}

/** What memory holds at the start, by address. */
function pieces(linked) {
  const all = data(linked);
  const over = (at, size) => all.find((one) => one.at <= at && at + size <= one.at + one.bytes.length);
  const read = (at, size) => {
    const piece = over(at, size);
    return piece === undefined ? Buffer.alloc(0) : Buffer.from(piece.bytes.subarray(at - piece.at, at - piece.at + size));
  };
  return {
    word: (at) => (over(at, 4) === undefined ? 0 : read(at, 4).readUInt32LE()),
    text: (at, size) => (size < 300 ? read(at, size).toString() : ""),
    isBlank: (from, to) => read(from, to - from).every((byte) => byte === 0),
  };
}

/**
 * What of memory is needed by code that holds these numbers: the code's own pieces, and what those
 * refer to. A number that is no address but looks like one makes a piece needed that is not.
 * Memory without a name is always needed.
 *
 * @returns {{ from: number, to: number }[]} what is not needed
 */
export function notNeeded(linked, numbers) {
  const symbols = named(linked);
  const known = [...new Set(symbols.filter((symbol) => symbol !== undefined && 0 < symbol.size))];
  known.sort((one, other) => one.at - other.at);
  const lookup = new Map();
  for (const { symbol, value } of addresses(linked, "reloc.CODE", symbols)) {
    lookup.set(value, [...(lookup.get(value) ?? []), symbol]);
  }
  // Symbols may lie inside each other, so all before an address are looked at within a reach.
  const reach = known.reduce((most, { size }) => Math.max(most, size), 0);
  const over = (address) => {
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle].at <= address) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let n = low - 1; 0 <= n && address - known[n].at <= reach; n -= 1) {
      if (address <= known[n].at + known[n].size) found.push(known[n]);
    }
    return found;
  };
  const segments = places(linked);
  const refers = addresses(linked, "reloc.DATA", symbols).map(({ offset, symbol, value }) => {
    const segment = segments.find((segment) => offset - segment.offset < segment.size && segment.offset <= offset);
    return { from: segment.at + offset - segment.offset, symbol, value };
  });
  refers.sort((one, other) => one.from - other.from);

  // Where in the source a panic is: only the code that reports a panic reads that, and it is in the rest.
  const memory = pieces(linked);
  const isLocation = ({ at, size }) => {
    if (size !== 16 || memory.word(at + 4) < 4) return false;
    return memory.text(memory.word(at), memory.word(at + 4)).endsWith(".rs");
  };

  const needed = new Set();
  const queue = [];
  const need = (symbol) => {
    if (needed.has(symbol) || isLocation(symbol)) return;
    needed.add(symbol);
    queue.push(symbol);
  };
  for (const value of numbers) {
    for (const symbol of lookup.get(value) ?? []) need(symbol);
    for (const symbol of over(value)) need(symbol);
  }
  while (0 < queue.length) {
    const { at, size } = queue.pop();
    let [low, high] = [0, refers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (refers[middle].from < at) low = middle + 1;
      else high = middle;
    }
    for (let n = low; n < refers.length && refers[n].from < at + size; n += 1) {
      need(refers[n].symbol);
      for (const symbol of over(refers[n].value)) need(symbol);
    }
  }
  return ranges(known, needed, memory);
}

/** A range of memory that is shorter is not worth a segment of its own. */
const SHORT = 16;
/** Between pieces there may be so many bytes of nothing. */
const PADDING = 3;

/** The ranges, `{ from, to }`, that hold none of the needed pieces. */
function ranges(known, needed, memory) {
  const end = known.reduce((most, { at, size }) => Math.max(most, at + size), 0);
  const isNeeded = new Uint8Array(end);
  for (const { at, size } of needed) isNeeded.fill(1, at, at + size);
  const isFree = (from, to) => !isNeeded.subarray(from, to).includes(1);
  const found = [];
  for (const { at, size } of known) {
    const last = found.at(-1);
    if (!isFree(at, at + size)) continue;
    const isNext = last !== undefined && at <= last.to + PADDING && isFree(last.to, at) && memory.isBlank(last.to, at);
    if (isNext) last.to = Math.max(last.to, at + size);
    else found.push({ from: at, to: at + size });
  }
  return found.filter(({ from, to }) => SHORT <= to - from);
}
