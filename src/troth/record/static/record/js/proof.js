/* c2sp.org/tlog-proof@v1 and the commitment in its leaf, by WebCrypto alone; throws the code of what is wrong. */
const proof = (() => {
  const fail = (code) => {
    throw code;
  };
  const { subtle } = crypto;
  // Text among the parts is UTF-8.
  const bytes = (part) => (part.buffer ? part : new TextEncoder().encode(part));
  const sha256 = async (...parts) =>
    new Uint8Array(await subtle.digest("SHA-256", Uint8Array.from(parts.flatMap((part) => [...bytes(part)]))));
  const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, 0)).join("");

  function unbase64(text, code, size) {
    try {
      const raw = atob(text);
      if (btoa(raw) === text && raw.length === (size ?? raw.length)) return Uint8Array.from(raw, (sign) => sign.charCodeAt());
    } catch {}
    fail(code);
  }

  const canonical = (value) => {
    if (Object(value) !== value) return JSON.stringify(value);
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `"${name}":${canonical(value[name])}`)}}`;
  };

  async function hmac(salt, value) {
    const key = await subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return hex(new Uint8Array(await subtle.sign("HMAC", key, bytes(canonical(value)))));
  }

  /* The leaf hash that this fact, this salt and these times make. */
  const leaf = async ({ body, salt, happened_at, recorded_at }) =>
    sha256("\0", canonical({ commit: await hmac(salt, body), happened_at, kind: body.kind, recorded_at, v: 1 }));

  /* RFC 9162, 2.1.3: whether the leaf hash stands at *index*. */
  async function stands(leaf, { index, size, path, root }) {
    const rest = [...path];
    const up = async (at, size) => {
      if (size === 1) return leaf;
      let half = 1;
      while (half * 2 < size) half *= 2;
      const beside = rest.pop() ?? fail("path");
      return at < half ? sha256("\x01", await up(at, half), beside) : sha256("\x01", beside, await up(at - half, size - half));
    };
    return index < size && hex(await up(index, size)) === hex(root) && !rest.length;
  }

  /* A key, name+hash+base64; *code* is thrown for anything else. */
  async function key(text, code) {
    const [, name, said, encoded] = /^([^+\s\p{C}\p{Z}]+)\+(.{8})\+(.+)$/u.exec(text) ?? fail(code);
    const raw = unbase64(encoded, code, 33);
    const id = hex(await sha256(`${name}\n`, raw)).slice(0, 8);
    if (id !== said || ![1, 4].includes(raw[0])) fail(code);
    return { text, name, id, witness: raw[0] === 4, raw: raw.slice(1) };
  }

  /* Whether *signed* is this key's over *text*: when a witness signed, in seconds, or nothing; throws if it is not. */
  async function check({ witness, raw }, text, signed) {
    const at = witness ? new DataView(signed.buffer, signed.byteOffset).getBigUint64() : undefined;
    const key = await subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    const over = witness ? `cosignature/v1\ntime ${at}\n${text}` : text;
    return (await subtle.verify("Ed25519", key, signed.slice(witness ? 8 : 0), bytes(over))) ? at : fail();
  }

  /* Take a proof apart; nothing is verified by that. */
  function parts(text) {
    const [above, ...below] = text.split("\n\n");
    const [, extra = "", index, hashes] =
      /^c2sp\.org\/tlog-proof@v1\n(?:extra (.+)\n)?index (0|[1-9]\d{0,18})((?:\n.{44}){0,63})$/.exec(above) ?? fail("proof");
    const path = hashes.split("\n").slice(1).map((one) => unbase64(one, "proof", 32));
    const opening = unbase64(extra, "proof");
    const [, head, origin, size, root, lines] =
      /^(([^\0-\x1f]+)\n(0|[1-9]\d{0,18})\n(.{44})\n)\n((?:— [^+\s\p{C}\p{Z}]+ \S{8,}\n){1,64})$/u.exec(below.join("\n\n")) ??
      fail("note");
    if (!Number.isSafeInteger(+index)) fail("proof");
    if (!Number.isSafeInteger(+size)) fail("note");
    const signatures = lines.match(/.+/g).map((line) => {
      const [, name, encoded] = line.split(" ");
      const raw = unbase64(encoded, "note");
      return { name, id: hex(raw.slice(0, 4)), signed: raw.slice(4) };
    });
    return { extra: opening, index: +index, path, head, origin, size: +size, root: unbase64(root, "note", 32), signatures };
  }

  return { canonical, check, hmac, key, leaf, parts, stands, unbase64 };
})();
