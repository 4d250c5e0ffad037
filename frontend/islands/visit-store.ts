// What a device keeps for visits without reception: sealed, under a key that lives twelve hours.
// Content is only ever stored as ciphertext; in clear are random ids, times and states.
import Dexie, { type Table } from "dexie";

export interface Lease {
  uid: string;
  /** Not extractable: script can use it, nobody can read it out. */
  key: CryptoKey;
  /** By this device's clock: the server tells how many seconds, not which instant. */
  expiresAt: number;
  /** The latest instant this device saw; a clock turned back ends the lease. */
  seenAt: number;
  /** Whose it is: the mark their own pages carry, too. */
  writer: string;
  /** Leases of other writers on this device: asked about once, their rows stay closed. */
  others: string[];
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

interface PersonRow {
  uid: string;
  lease: string;
  sealed: Sealed;
}

/** What somebody began to write at a place: each writer's own, closed to the next at this device. */
interface DraftRow {
  place: string;
  lease: string;
  keptAt: number;
  sealed: Sealed;
}

export interface OutboxRow {
  clientUid: string;
  lease: string;
  writtenAt: number;
  state: "waiting" | "refused";
  sealed: Sealed;
  photos: { type: string; sealed: Sealed }[];
}

export interface Measurement {
  code: string;
  value: string;
}

/** A form as its page would have sent it; its files lie in the row's ``photos``, in this order. */
export interface WaitingForm {
  action: string;
  fields: [name: string, value: string][];
  files: { field: string; name: string }[];
}

/** One entry as it was written, before the server has it. */
export interface Waiting {
  person: string;
  name: string;
  room: string;
  kind: string;
  text: string;
  addressees: string[];
  measurements: Measurement[];
  /** Written on the page of a room, which says where; without it on a visit. */
  form?: WaitingForm;
  place?: string;
  reason?: string;
  remedy?: string;
}

export interface Snapshot {
  uid: string;
  room: string;
  name: string;
  kana: string;
  facts: string[];
  address: string;
  phones: { label: string; number: string }[];
  emergency: { label: string; text: string; urgent: boolean }[];
  entries: { uid: string; kind: string; word: string; at: string; author: string; text: string }[];
  sheets: { title: string; version: string; changes: { label: string; before: string; after: string }[] }[];
  professions: string[];
  may_write: boolean;
  taken: string;
}

class VisitDatabase extends Dexie {
  leases!: Table<Lease, string>;
  persons!: Table<PersonRow, string>;
  unfinished!: Table<DraftRow, [lease: string, place: string]>;
  outbox!: Table<OutboxRow, string>;

  constructor() {
    super("renkei-visit");
    this.version(1).stores({ leases: "uid", persons: "uid", drafts: "person", outbox: "clientUid, lease, state" });
    // One draft per place was the last writer's alone; a primary key cannot be changed.
    this.version(2).stores({ drafts: null, unfinished: "[lease+place], lease, keptAt" });
  }
}

/** Tells pages without any of this not to load the database at all. */
export const FLAG = "renkei-visit";
// A clock may be set right by a few minutes; turned back further, it is not trusted.
const CLOCK_SLACK = 10 * 60_000;
// The server gives a key back for as long (KEYS_KEPT): an older draft opens for nobody.
const DRAFTS_KEPT = 31 * 24 * 60 * 60_000;
const db = new VisitDatabase();

/** The lease in force; an ended one is destroyed here, with everything it opened. */
export async function lease(): Promise<Lease | null> {
  const found = await db.leases.toCollection().first();
  if (found === undefined) return null;
  const now = Date.now();
  if (now >= found.expiresAt || now < found.seenAt - CLOCK_SLACK) {
    await lock();
    return null;
  }
  if (now > found.seenAt + 30_000) await db.leases.update(found.uid, { seenAt: now });
  return found;
}

export async function keepLease(made: Pick<Lease, "uid" | "key" | "writer" | "others">, seconds: number): Promise<Lease> {
  const now = Date.now();
  const kept: Lease = { ...made, expiresAt: now + seconds * 1000, seenAt: now };
  const { uid } = made;
  await db.transaction("rw", db.leases, db.persons, db.unfinished, async () => {
    await db.leases.clear();
    await db.persons.where("uid").notEqual("").and((row) => row.lease !== uid).delete();
    await db.unfinished.where("keptAt").below(now - DRAFTS_KEPT).delete();
    await db.leases.put(kept);
  });
  localStorage.setItem(FLAG, "1");
  return kept;
}

export async function importKey(base64: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}

/** The lease is over: key and cache go. What was begun or not sent stays, unreadable, for its writer. */
export async function lock(): Promise<void> {
  await db.transaction("rw", db.leases, db.persons, async () => {
    await db.leases.clear();
    await db.persons.clear();
  });
  dispatchEvent(new Event("renkei-visit-changed"));
}

/** The device was withdrawn: nothing stays. */
export async function wipe(): Promise<void> {
  // At once or not at all: a page that is left in the middle must not keep half of it.
  await db.transaction("rw", db.leases, db.persons, db.unfinished, db.outbox, async () => {
    for (const table of [db.leases, db.persons, db.unfinished, db.outbox]) await table.clear();
  });
  localStorage.removeItem(FLAG);
  dispatchEvent(new Event("renkei-visit-changed"));
}

async function seal(key: CryptoKey, id: string, content: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  // The row's id is sealed in: nobody can put one row's content into another.
  const additionalData = new TextEncoder().encode(id);
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, content) };
}

