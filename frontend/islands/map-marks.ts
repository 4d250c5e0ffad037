// The marks: real buttons over the canvas, so that keyboard and screen reader meet them.
import type { Cluster, Group, Point } from "./map-data";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES: Record<string, [tag: string, attributes: Record<string, string>]> = {
  circle: ["circle", { r: "14" }],
  square: ["rect", { x: "-13", y: "-13", width: "26", height: "26" }],
  triangle: ["path", { d: "M0-16L16 13H-16z" }],
  diamond: ["path", { d: "M0-17L17 0 0 17-17 0z" }],
  hexagon: ["path", { d: "M-8-14H8L16 0 8 14H-8L-16 0z" }],
};

function svg(tag: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** The same drawing as the {% pin %} of the templates. */
export function pin(shape: string, text: string): HTMLElement {
  const holder = document.createElement("span");
  holder.className = "pin";
  holder.dataset.shape = shape;
  holder.setAttribute("aria-hidden", "true");
  const drawing = svg("svg", { viewBox: "-18 -18 36 36" });
  const group = svg("g", { class: "pin__shape" });
  const [tag, attributes] = SHAPES[shape] ?? SHAPES["circle"]!;
  group.append(svg(tag, attributes));
  const label = svg("text", { y: "5.5" });
  label.textContent = text;
  drawing.append(group, label);
  holder.append(drawing);
  return holder;
}

export function nameOf(point: Point): string {
  const number = point.number === null ? "" : `${point.number}番、`;
  return `${number}${point.kind} ${point.name}${point.town ? `、${point.town}` : ""}`;
}

function button(label: string, x: number, y: number, mark: HTMLElement): HTMLLIElement {
  const item = document.createElement("li");
  item.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  const press = document.createElement("button");
  press.type = "button";
  press.className = "map-mark";
  press.setAttribute("aria-label", label);
  press.append(mark);
  item.append(press);
  return item;
}

export function clusterMark(cluster: Cluster, x: number, y: number): HTMLLIElement {
  const text = cluster.count > 999 ? "999+" : String(cluster.count);
  return button(`${cluster.count}件が集まっています。拡大する`, x, y, pin("cluster", text));
}

export function groupMark(group: Group): HTMLLIElement {
  const [only] = group.points;
  if (group.points.length === 1 && only) {
    return button(nameOf(only), group.x, group.y, pin(only.shape, String(only.number ?? only.letter)));
  }
  return button(
    `${group.points.length}件が集まっています：${group.points.map((point) => point.name).slice(0, 3).join("、")}`,
    group.x,
    group.y,
    pin("cluster", String(group.points.length)),
  );
}
