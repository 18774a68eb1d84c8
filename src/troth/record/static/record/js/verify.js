/* The page that checks receipts: what is chosen, dropped or pasted is held against the keys on the page, and nothing leaves it. */
const WORDS = document.querySelector("#receipt-words").dataset;
const TABLE = JSON.parse(WORDS.table);
const MOST = (1 << 22) + 1;
const at = (id) => document.getElementById(id);
let given = [];
let turn = 0;

/* The keys in the field; null, and the field says which line is none. */
async function trusted() {
  const lines = at("trusted").value.split("\n");
  const found = [];
  let wrong = "";
  for (const [number, line] of lines.entries()) {
    const [text] = line.trim().split(/\s+/);
    if (text) await proof.key(text, "key").then(() => found.push(text), () => (wrong ||= String(number + 1)));
  }
  at("no_key").hidden = !wrong;
  at("no_key").textContent = wrong && WORDS.noKey.replace("*", wrong);
  at("trusted").setAttribute("aria-invalid", Boolean(wrong));
  if (wrong) at("trusted").closest("details").open = true;
  return wrong ? null : found;
}

async function check() {
  const mine = ++turn;
  const keys = await trusted();
  const verdicts = [];
  for (const { name, bytes } of keys ? given : []) {
    const read = new Uint8Array(await bytes.slice(0, MOST).arrayBuffer().catch(() => new ArrayBuffer()));
    const unread = { code: "unread", said: [WORDS.unread] };
    const found = read.length || !bytes.size ? await receipt.verify(read, keys, TABLE).catch(() => unread) : unread;
    verdicts.push({ name, ...found });
  }
  if (mine === turn) show(verdicts);
}

function show(verdicts) {
  const bad = verdicts.filter(({ code }) => code).length;
  const words = !bad ? (verdicts.length === 1 ? WORDS.one : WORDS.all) : verdicts.length === 1 ? WORDS.oneNot : WORDS.some;
  at("found").hidden = !verdicts.length;
  at("verdicts").replaceChildren(...verdicts.map(card));
  at("found-sum").textContent = verdicts.length ? words.replace("*", verdicts.length).replace("#", bad) : "";
}

function card({ name, code, said }) {
  const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
  const item = make("li", "", { className: "card card-body verdict" });
  item.dataset.holds = code ? "no" : "yes";
  item.append(make("h3", name), make("p", code ? WORDS.not : WORDS.holds, { className: "verdict-word" }));
  item.append(...said.map((sentence) => make("p", sentence)));
  return item;
}

function take(files) {
  given = Array.from(files, (file) => ({ name: file.name, bytes: file }));
  at("pasted").value = "";
  return check();
}

function start() {
  at("files").addEventListener("change", () => take(at("files").files));
  at("pasted").addEventListener("input", () => {
    const text = at("pasted").value;
    given = text.trim() ? [{ name: WORDS.pasted, bytes: new Blob([text]) }] : [];
    at("files").value = "";
    check();
  });
  at("trusted").addEventListener("input", check);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    at("check").classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || at("check").classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    at("check").classList.remove("is-over");
    const text = event.dataTransfer.getData("text");
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
    else if (text) {
      at("pasted").value = text;
      at("pasted").dispatchEvent(new Event("input"));
    }
  });
}

/* Any key will do to see whether this browser knows the curve. */
const able = async () => crypto.subtle.importKey("raw", new Uint8Array(32).fill(1, 0, 1), "Ed25519", false, ["verify"]);

able().then(start, () => {
  at("unable").hidden = false;
  at("check").hidden = true;
}).finally(() => (document.documentElement.dataset.ready = ""));