async function unseal(key: CryptoKey, id: string, sealed: Sealed): Promise<ArrayBuffer> {
  const additionalData = new TextEncoder().encode(id);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, key, sealed.bytes);
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function valueOf<T>(bytes: ArrayBuffer): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

export async function keepPersons(held: Lease, persons: Snapshot[]): Promise<void> {
  const rows: PersonRow[] = [];
  for (const person of persons) {
    rows.push({ uid: person.uid, lease: held.uid, sealed: await seal(held.key, person.uid, bytesOf(person)) });
  }
  await db.transaction("rw", db.persons, async () => {
    await db.persons.clear();
    await db.persons.bulkPut(rows);
  });
}

/** The persons on this device; a row that does not open is not shown. */
export async function persons(held: Lease): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (const row of await db.persons.where("uid").notEqual("").toArray()) {
    if (row.lease !== held.uid) continue;
    try {
      found.push(valueOf<Snapshot>(await unseal(held.key, row.uid, row.sealed)));
    } catch {
      await db.persons.delete(row.uid);
    }
  }
  return found.sort((a, b) => a.kana.localeCompare(b.kana, "ja"));
}

export async function keepDraft(held: Lease, place: string, draft: unknown): Promise<void> {
  const sealed = await seal(held.key, place, bytesOf(draft));
  await db.unfinished.put({ place, lease: held.uid, keptAt: Date.now(), sealed });
}

export async function draft<T>(held: Lease, place: string): Promise<T | null> {
  const row = await db.unfinished.get([held.uid, place]);
  if (row === undefined) return null;
  try {
    return valueOf<T>(await unseal(held.key, place, row.sealed));
  } catch {
    return null;
  }
}

export async function dropDraft(held: Lease, place: string): Promise<void> {
  await db.unfinished.delete([held.uid, place]);
}

/** ``tell``: not where it is sent at once, so that nothing flickers on a good line. */
export async function enqueue(
  held: Lease,
  waiting: Waiting,
  photos: Blob[],
  clientUid: string = crypto.randomUUID(),
  tell = true,
): Promise<string> {
  const sealedPhotos = [];
  for (const [number, photo] of photos.entries()) {
    const sealed = await seal(held.key, `${clientUid}/${number}`, await photo.arrayBuffer());
    sealedPhotos.push({ type: photo.type, sealed });
  }
  await db.outbox.put({
    clientUid,
    lease: held.uid,
    writtenAt: Date.now(),
    state: "waiting",
    sealed: await seal(held.key, clientUid, bytesOf(waiting)),
    photos: sealedPhotos,
  });
  if (tell) dispatchEvent(new Event("renkei-visit-changed"));
  return clientUid;
}

export interface Opened {
  row: OutboxRow;
  waiting: Waiting;
}

/** What waits, oldest first, as far as the lease in force opens it. */
export async function outbox(held: Lease): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const row of await db.outbox.toArray()) {
    if (row.lease !== held.uid) continue;
    opened.push({ row, waiting: valueOf<Waiting>(await unseal(held.key, row.clientUid, row.sealed)) });
  }
  return opened.sort((a, b) => a.row.writtenAt - b.row.writtenAt);
}

