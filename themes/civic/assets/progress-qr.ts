// Draws a QR code (ISO/IEC 18004): bytes, error correction M, versions 1 to 10.

const perBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]; // codewords of correction, by version
const blocksOf = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5];

/** How many codewords fit in a version. */
function codewords(version: number): number {
  let bits = (16 * version + 128) * version + 64;
  if (version > 1) {
    const n = Math.floor(version / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (version > 6) bits -= 36;
  }
  return bits >> 3;
}

// Numbers of the field GF(256) with the polynomial of the standard.
const exp: number[] = [];
const log: number[] = [];
for (let i = 0, x = 1; i < 255; i++) {
  exp[i] = x;
  log[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number) => (a && b ? exp[(log[a] + log[b]) % 255] : 0);

/** The codewords of correction for some data (Reed and Solomon). */
function correction(data: number[], n: number): number[] {
  let generator = [1];
  for (let i = 0; i < n; i++) {
    const next = [...generator, 0];
    generator.forEach((g, j) => (next[j + 1] ^= times(g, exp[i])));
    generator = next;
  }
  const rest = data.concat(new Array(n).fill(0));
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i];
    generator.forEach((g, j) => (rest[i + j] ^= times(g, lead)));
  }
  return rest.slice(data.length);
}

/** Length, text and padding as data, then cut into blocks and interleaved. */
function stream(text: Uint8Array, version: number): number[] {
  const blocks = blocksOf[version - 1];
  const ec = perBlock[version - 1];
  const total = codewords(version);
  const room = total - ec * blocks;
  const bits: number[] = [];
  const put = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(4, 4);
  put(text.length, version > 9 ? 16 : 8);
  text.forEach((b) => put(b, 8));
  put(0, Math.min(4, room * 8 - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data: number[] = [];
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(""), 2));

  const parts: number[][] = [];
  const codes: number[][] = [];
  for (let i = 0, from = 0; i < blocks; i++) {
    const n = Math.floor(room / blocks) + (i >= blocks - (room % blocks) ? 1 : 0);
    parts.push(data.slice(from, (from += n)));
    codes.push(correction(parts[i], ec));
  }
  const out: number[] = [];
  for (const list of [parts, codes]) {
    for (let i = 0; i < list[blocks - 1].length; i++) for (const p of list) if (i < p.length) out.push(p[i]);
  }
  return out;
}

type Grid = (boolean | undefined)[][];

/** What every code of the version has: finders, alignment, timing, and the version itself. */
function frame(version: number): Grid {
  const size = version * 4 + 17;
  const g: Grid = Array.from({ length: size }, () => new Array(size).fill(undefined));
  const square = (cx: number, cy: number, r: number, dark: (d: number) => boolean) => {
    for (let y = -r; y <= r; y++) {
      for (let x = -r; x <= r; x++) {
        const row = g[cy + y];
        if (row && cx + x >= 0 && cx + x < size) row[cx + x] = dark(Math.max(Math.abs(x), Math.abs(y)));
      }
    }
  };
  for (let i = 0; i < size; i++) g[6][i] = g[i][6] = i % 2 === 0;
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, (d) => d !== 2 && d !== 4);
  if (version > 1) {
    const n = Math.floor(version / 7) + 2;
    const step = Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
    const at = [6];
    for (let i = n - 1; i > 0; i--) at.push(size - 7 - (n - 1 - i) * step);
    for (const x of at) for (const y of at) if (!(x === 6 && (y === 6 || y === size - 7)) && !(y === 6 && x === size - 7)) square(x, y, 2, (d) => d !== 1);
  }
  if (version > 6) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    for (let i = 0; i < 18; i++) {
      const dark = (((version << 12) | rest) >> i) % 2 === 1;
      const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
      g[a][b] = g[b][a] = dark;
    }
  }
  return g;
}

/** Writes level and mask beside the finders. */
function format(g: Grid, mask: number): void {
  const size = g.length;
  let rest = mask; // level M is 00
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const dark = ((bits >> i) & 1) === 1;
    g[i < 6 ? i : i < 8 ? i + 1 : size - 15 + i][8] = dark;
    g[8][i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i] = dark;
  }
  g[size - 8][8] = true;
}

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** How hard a code is to read, by the rules of the standard. */
function penalty(g: Grid): number {
  const size = g.length;
  let sum = 0;
  let dark = 0;
  for (let turn = 0; turn < 2; turn++) {
    for (let y = 0; y < size; y++) {
      let line = "";
      for (let x = 0; x < size; x++) line += (turn ? g[x][y] : g[y][x]) ? "1" : "0";
      for (const run of line.match(/0{5,}|1{5,}/g) || []) sum += run.length - 2;
      for (let i = 0; i + 11 <= size; i++) if (/^(10111010000|00001011101)/.test(line.slice(i, i + 11))) sum += 40;
      if (!turn) dark += line.split("1").length - 1;
    }
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) if (g[y][x] === g[y - 1][x] && g[y][x] === g[y][x - 1] && g[y][x] === g[y - 1][x - 1]) sum += 3;
  }
  return sum + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}

/** The modules of the code of a text, dark ones true; undefined where it is too long. */
export function qr(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  const fits = () => bytes.length + (version > 9 ? 3 : 2) <= codewords(version) - perBlock[version - 1] * blocksOf[version - 1];
  while (version <= 10 && !fits()) version++;
  if (version > 10) return;
  const bits = stream(bytes, version);
  const fixed = frame(version);
  format(fixed, 0); // takes its place
  const size = fixed.length;
  let best: boolean[][] | undefined;
  let least = Infinity;
  masks.forEach((masked, mask) => {
    const g: Grid = fixed.map((row) => row.slice());
    let i = 0;
    for (let right = size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5; // the timing
      for (let v = 0; v < size; v++) {
        for (let j = 0; j < 2; j++) {
          const x = right - j;
          const y = ((right + 1) & 2) === 0 ? size - 1 - v : v;
          if (fixed[y][x] !== undefined) continue;
          const bit = i < bits.length * 8 && ((bits[i >> 3] >> (7 - (i & 7))) & 1) === 1;
          i++;
          g[y][x] = bit !== masked(x, y);
        }
      }
    }
    format(g, mask);
    const p = penalty(g);
    if (p < least) {
      least = p;
      best = g as boolean[][];
    }
  });
  return best;
}

/** The code as a picture with a quiet border: dark on light, also in dark colours. */
export function picture(text: string): SVGSVGElement | undefined {
  const g = qr(text);
  if (!g) return;
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const n = g.length + 8;
  svg.setAttribute("viewBox", `0 0 ${n} ${n}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("shape-rendering", "crispEdges");
  let d = "";
  g.forEach((row, y) => row.forEach((dark, x) => dark && (d += `M${x + 4} ${y + 4}h1v1h-1z`)));
  for (const [path, fill] of [[`M0 0h${n}v${n}h-${n}z`, "#fff"], [d, "#000"]]) {
    const p = document.createElementNS(ns, "path");
    p.setAttribute("d", path);
    p.setAttribute("fill", fill);
    p.setAttribute("stroke", "none"); // the sheet draws icons with strokes
    svg.append(p);
  }
  return svg;
}
