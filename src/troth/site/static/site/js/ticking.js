/* Keeps "in 40 min" true while the page stays open. The words are those the server used. */
import { words } from "./words.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
/* From here on the server says months and years, which do not change while a page is open. */
const FAR_DAYS = 59;

export function relative(seconds) {
  const away = Math.abs(seconds);
  if (away < MINUTE) return words.now;
  let span;
  if (away < HOUR) span = words.min.replace("*", Math.floor(away / MINUTE));
  else if (away < 2 * DAY) span = words.hour.replace("*", Math.round(away / HOUR));
  else {
    const days = Math.round(away / DAY);
    span = words.days.replace("*", days);
  }
  return (seconds > 0 ? words.in : words.ago).replace("*", span);
}

/* Everything is measured from the moment the server said it was, so a wrong clock here does no harm. */
export function start() {
  const told = Date.parse(document.documentElement.dataset.now ?? "");
  const opened = performance.now();
  const now = () => (Number.isNaN(told) ? Date.now() : told + performance.now() - opened);
  const tick = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const shown = time.querySelector("[data-rel]");
      if (!shown) continue;
      const away = Math.abs(Date.parse(time.dateTime) - now()) / 1000;
      if (away > FAR_DAYS * DAY) continue;
      const text = relative((Date.parse(time.dateTime) - now()) / 1000);
      if (shown.textContent !== text) shown.textContent = text;
    }
  };
  setInterval(tick, 15000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("troth:fresh", tick);
}