/** One of what waits; null where it is gone or another lease's. */
export async function waitingRow(held: Lease, clientUid: string): Promise<Opened | null> {
  const row = await db.outbox.get(clientUid);
  if (row === undefined || row.lease !== held.uid) return null;
  return { row, waiting: valueOf<Waiting>(await unseal(held.key, row.clientUid, row.sealed)) };
}

/** Where the writer finds what waits. */
export function placeOf(waiting: Waiting): string {
  return waiting.form ? `${waiting.form.action}#unsent` : "/visit/#outbox";
}

/** A device that holds nothing but a key asks nobody anything. */
export async function isEmpty(): Promise<boolean> {
  return (await db.outbox.count()) === 0 && (await db.persons.count()) === 0;
}

export async function photosOf(held: Lease, row: OutboxRow): Promise<Blob[]> {
  const photos: Blob[] = [];
  for (const [number, photo] of row.photos.entries()) {
    photos.push(new Blob([await unseal(held.key, `${row.clientUid}/${number}`, photo.sealed)], { type: photo.type }));
  }
  return photos;
}

export async function sent(clientUid: string): Promise<void> {
  await db.outbox.delete(clientUid);
  dispatchEvent(new Event("renkei-visit-changed"));
}

/** The server did not take it: it stays readable, with what to do. */
export async function refuse(held: Lease, opened: Opened, reason: string, remedy: string): Promise<void> {
  const waiting = { ...opened.waiting, reason, remedy };
  const sealed = await seal(held.key, opened.row.clientUid, bytesOf(waiting));
  await db.outbox.update(opened.row.clientUid, { state: "refused", sealed });
  dispatchEvent(new Event("renkei-visit-changed"));
}

/** Leases whose key is gone but whose rows still lie here, as far as nobody has asked about them. */
export async function lockedLeases(): Promise<string[]> {
  const held = await lease();
  const begun = await db.unfinished.orderBy("lease").uniqueKeys();
  const uids = new Set([...(await db.outbox.toArray()).map((row) => row.lease), ...begun.map(String)]);
  for (const known of [held?.uid ?? "", ...(held?.others ?? [])]) uids.delete(known);
  return [...uids];
}

/** After signing in again what the writer began and did not send moves under the new lease. */
export async function adopt(held: Lease, from: string, key: CryptoKey): Promise<void> {
  for (const row of await db.outbox.where("lease").equals(from).toArray()) {
    try {
      const photos = [];
      for (const [number, photo] of row.photos.entries()) {
        const id = `${row.clientUid}/${number}`;
        photos.push({ type: photo.type, sealed: await seal(held.key, id, await unseal(key, id, photo.sealed)) });
      }
      const content = await unseal(key, row.clientUid, row.sealed);
      const sealed = await seal(held.key, row.clientUid, content);
      await db.outbox.update(row.clientUid, { lease: held.uid, sealed, photos });
    } catch {
      // Not sealed with this key: it stays as it is, and is counted.
    }
  }
  for (const row of await db.unfinished.where("lease").equals(from).toArray()) await adoptDraft(held, row, key);
}

async function adoptDraft(held: Lease, row: DraftRow, key: CryptoKey): Promise<void> {
  let sealed: Sealed;
  try {
    sealed = await seal(held.key, row.place, await unseal(key, row.place, row.sealed));
  } catch {
    return; // not sealed with this key
  }
  await db.transaction("rw", db.unfinished, async () => {
    const newer = await db.unfinished.get([held.uid, row.place]);
    if (newer === undefined || newer.keptAt < row.keptAt) await db.unfinished.put({ ...row, lease: held.uid, sealed });
    await db.unfinished.delete([row.lease, row.place]);
  });
}

export async function dropLease(uid: string): Promise<void> {
  await db.outbox.where("lease").equals(uid).delete();
  await db.unfinished.where("lease").equals(uid).delete();
}

export interface Counts {
  waiting: number;
  refused: number;
  locked: number;
}

export async function counts(): Promise<Counts> {
  const held = await lease();
  const found = { waiting: 0, refused: 0, locked: 0 };
  for (const row of await db.outbox.toArray()) {
    if (row.lease !== held?.uid) found.locked += 1;
    else if (row.state === "refused") found.refused += 1;
    else found.waiting += 1;
  }
  return found;
}
