// The live map: boundaries on the canvas, marks as buttons above it, controls beside it.
import type { FeatureCollection } from "geojson";
import { Map as LibreMap, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import { boxOf, grouped, type Box, type Group, type MapConfig, type Marks } from "./map-data";
import { clusterMark, groupMark } from "./map-marks";
import { Popup } from "./map-popup";

const FACE = "Noto Sans JP Variable";
const STEP = 120; // pixels per press of an arrow
const CONTROLS: [label: string, sign: string, act: (view: MapView) => void][] = [
  ["北へ動かす", "↑", (view) => view.pan(0, -STEP)],
  ["西へ動かす", "←", (view) => view.pan(-STEP, 0)],
  ["東へ動かす", "→", (view) => view.pan(STEP, 0)],
  ["南へ動かす", "↓", (view) => view.pan(0, STEP)],
  ["拡大する", "＋", (view) => view.zoom(1)],
  ["縮小する", "－", (view) => view.zoom(-1)],
  ["結果の全体を見る", "全体", (view) => view.fitAll()],
];
const JAPANESE = {
  "Map.Title": "地図。矢印キーで動かし、＋と－で拡大・縮小します",
  "CooperativeGesturesHandler.WindowsHelpText": "Ctrlキーを押しながら回すと拡大・縮小します",
  "CooperativeGesturesHandler.MacHelpText": "⌘キーを押しながら回すと拡大・縮小します",
  "CooperativeGesturesHandler.MobileHelpText": "2本の指で動かします",
};

interface Placed {
  item: HTMLLIElement;
  lng: number;
  lat: number;
}

export class MapView {
  private readonly frame = document.createElement("div");
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("p");
  private readonly popup: Popup;
  private map!: LibreMap;
  private placed: Placed[] = [];
  private marks: Marks = { total: 0, clusters: [], points: [] };
  private request: AbortController | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly config: MapConfig,
  ) {
    this.frame.className = "map-frame";
    this.list.className = "map-marks";
    this.list.setAttribute("aria-label", "地図の印");
    this.status.className = "map-status";
    this.status.setAttribute("role", "status");
    this.popup = new Popup(this.frame, config.place);
  }

  async start(): Promise<void> {
    setWorkerUrl(workerUrl);
    const boundaries = await this.boundaries();
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    this.frame.prepend(canvas, this.list);
    // As high as the drawing it replaces, so that the list below does not jump.
    const still = this.host.querySelector("svg.map");
    if (still && !this.host.closest("[data-size=large]")) this.frame.style.height = `${still.getBoundingClientRect().height}px`;
    this.host.prepend(this.frame, this.controls(), this.status);
    this.host.dataset["state"] = "live";
    this.map = new LibreMap({
      container: canvas,
      style: this.style(boundaries),
      bounds: this.config.bbox,
      fitBoundsOptions: { padding: 40, maxZoom: 15 },
      maxZoom: 17,
      attributionControl: false, // the caption below names every source, always visible
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      locale: JAPANESE,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("move", () => this.follow());
    this.map.on("moveend", () => void this.load());
    this.frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.popup.close();
    });
    await this.map.once("load");
    await this.load();
  }

  pan(x: number, y: number): void {
    this.map.panBy([x, y]);
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by);
  }

  fitAll(): void {
    this.fit(this.config.bbox);
  }

  private fit(box: Box): void {
    this.map.fitBounds(box, { padding: 48, maxZoom: 17 });
  }

  private async boundaries(): Promise<FeatureCollection> {
    if (!this.config.boundaries) return { type: "FeatureCollection", features: [] };
    const none: FeatureCollection = { type: "FeatureCollection", features: [] };
    if (this.config.boundaries === "") return none;
    const answer = await fetch(this.config.boundaries, { headers: { Accept: "application/json" } });
    if (!answer.ok) return none;
    const collection = (await answer.json()) as FeatureCollection;
    // A canvas does not wait for fonts: without this the names would be boxes.
    const names = collection.features.map((feature) => String(feature.properties?.["name"] ?? ""));
    await document.fonts.load(`500 14px "${FACE}"`, names.join(""));
    return collection;
  }

  private style(areas: FeatureCollection): StyleSpecification {
    const { basemap } = this.config;
    return {
      version: 8,
      sources: {
        areas: { type: "geojson", data: areas },
        ...(basemap ? { basemap: { type: "raster", tiles: [basemap.url], tileSize: 256 } } : {}),
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#f2f2f2" } },
        ...(basemap ? [{ id: "basemap", type: "raster" as const, source: "basemap" }] : []),
        {
          id: "areas",
          type: "fill",
          source: "areas",
          paint: { "fill-color": "#ffffff", "fill-opacity": basemap ? 0 : 1 },
        },
        {
          id: "borders",
          type: "line",
          source: "areas",
          paint: { "line-color": "#4d4d4d", "line-width": 1.2 },
        },
        {
          id: "names",
          type: "symbol",
          source: "areas",
          layout: { "text-field": ["get", "name"], "text-font": [FACE], "text-size": 14 },
          paint: { "text-color": "#333333", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
        },
      ],
    };
  }

  private controls(): HTMLElement {
    const bar = document.createElement("div");
    bar.className = "map-controls";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "地図の操作");
    for (const [label, sign, act] of CONTROLS) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.title = label;
      button.textContent = sign;
      button.addEventListener("click", () => act(this));
      bar.append(button);
    }
    return bar;
  }

  private async load(): Promise<void> {
    this.request?.abort();
    this.request = new AbortController();
    const bounds = this.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const url = new URL(this.config.endpoint, location.href);
    url.searchParams.set("bbox", box.map((value) => value.toFixed(5)).join(","));
    url.searchParams.set("z", String(Math.floor(this.map.getZoom())));
    try {
      const answer = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.marks = (await answer.json()) as Marks;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.status.textContent = "地図の印を読み込めませんでした。下の一覧を見てください。";
      return;
    }
    this.drawMarks();
  }

  private drawMarks(): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    const held = this.list.contains(document.activeElement);
    this.popup.forget();
    this.placed = [];
    for (const cluster of this.marks.clusters) {
      const { x, y } = this.map.project([cluster.lng, cluster.lat]);
      const item = clusterMark(cluster, x, y);
      item.firstElementChild?.addEventListener("click", () => this.fit(cluster.bbox));
      this.placed.push({ item, lng: cluster.lng, lat: cluster.lat });
    }
    for (const group of grouped(this.marks.points, (point) => this.map.project([point.lng, point.lat]))) {
      this.placed.push(this.drawGroup(group));
    }
    this.list.replaceChildren(...this.placed.map((mark) => mark.item));
    if (held) this.giveFocusBack(focused);
    const shown = this.marks.points.length + this.marks.clusters.reduce((sum, cluster) => sum + cluster.count, 0);
    this.status.textContent = `${this.marks.total.toLocaleString("ja")}件${this.marks.more ? "以上" : ""}のうち、この範囲に${shown.toLocaleString("ja")}件を表示`;
  }

  private drawGroup(group: Group): Placed {
    const item = groupMark(group);
    const { lng, lat } = this.map.unproject([group.x, group.y]);
    const button = item.firstElementChild as HTMLElement;
    button.addEventListener("click", () => {
      const far = group.points.length > 1 && this.map.getZoom() < this.map.getMaxZoom() - 0.01;
      const [west, south, east, north] = boxOf(group.points);
      // The same house stays one mark at every zoom: then the panel lists it.
      if (far && (east - west > 1e-5 || north - south > 1e-5)) this.fit([west, south, east, north]);
      else this.popup.open(group.points, button);
    });
    return { item, lng, lat };
  }

  /** The mark that had the focus, or the map when it is no longer there. */
  private giveFocusBack(label: string | null | undefined): void {
    const same = [...this.list.querySelectorAll("button")].find(
      (button) => button.getAttribute("aria-label") === label,
    );
    (same ?? this.map.getCanvas()).focus();
  }

  /** While the map moves, its marks move with it; they are drawn anew when it stands. */
  private follow(): void {
    for (const { item, lng, lat } of this.placed) {
      const { x, y } = this.map.project([lng, lat]);
      item.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    }
  }
}
