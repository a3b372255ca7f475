// The sections of a WebAssembly module, as far as splitting one needs them.

export const SECTION = { custom: 0, start: 8, element: 9, code: 10, data: 11, dataCount: 12 };

/** Reads numbers and names from bytes. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      shift += 7;
      if (byte < 128) return value;
    }
  }
  signed() {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return shift < 32 && (byte & 64) ? value | (-1 << shift) : value;
    }
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  name() {
    return Buffer.from(this.take(this.number())).toString();
  }
}

/** The sections of a module: `{ id, from, to, content, name }`, the name for custom ones. */
export function* sections(bytes) {
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const from = reader.at;
    const id = reader.byte();
    let content = reader.take(reader.number());
    let name;
    if (id === SECTION.custom) {
      const inside = new Reader(content);
      name = inside.name();
      content = content.subarray(inside.at);
    }
    yield { id, from, to: reader.at, content, name };
  }
}

/** The module without the sections of these ids, and without custom ones other than names. */
export function without(bytes, ids) {
  const isLeft = ({ id, name }) => ids.includes(id) || (name !== undefined && name !== "name");
  const kept = [...sections(bytes)].filter((section) => !isLeft(section));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ from, to }) => bytes.subarray(from, to))]);
}

/** The section of an id, or the custom one of a name. */
export function section(bytes, idOrName) {
  for (const found of sections(bytes)) {
    if (found.id === idOrName || (found.name !== undefined && found.name === idOrName)) return found;
  }
  return undefined;
}

/** What memory holds at the start: `{ at, bytes }` for each piece. */
export function data(bytes) {
  const found = section(bytes, SECTION.data);
  if (found === undefined) return [];
  const reader = new Reader(found.content);
  return Array.from({ length: reader.number() }, () => {
    const [kind, instruction] = [reader.byte(), reader.byte()];
    if (kind !== 0 || instruction !== 0x41) throw new Error("a data segment is not at a fixed place");
    const at = reader.signed();
    reader.byte(); // the end of the expression
    return { at, bytes: reader.take(reader.number()) };
  });
}

/** How many bytes each function has, in their order, without those that are imported. */
export function bodySizes(bytes) {
  const reader = new Reader(section(bytes, SECTION.code).content);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()).length);
}

function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (0 < value);
  return Buffer.from(bytes);
}

function signed(value) {
  const bytes = [];
  for (;;) {
    const byte = value & 127;
    value >>= 7;
    const isLast = (value === 0 && !(byte & 64)) || (value === -1 && byte & 64);
    bytes.push(isLast ? byte : byte | 128);
    if (isLast) return Buffer.from(bytes);
  }
}

/** The module with this in memory at the start, instead of what it had. */
export function withData(bytes, pieces) {
  const segments = pieces.map((piece) =>
    Buffer.concat([
      Buffer.from([0, 0x41]),
      signed(piece.at),
      Buffer.from([0x0b]),
      number(piece.bytes.length),
      piece.bytes,
    ]),
  );
  const content = Buffer.concat([number(segments.length), ...segments]);
  const bare = without(bytes, [SECTION.data, SECTION.dataCount]);
  return Buffer.concat([bare, Buffer.from([SECTION.data]), number(content.length), content]);
}
