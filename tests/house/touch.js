/* What a finger may miss: everything that can be pressed and is smaller than 44 px either way (WCAG 2.2, 2.5.5).
   Links within a sentence are excepted there; a row that is one link counts as large as it is. */
() => {
  const LEAST = 44 - 0.5;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const within = (element) => {
    const label = element.labels?.[0];
    if (element.matches("input[type=radio], input[type=checkbox]") && label) return label;
    if (element.matches(".cover")) return element.closest("li, tr, [data-row]") ?? element;
    return element;
  };
  const inSentence = (element) => {
    if (!element.matches("a") || getComputedStyle(element).display !== "inline") return false;
    const around = element.parentElement;
    return [...around.childNodes].some((node) => node !== element && node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  };
  const small = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const place = within(element);
    if (!seen(place) || element.closest(".heard, .skip") || element.matches(".skip, [tabindex='-1']") || inSentence(element)) continue;
    const { width, height } = place.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    if (width < LEAST || height < LEAST)
      small.push(`${element.tagName.toLowerCase()}.${[...element.classList].join(".")} “${(element.textContent || element.name || "").trim().slice(0, 30)}” ${Math.round(width)}×${Math.round(height)}`);
  }
  return small;
};
