// Building parts of the page: every text is set as text, never as markup.
type Child = Node | string | null | false;

export function h(tag: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) {
    if (child !== null && child !== false) element.append(child);
  }
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS: Record<string, string[]> = {
  offline: ["M3 3l18 18M5 12.500a10 10 0 0 1 4-2.400M19 12.500a10 10 0 0 0-6-2.900M8.500 16a5 5 0 0 1 6.500-.3M12 19.500v.1"],
  check: ["M4 12.500l5 5L20 6.500"],
  warning: ["M12 3L2.500 20h19z", "M12 10v4.500M12 17.400v.1"],
};

export function icon(name: keyof typeof ICONS): SVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "i");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    drawing.append(path);
  }
  return drawing;
}

export function button(label: string, press: () => void, kind = "btn--2"): HTMLButtonElement {
  const made = h("button", { type: "button", class: `btn ${kind}` }, label) as HTMLButtonElement;
  made.addEventListener("click", press);
  return made;
}

const CLOCK = new Intl.DateTimeFormat("ja-JP", { hour: "numeric", minute: "2-digit", timeZone: "Asia/Tokyo" });
const DAY = new Intl.DateTimeFormat("ja-JP", { month: "long", day: "numeric", timeZone: "Asia/Tokyo" });

/** 20:00, あす7:50: the end of something that lasts hours. */
export function until(at: number): string {
  return `${DAY.format(at) === DAY.format(Date.now()) ? "" : "あす"}${CLOCK.format(at)}`;
}

export function moment(at: number): string {
  return `${DAY.format(at)} ${CLOCK.format(at)}`;
}
