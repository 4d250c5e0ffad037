// What one mark stands for: opened by the mark's button, closed by Esc, which gives the focus back.
import type { Point } from "./map-data";

export class Popup {
  private readonly panel = document.createElement("div");
  private opener: HTMLElement | null = null;

  constructor(
    host: HTMLElement,
    private readonly place: string,
  ) {
    this.panel.className = "map-popup";
    this.panel.hidden = true;
    this.panel.tabIndex = -1;
    this.panel.setAttribute("role", "dialog");
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    host.append(this.panel);
  }

  open(points: Point[], opener: HTMLElement): void {
    this.opener = opener;
    const list = document.createElement("ul");
    for (const point of points) {
      const item = document.createElement("li");
      const kind = document.createElement("span");
      kind.className = "map-popup__kind";
      kind.textContent = [point.kind, point.town].filter(Boolean).join("　");
      const link = document.createElement("a");
      link.href = this.place.replace("{id}", String(point.id));
      link.textContent = point.number === null ? point.name : `${point.number}　${point.name}`;
      item.append(kind, link);
      list.append(item);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn--2 btn--s";
    close.textContent = "閉じる";
    close.addEventListener("click", () => this.close());
    this.panel.setAttribute(
      "aria-label",
      points.length === 1 ? points[0]!.name : `${points.length}件の施設`,
    );
    this.panel.replaceChildren(list, close);
    this.panel.hidden = false;
    this.panel.focus();
  }

  close(): void {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.opener?.focus();
    this.opener = null;
  }

  /** The marks are drawn anew: the opener is gone, the panel stays only while it is used. */
  forget(): void {
    if (!this.panel.contains(document.activeElement)) this.panel.hidden = true;
  }
}
