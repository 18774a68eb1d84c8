/* What was said, as it is shown. */
const words = document.getElementById("words").dataset;

/* In the reader's own zone, which it names. */
const tongue = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const when = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
export const day = new Intl.DateTimeFormat(tongue, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

export function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function row(said) {
  const item = element("li", said.ours ? "said ours" : "said");
  const head = element("p", "said-head");
  head.append(element("strong", "", said.ours ? said.who : words.you), " ");
  const at = element("time", "", when.format(new Date(said.at)));
  at.dateTime = said.at;
  at.title = day.format(new Date(said.at));
  head.append(at);
  item.append(head, element("p", "said-text", said.text));
  if (said.word?.length) {
    const list = element("ul", "word");
    for (const one of said.word) list.append(element("li", "", `${one.what}: ${words.by.replace("*", day.format(new Date(one.by)))}`));
    item.append(element("p", "word-head", words.word), list);
  }
  return item;
}
