/* What the server does not have yet is kept here until it has; what another tab keeps of the same draft is heard of. */
const CHANNEL = "troth.drafts";

/* On a machine that several share, each finds only their own words. */
const who = () => document.querySelector(".rail-name")?.textContent.trim() ?? "";

export class Draft {
  constructor(url, way, heard) {
    this.name = `${CHANNEL} ${who()} ${url} ${way}`;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", ({ data }) => data.name === this.name && heard(data));
  }

  /* Words the server could not be given, over those it had when they were written. */
  hold(text, over) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ text, over }));
    } catch {
      /* No room here either: the page itself still has them. */
    }
  }

  /* The server has them now. */
  given(told) {
    this.letGo();
    this.channel.postMessage({ name: this.name, ...told });
  }

  letGo() {
    localStorage.removeItem(this.name);
  }

  /* What was held, over what it was written; null for nothing, and where the server has it after all. */
  again(has) {
    let held;
    try {
      held = JSON.parse(localStorage.getItem(this.name) ?? "null");
    } catch {
      held = null;
    }
    if (!held?.text?.trim()) return null;
    if (!has.includes(held.text.trim())) return held;
    this.letGo();
    return null;
  }
}
