// <renkei-map>: the picture of the list beside it. The list is the page; without script, without
// WebGL and on paper the figure inside this element stays as the server drew it.
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/live-map.css";

import type { MapConfig } from "./map-data";

function hasWebGL(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

class RenkeiMap extends HTMLElement {
  connectedCallback(): void {
    if (!hasWebGL()) {
      this.dataset.state = "still";
      return;
    }
    // A megabyte of map waits until somebody comes near it.
    const nearby = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        nearby.disconnect();
        void this.draw();
      },
      { rootMargin: "200px" },
    );
    nearby.observe(this);
  }

  private async draw(): Promise<void> {
    const source = document.getElementById(this.dataset.config ?? "");
    if (source === null) return;
    const config = JSON.parse(source.textContent ?? "{}") as MapConfig;
    try {
      const { MapView } = await import("./map-view");
      await new MapView(this, config).start();
      this.dataset.state = "live";
    } catch (error) {
      this.dataset.state = "still"; // the server's figure and the list remain
      console.warn("地図を表示できませんでした", error);
    }
  }
}

customElements.define("renkei-map", RenkeiMap);
