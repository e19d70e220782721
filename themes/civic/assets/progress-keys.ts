// What the digits of a reading card lead to, in WebCrypto: the keys cannot be
// taken out of the browser again. Package progress has the same in Go.

import { encode, type Slot } from "./progress-slot";

export interface Keys {
  authorization: string;
  enc: CryptoKey;
  slot: CryptoKey;
}

export function b64(bytes: Uint8Array): string {
  let s = "";
  bytes.forEach((b) => (s += String.fromCharCode(b)));
  return btoa(s).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function unb64(text: string): Uint8Array<ArrayBuffer> {
  const s = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) out[i] = s.charCodeAt(i);
  return out;
}

const utf8 = (s: string) => new TextEncoder().encode(s);

/** Stretches the digits once, and derives a key for each purpose. */
export async function keysOf(digits: string): Promise<Keys> {
  const c = crypto.subtle;
  const secret = await c.importKey("raw", utf8(digits), "PBKDF2", false, ["deriveBits"]);
  const stretch = { name: "PBKDF2", hash: "SHA-256", salt: utf8("handrail reading card v1"), iterations: 100000 };
  const master = await c.importKey("raw", await c.deriveBits(stretch, secret, 256), "HKDF", false, ["deriveBits", "deriveKey"]);
  const how = (label: string) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8("handrail progress v1 " + label) });
  const token = async (label: string) => b64(new Uint8Array(await c.deriveBits(how(label), master, 128)));
  return {
    authorization: "Progress " + (await token("id")) + "." + (await token("auth")),
    enc: await c.deriveKey(how("enc"), master, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    slot: await c.deriveKey(how("slot"), master, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  };
}

/** Where the server keeps a page. */
export async function nameOf(k: Keys, page: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", k.slot, utf8(page))).slice(0, 16);
}

const how = (name: Uint8Array, iv: Uint8Array<ArrayBuffer>) => {
  const additionalData = new Uint8Array(17);
  additionalData[0] = 1;
  additionalData.set(name, 1);
  return { name: "AES-GCM", iv, additionalData };
};

/** Pads and encrypts a slot; its size says little of what is in it. */
export async function seal(k: Keys, name: Uint8Array, s: Slot): Promise<Uint8Array<ArrayBuffer>> {
  const plain = encode(s, 2048 - 28);
  if (!plain) throw new Error("too large");
  const size = [512, 1024, 2048].find((n) => plain.length <= n - 28)!;
  const padded = new Uint8Array(size - 28).fill(32);
  padded.set(plain);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const out = new Uint8Array(size);
  out.set(iv);
  out.set(new Uint8Array(await crypto.subtle.encrypt(how(name, iv), k.enc, padded)), 12);
  return out;
}

export async function open(k: Keys, name: Uint8Array, sealed: Uint8Array<ArrayBuffer>): Promise<Slot> {
  const plain = await crypto.subtle.decrypt(how(name, sealed.slice(0, 12)), k.enc, sealed.slice(12));
  const s = JSON.parse(new TextDecoder().decode(plain));
  if (s.v !== 1) throw new Error("version");
  return s;
}

/** The digit that checks 19 others (ISO/IEC 7064 MOD 11,10). */
function check(digits: string): string {
  let p = 10;
  for (const d of digits) p = (((p + +d) % 10 || 10) * 2) % 11;
  return String((11 - p) % 10);
}

/** Draws the digits of a new card. */
export function draw(): string {
  let out = "";
  while (out.length < 19) {
    const [b] = crypto.getRandomValues(new Uint8Array(1));
    if (b < 250) out += b % 10;
  }
  return out + check(out);
}

/** The digits of a card as people type them; "" if they cannot be right. */
export function digitsOf(typed: string): string {
  const d = typed.normalize("NFKC").replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0f20-\u0f29]/g, (c) => {
    const n = c.charCodeAt(0);
    return String(n < 0x6f0 ? n - 0x660 : n < 0x966 ? n - 0x6f0 : n < 0xf20 ? n - 0x966 : n - 0xf20);
  }).replace(/[^0-9A-Za-z\u0100-\uffff]/g, "");
  return /^\d{20}$/.test(d) && check(d.slice(0, 19)) === d[19] ? d : "";
}
