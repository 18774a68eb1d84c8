/* A receipt, as docs/formats/receipt.md has it: its head written anew from what is proven, and what verifying says of it. */
const receipt = (() => {
  const WIDTH = 78;
  const MOST = 1 << 22;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const UNSAFE =
    /[\\\0-\t\v-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|(?<![^ \n]) | (?![^ \n])/gu;
  const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

  class Wrong extends Error {
    constructor(code, values = {}) {
      super(code);
      Object.assign(this, { code, values });
    }
  }
  const wrong = (code, values) => {
    throw new Wrong(code, values);
  };
  /* What is thrown inside becomes *code*. */
  const or = (code, run) => {
    try {
      return run();
    } catch {
      return wrong(code);
    }
  };
  const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const counted = (entries) => (entries === 1 ? "1 entry" : `${grouped(entries)} entries`);
  const length = (text) => [...text].length;

  /* The verdict on these bytes, by *keys* that are trusted (texts): {code, said, fact, words}; *table* is receipt_words.TABLE. */
  async function verify(written, keys, table) {
    const say = (code, values = {}) => table.sentences[code].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    try {
      const trusted = await Promise.all(keys.map((text) => proof.key(text, "key")));
      return await verified(written, trusted, table, say);
    } catch (error) {
      const code = error instanceof Wrong ? error.code : error;
      if (!(code in table.sentences)) throw error;
      return { code, said: [say(code, error.values)] };
    }
  }

  async function verified(written, trusted, table, say) {
    const [lines, tail] = cut(asWritten(written));
    const given = proof.parts(tail);
    const opened = open(given.extra);
    const named = await namedKeys(lines, given);
    const said = await byWhoseWord(trusted, named, given, say);
    if (!(await proof.stands(await proof.leaf(opened), given))) wrong("path");
    const { body, words } = opened;
    if (words && (await proof.hmac(opened.words_salt, words)) !== body.words_digest) wrong("words");
    compare(lines, head(opened, given, named, table.kinds));
    if (words) said.unshift(say("opened"));
    else if (Object.hasOwn(body, "words_digest")) said.unshift(say("unopened"));
    const noun = own(table.kinds, body.kind)?.noun ?? "entry";
    const place = { noun, origin: given.origin, entry: grouped(given.index + 1), size: counted(given.size) };
    return { code: "", said: [say("stood", place), ...said], fact: body, words };
  }

  // Taking it apart

  /* The text, with undone what programs do to a text on its way. */
  function asWritten(written) {
    if (written.length > MOST) wrong("too_long");
    let text = or("not_text", () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(written));
    if (text.startsWith("\ufeff")) text = text.slice(1);
    if (text.includes("\r")) {
      const torn = without(text, "\r\n").split("\n").slice(0, -1).findIndex((line) => !line.endsWith("\r"));
      if (torn >= 0) wrong("breaks", { line: torn + 1 });
      text = text.replaceAll("\r\n", "\n");
      if (text.includes("\r")) wrong("breaks", { line: text.split("\r", 1)[0].split("\n").length });
    }
    return `${without(text, "\n")}\n`;
  }

  /* Without these at its end; step by step, for an expression begins anew at every line break there is. */
  function without(text, signs) {
    let end = text.length;
    while (end && signs.includes(text[end - 1])) end--;
    return text.slice(0, end);
  }

  function cut(text) {
    const at = text.indexOf("\n\nc2sp.org/tlog-proof@v1\n");
    return at < 0 ? wrong("no_tail") : [text.slice(0, at).split("\n"), text.slice(at + 2)];
  }

  /* What opens the leaf; only as it may be written. */
  function open(extra) {
    return or("extra", () => {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(extra);
      const found = JSON.parse(text);
      const { body, words } = found;
      const sound = [
        proof.canonical(found) === text,
        Object.keys(found).length === (words ? 6 : 4),
        !words || typeof words === "object",
        [body.kind, ...Object.keys(body), ...Object.keys(words ?? {})].every((name) => NAME.test(name)),
        Object.values(body).every(isPlain),
        [body.kind, body.about, body.customer, ...Object.values(words ?? {})].every(isText),
        instant(found.happened_at),
        instant(found.recorded_at),
      ];
      if (!sound.every(Boolean)) wrong("extra");
      const salts = { salt: proof.unbase64(found.salt, "extra", 32) };
      if (words) salts.words_salt = proof.unbase64(found.words_salt, "extra", 16);
      return { ...found, ...salts };
    });
  }

  const isText = (value) => typeof value === "string" && value.isWellFormed();
  const isPlain = (value) => isText(value) || value === null || typeof value === "boolean" || Number.isSafeInteger(value);

  // Whose word it is

  async function namedKeys(lines, { signatures, origin }) {
    const found = [];
    for (let at = lines.lastIndexOf("") + 1; at < lines.length; at++) {
      const [, text] = /^(?:Key|Witness): ([^]*)$/.exec(lines[at]) ?? [];
      if (text === undefined) continue;
      const key = await proof.key(text, "key").catch(() => wrong("key", { line: at + 1 }));
      if (!key.witness && key.name !== origin) wrong("foreign_key", { line: at + 1, name: key.name, origin });
      found.push(key);
    }
    const fits = found.every((key, at) => key.name === signatures[at]?.name && key.id === signatures[at].id);
    return fits && found.length === signatures.length && found.some((key) => !key.witness) ? found : wrong("keys");
  }

  async function byWhoseWord(trusted, named, { head, signatures, origin }, say) {
    const seen = [];
    for (const [at, key] of named.entries())
      seen.push(await proof.check(key, head, signatures[at].signed).catch(() => wrong("signature", { name: key.name })));
    const has = (keys, key) => keys.some((one) => one.text === key.text);
    const logs = named.filter((key) => !key.witness);
    const used = logs.find((key) => has(trusted, key));
    if (!used && trusted.some((key) => !key.witness)) wrong("key_unknown", { key: logs[0].text });
    const said = [used ? say("trusted", { key: used.text }) : say("of_one_piece", { key: logs[0].text, origin })];
    for (const [at, key] of named.entries())
      if (key.witness) said.push(say(has(trusted, key) ? "witness_trusted" : "witnessed", { name: key.name, at: second(seen[at]) }));
    const absent = trusted.filter((key) => key.witness && !has(named, key));
    return [...said, ...absent.map(({ name }) => say("witness_absent", { name }))];
  }

  const second = (at) => (at > 253402300799n ? `second ${at}` : toldMoment(new Date(Number(at) * 1000), "000000"));

  // The head

  function head({ body, words, happened_at, recorded_at }, { origin, index, size }, keys, kinds) {
    const shown = new Map(Object.entries({ ...body, happened_at, recorded_at }));
    for (const [name, text] of Object.entries(words ?? {})) shown.set(`words.${name}`, text);
    const kind = own(kinds, body.kind) ?? plainKind(body, words ?? {});
    const rows = kind.rows.map(([name, label]) => [label, spoken(shown.get(name))]).filter(([, value]) => value);
    return [
      own(kind.titles ?? {}, spoken(shown.get(kind.by))) ?? kind.title,
      "",
      ...rows.flatMap(([label, value]) => fold(`${label}:`, value)),
      "",
      ...fold("Record:", origin),
      `Place: entry ${grouped(index + 1)} of ${grouped(size)}`,
      ...keys.map(({ witness, text }) => `${witness ? "Witness" : "Key"}: ${text}`),
      ...fold("Check it:", `troth verify, or ${origin}/verify in a browser (receipt format 1)`),
    ];
  }

  /* What is said of a kind that has no words of its own. */
  function plainKind(body, words) {
    const apart = ["kind", "v", "about", "customer", "happened_at", "recorded_at"];
    const fields = Object.keys(body).filter((name) => !apart.includes(name)).sort();
    const label = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
    const rows = [
      ...Object.keys(words).sort().map((name) => [`words.${name}`, label(name)]),
      ...fields.map((name) => [name, label(name)]),
      ...["about", "customer"].map((name) => [name, label(name)]),
      ["happened_at", "Happened"],
      ["recorded_at", "Recorded"],
    ];
    return { title: `Put on record: ${body.kind}.`, rows };
  }

  function spoken(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "boolean") return value ? "yes" : "no";
    const at = instant(value);
    return at ? toldMoment(at, value.slice(20, 26)) : String(value);
  }

  /* The moment that is written so in canonical JSON; undefined if this is another text. */
  function instant(text) {
    if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text)) return undefined;
    const at = new Date(`${text.slice(0, 19)}Z`);
    return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.slice(0, 19)) ? at : undefined;
  }

  function toldMoment(at, micros) {
    const two = (number) => String(number).padStart(2, "0");
    const parts = micros === "000000" ? "" : `.${micros}`;
    const seconds = at.getUTCSeconds() || parts ? `:${two(at.getUTCSeconds())}` : "";
    const year = String(at.getUTCFullYear()).padStart(4, "0");
    const date = `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${year}`;
    return `${date}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${seconds}${parts} UTC`;
  }

  const safe = (text) => text.replace(UNSAFE, (sign) => (sign === "\\" ? "\\\\" : `\\u{${sign.codePointAt().toString(16)}}`));

  function fold(label, text) {
    const lines = [];
    for (const [at, part] of safe(text).split("\n").entries()) fill(lines, at ? "|" : label, part);
    return lines;
  }

  function fill(lines, begin, text) {
    let line = begin;
    let wide = length(line);
    for (const word of text ? text.split(" ") : []) {
      const more = length(word);
      if (wide + 1 + more <= WIDTH) {
        line += ` ${word}`;
        wide += 1 + more;
        continue;
      }
      lines.push(line);
      [line, wide] = ["  ", 2];
      if (more + 2 <= WIDTH) {
        line += word;
        wide += more;
        continue;
      }
      for (const sign of word.match(/\\u\{[0-9a-f]+\}|\\\\|[^\\]/gsu)) {
        const part = length(sign);
        if (wide + part >= WIDTH) {
          lines.push(`${line}\\`);
          [line, wide] = ["  ", 2];
        }
        line += sign;
        wide += part;
      }
    }
    lines.push(line);
  }

  function compare(found, must) {
    for (let at = 0; at < Math.max(found.length, must.length); at++) {
      if (found[at] === must[at]) continue;
      const code = found[at] === undefined ? "line_missing" : must[at] === undefined ? "line_added" : "line";
      wrong(code, { line: at + 1, said: short(found[at] ?? ""), sealed: short(must[at] ?? "") });
    }
  }

  function short(line) {
    const indent = line.startsWith("  ") ? "  " : "";
    const cut = length(line) > 2 * WIDTH ? `${[...line].slice(0, WIDTH + 1).join("")}…` : line;
    return indent + safe(cut.slice(indent.length));
  }

  return { verify };
})();
