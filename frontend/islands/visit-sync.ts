// Talking to the server: what is on this device goes out one by one, and each gets its own answer.
// No Background Sync (iOS has none): pages do this on load, on coming online, on becoming visible
// and every minute.
import {
  adopt,
  dropLease,
  importKey,
  keepLease,
  keepPersons,
  lease,
  lock,
  lockedLeases,
  outbox,
  photosOf,
  refuse,
  sent,
  wipe,
  type Lease,
  type Opened,
  type Snapshot,
} from "./visit-store";

export type Contact = "offline" | "sign-in" | "open" | "none";

export interface Today {
  uid: string;
  name: string;
  facts: string;
  at: string;
  planned: boolean;
}

export interface State {
  csrf: string;
  lease: "none" | "open" | "ended" | "revoked";
  today: string;
  persons: Today[];
}

interface Answer {
  result: "accepted" | "duplicate" | "refused";
  reason: string;
  remedy: string;
}

const JSON_HEADERS = { Accept: "application/json" };
let contact: Contact = "none";

export function lastContact(): Contact {
  return contact;
}

function changed(now: Contact): Contact {
  contact = now;
  dispatchEvent(new Event("renkei-visit-changed"));
  return now;
}

let asking: Promise<State | null> | null = null;

/** What the server says now; null without reception or without a sign-in. Asked once at a time. */
export function state(): Promise<State | null> {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(): Promise<State | null> {
  const held = await lease();
  try {
    const response = await fetch(`/visit/state/?lease=${held?.uid ?? ""}`, { headers: JSON_HEADERS, cache: "no-store" });
    if (response.ok) {
      const found = (await response.json()) as State;
      await obey(found.lease);
      changed("open");
      return found;
    }
    if (response.status === 401 || response.status === 403) {
      if (held !== null) await askWithoutSession(held.uid);
      changed("sign-in");
      return null;
    }
  } catch {
    // No reception, or nobody answers.
  }
  changed("offline");
  return null;
}

/** A lease whose session is gone may have been withdrawn: the lease's own address says so. */
async function askWithoutSession(uid: string): Promise<void> {
  const response = await fetch(`/visit/leases/${uid}/state/`, { headers: JSON_HEADERS, cache: "no-store" });
  if (response.ok) await obey(((await response.json()) as { lease: State["lease"] }).lease);
}

async function obey(said: State["lease"]): Promise<void> {
  if (said === "revoked") await wipe();
  else if (said === "ended") await lock();
}

/** A key for the next hours; unsent entries of this writer's earlier leases come along. */
export async function newLease(csrf: string): Promise<Lease | null> {
  const body = new FormData();
  for (const uid of await lockedLeases()) body.append("earlier", uid);
  const held = await lease();
  if (held !== null) body.append("earlier", held.uid);
  const response = await post("/visit/leases/", body, csrf);
  if (!response.ok) return null;
  const made = (await response.json()) as {
    uid: string;
    key: string;
    seconds: number;
    earlier: { uid: string; key: string }[];
    lost: string[];
  };
  const kept = await keepLease(made.uid, await importKey(made.key), made.seconds);
  for (const one of made.earlier) await adopt(kept, one.uid, await importKey(one.key));
  for (const uid of made.lost) await dropLease(uid);
  return kept;
}

export async function takePersons(held: Lease, uids: string[], csrf: string): Promise<number> {
  const body = new FormData();
  body.append("lease", held.uid);
  for (const uid of uids) body.append("person", uid);
  const response = await post("/visit/persons/", body, csrf);
  if (!response.ok) throw new Error(String(response.status));
  const { persons } = (await response.json()) as { persons: Snapshot[] };
  await keepPersons(held, persons);
  dispatchEvent(new Event("renkei-visit-changed"));
  return persons.length;
}

/** Send what waits. One page at a time does it; the server knows a repeated entry by its id. */
export async function sync(): Promise<Contact> {
  const now = await navigator.locks.request("renkei-visit-sync", { ifAvailable: true }, async (mine) =>
    mine === null ? contact : sendAll(),
  );
  return now;
}

async function sendAll(): Promise<Contact> {
  const said = await state();
  if (said === null) return contact;
  let held = await lease();
  if ((await lockedLeases()).length > 0) held = (await newLease(said.csrf)) ?? held;
  if (held === null) return contact;
  for (const opened of await outbox(held)) {
    if (opened.row.state !== "waiting") continue;
    if (!(await sendOne(held, opened, said.csrf))) break;
  }
  return contact;
}

/** False: stop here, the server cannot be reached; everything stays in its order. */
export async function sendOne(held: Lease, opened: Opened, csrf: string): Promise<boolean> {
  const body = new FormData();
  body.append("lease", held.uid);
  body.append("client_uid", opened.row.clientUid);
  body.append("written_at", new Date(opened.row.writtenAt).toISOString());
  body.append("entry", JSON.stringify(opened.waiting));
  for (const [number, photo] of (await photosOf(held, opened.row)).entries()) {
    body.append("photo", photo, `photo-${number + 1}.jpg`);
  }
  let response: Response;
  try {
    response = await post("/visit/entries/", body, csrf);
  } catch {
    changed("offline");
    return false;
  }
  if (response.status === 401 || response.status === 403) {
    changed("sign-in");
    return false;
  }
  if (response.status === 413) {
    await refuse(held, opened, "写真が大きすぎて送れません。", "写真を外して、もう一度書いてください。");
    return true;
  }
  if (!response.ok) {
    changed("offline");
    return false;
  }
  const answer = (await response.json()) as Answer;
  if (answer.result === "refused") await refuse(held, opened, answer.reason, answer.remedy);
  else await sent(opened.row.clientUid);
  return true;
}

async function post(url: string, body: FormData, csrf: string): Promise<Response> {
  const send = (token: string): Promise<Response> =>
    fetch(url, { method: "POST", headers: { ...JSON_HEADERS, "X-CSRFToken": token }, body });
  const response = await send(csrf);
  if (response.status !== 403) return response;
  // Another page of this device may have got a token of its own meanwhile.
  const said = await state();
  return said === null ? response : send(said.csrf);
}

/** On load, on coming online, on becoming visible, every minute. */
export function keepSyncing(): void {
  void sync();
  addEventListener("online", () => void sync());
  addEventListener("offline", () => changed("offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sync();
  });
  setInterval(() => void sync(), 60_000);
}
