/* Troth's chat, for any site: <script src="https://desk.example/chat/widget.js" data-chat="KEY" async></script>
   A button in a shadow root, and a dialog with a frame of the desk's own origin. Nothing is asked of anybody but that desk,
   no cookie is set, and nothing of the page is read but its address, which the browser tells the desk. That a talk goes on is kept for
   as long as the tab is open (sessionStorage), so that the next page shows its answers. */
(() => {
  "use strict";
  const script = document.currentScript;
  const key = script?.dataset.chat;
  if (!key || !/^[\w-]{8,40}$/.test(key) || customElements.get("troth-chat")) return;
  const home = new URL(script.src).origin;
  const place = `${home}/chat/to/${key}/`;
  const SMALL = "(max-width: 480px), (max-height: 480px)";
  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    button, dialog { font: 600 16px/1.3 system-ui, sans-serif; }
    button { position: fixed; inset: auto max(16px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) auto;
      z-index: 2147483000; display: flex; align-items: center; gap: 10px; min-width: 56px; min-height: 52px; padding: 0 20px 0 16px;
      border: 0; border-radius: 26px; cursor: pointer; color: light-dark(#fff, #10141f); background: light-dark(#2c4a9a, #b3c7ff);
      box-shadow: 0 2px 6px rgb(0 0 0 / .22), 0 10px 28px -8px rgb(0 0 0 / .35); }
    button:hover { background: light-dark(#213a80, #cbd8ff); }
    button:focus-visible { outline: 3px solid light-dark(#2c4a9a, #dfe7ff); outline-offset: 3px; }
    button[aria-expanded=true] { visibility: hidden; }
    svg { width: 24px; height: 24px; flex: none; }
    b { min-width: 22px; padding: 1px 6px; border-radius: 11px; font-size: 13px; text-align: center;
      color: light-dark(#2c4a9a, #b3c7ff); background: light-dark(#fff, #10141f); }
    b:empty { display: none; }
    dialog { position: fixed; inset: auto max(16px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) auto;
      z-index: 2147483001; margin: 0; padding: 0; border: 0; width: 384px; height: min(600px, calc(100dvh - 32px)); max-width: none;
      max-height: none; border-radius: 16px; overflow: hidden; background: Canvas;
      box-shadow: 0 0 0 1px rgb(128 128 128 / .35), 0 24px 64px -16px rgb(0 0 0 / .45); }
    dialog::backdrop { background: rgb(0 0 0 / .4); }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
    @media ${SMALL} { dialog { inset: 0; width: 100%; height: 100%; border-radius: 0; } }
    @media (prefers-reduced-motion: no-preference) { dialog[open] { animation: up .16s ease-out; } }
    @keyframes up { from { opacity: 0; transform: translateY(12px); } }
    @media (forced-colors: active) { button { border: 2px solid; } }
    @media print { :host { display: none; } }`;

  class TrothChat extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #words;
    #frame;
    #ready = false;

    start(words) {
      this.#words = words;
      // A sheet made by a script needs no leave from the page's own policy for styles.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [sheet];
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.setAttribute("aria-haspopup", "dialog");
      this.button.setAttribute("aria-expanded", "false");
      this.button.append(bubble(), text("span", words.label), (this.count = text("b", "")));
      this.button.addEventListener("click", () => this.open());
      this.dialog = document.createElement("dialog");
      this.dialog.setAttribute("aria-label", words.title);
      this.dialog.addEventListener("close", () => this.closed());
      this.said = text("p", "");
      this.said.setAttribute("role", "status");
      this.#root.append(this.button, this.said, this.dialog);
      addEventListener("message", (event) => this.heard(event));
      // Somebody in the middle of a talk goes on with it on the next page, also before they open it.
      if (going()) this.load();
    }

    load() {
      if (this.#frame) return;
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.#words.title;
      this.#frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
      this.#frame.referrerPolicy = "origin";
      this.#frame.src = `${place}?pass=${encodeURIComponent(this.#words.pass)}`;
      this.dialog.append(this.#frame);
    }

    open() {
      this.load();
      if (matchMedia(SMALL).matches) this.dialog.showModal();
      else this.dialog.show();
      this.button.setAttribute("aria-expanded", "true");
      this.count.textContent = "";
      this.tell("opened");
    }

    closed() {
      this.button.setAttribute("aria-expanded", "false");
      this.button.focus();
      this.tell("closed");
    }

    tell(what) {
      if (this.#ready) this.#frame.contentWindow.postMessage({ troth: what }, home);
    }

    heard(event) {
      if (event.origin !== home || !this.#frame || event.source !== this.#frame.contentWindow) return;
      const { troth, count } = event.data ?? {};
      if (troth === "ready") {
        this.#ready = true;
        if (this.dialog.open) this.tell("opened");
      } else if (troth === "talking") going(true);
      else if (troth === "close") this.dialog.close();
      else if (troth === "unread" && !this.dialog.open) {
        this.count.textContent = count > 0 ? String(Number(count)) : "";
        this.said.textContent = count > 0 ? this.#words.unread : "";
      }
    }
  }

  /* A page whose storage is closed goes on with the talk when it is opened. */
  const going = (begins) => {
    try {
      if (begins) sessionStorage.setItem("troth-chat", key);
      return sessionStorage.getItem("troth-chat") === key;
    } catch {
      return false;
    }
  };

  const text = (name, words) => Object.assign(document.createElement(name), { textContent: words });

  function bubble() {
    const made = (name, values) => {
      const one = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [attribute, value] of Object.entries(values)) one.setAttribute(attribute, value);
      return one;
    };
    const picture = made("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "2" });
    picture.append(made("path", { d: "M4 5h16v11H11l-5 4v-4H4z", "stroke-linejoin": "round" }));
    return picture;
  }

  async function start() {
    let answer;
    try {
      answer = await fetch(`${place}hello/`, { credentials: "omit", mode: "cors" });
    } catch {
      console.warn(`Troth chat: ${location.origin} may not show the chat ${key}. Is it on the chat's list of sites at ${home}/chat/?`);
      return;
    }
    if (!answer.ok) {
      console.warn(`Troth chat: ${home} answered ${answer.status} for the chat ${key}.`);
      return;
    }
    const words = await answer.json();
    customElements.define("troth-chat", TrothChat);
    const chat = document.createElement("troth-chat");
    document.body.append(chat);
    chat.start(words);
  }

  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
