// What the server says to the map, and how many marks fit without covering each other.

export type Box = [west: number, south: number, east: number, north: number];

export interface MapConfig {
  /** Address of the marks, with the page's filters; bbox and z are added. */
  endpoint: string;
  /** GeoJSON of the areas' boundaries, with `name` in each feature's properties. */
  boundaries: string;
  /** Where the results lie. */
  bbox: Box;
  basemap: { url: string; attribution: string } | null;
  /** Address of a place's page, with {id}. */
  place: string;
}

export interface Point {
  id: number;
  name: string;
  kind: string;
  /** Municipality and town, for the mark's name. */
  town?: string;
  shape: string;
  letter: string;
  lng: number;
  lat: number;
  /** Its number in the list on this page. */
  number: number | null;
}

export interface Cluster {
  lng: number;
  lat: number;
  count: number;
  bbox: Box;
}

export interface Marks {
  total: number;
  /** There are more than `total`; nobody counted on. */
  more?: boolean;
  clusters: Cluster[];
  points: Point[];
}

/** Points that would cover each other on the screen, drawn as one mark. */
export interface Group {
  x: number;
  y: number;
  points: Point[];
}

/** Marks are 28 px wide; nearer than that they become one, so that each can be pressed. */
const NEAR = 30;

export function grouped(points: Point[], project: (point: Point) => { x: number; y: number }): Group[] {
  const groups: Group[] = [];
  // Numbered places first: they keep their own mark where there is room.
  const ordered = [...points].sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity));
  for (const point of ordered) {
    const { x, y } = project(point);
    const near = groups.find((group) => Math.abs(group.x - x) < NEAR && Math.abs(group.y - y) < NEAR);
    if (near) near.points.push(point);
    else groups.push({ x, y, points: [point] });
  }
  return groups;
}

export function boxOf(points: Point[]): Box {
  return [
    Math.min(...points.map((point) => point.lng)),
    Math.min(...points.map((point) => point.lat)),
    Math.max(...points.map((point) => point.lng)),
    Math.max(...points.map((point) => point.lat)),
  ];
}
