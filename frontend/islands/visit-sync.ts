// Talking to the server: what is on this device goes out one by one, and each gets its own answer.
// No Background Sync (iOS has none): pages do this on load, on coming online, on becoming visible
// and every minute.
import {
  adopt,
  dropLease,
  importKey,
  isEmpty,
  keepLease,
  keepPersons,
  lease,
  lock,
  lockedLeases,
  outbox,
  photosOf,
  refuse,
  sent,
  waitingRow,
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
  /** The form with each sentence at its field. */
  composer?: string;
  said?: string;
}

/** What became of one entry: the server has it, will not have it, or could not be reached. */
export interface Outcome {
  result: "sent" | "refused" | "kept";
  composer: string;
  said: string;
}

const KEPT: Outcome = { result: "kept", composer: "", said: "" };
const SENT: Outcome = { result: "sent", composer: "", said: "" };
const REFUSED: Outcome = { result: "refused", composer: "", said: "" };
// A line that says nothing for so long will not say anything; the entry is safe meanwhile.
const PATIENCE = 30_000;
const PATIENCE_WITH_FILES = 180_000;

const LOCK = "renkei-visit-sync";
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

const asking = new Map<string, Promise<State | null>>();

/** What the server says now; null without reception or without a sign-in. Asked once at a time. */
export function state(more: "" | "&persons=1" = ""): Promise<State | null> {
  const found = asking.get(more) ?? ask(more).finally(() => asking.delete(more));
  asking.set(more, found);
  return found;
}

async function ask(more: string): Promise<State | null> {
  const held = await lease();
  try {
    const response = await fetch(`/visit/state/?lease=${held?.uid ?? ""}${more}`, { headers: JSON_HEADERS, cache: "no-store" });
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

/** The key of whoever is signed in now, or a new one: the one that lies here may be another person's. */
export function sessionLease(): Promise<Lease | null> {
  return navigator.locks.request("renkei-visit-lease", openLease);
}

async function openLease(): Promise<Lease | null> {
  const said = await state();
  if (said === null) return null;
  const kept = await lease();
  if (said.lease === "open" && kept !== null) return kept;
  // A page beside this one may have got one while the answer was on its way.
  if (said.lease === "none" && kept !== null) return openLease();
  return newLease(said.csrf);
}

/** A key for the next hours; what this writer began or did not send under earlier ones comes along. */
export async function newLease(csrf: string): Promise<Lease | null> {
  const body = new FormData();
  const held = await lease();
  const asked = [...(await lockedLeases()), ...(held === null ? [] : [held.uid])];
  for (const uid of asked) body.append("earlier", uid);
  const response = await post("/visit/leases/", body, csrf);
  if (!response.ok) return null;
  const made = (await response.json()) as {
    uid: string;
    key: string;
    writer: string;
    seconds: number;
    earlier: { uid: string; key: string }[];
    lost: string[];
  };
  const answered = new Set([...made.earlier.map((each) => each.uid), ...made.lost]);
  const others = [...(held?.others ?? []), ...asked.filter((uid) => !answered.has(uid))];
  const key = await importKey(made.key);
  const kept = await keepLease({ uid: made.uid, key, writer: made.writer, others }, made.seconds);
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
  if (await isEmpty()) return contact;
  const now = await navigator.locks.request(LOCK, { ifAvailable: true }, async (mine) =>
    mine === null ? contact : sendAll(),
  );
  return now;
}

/** Send one entry at once, after what waits before it. */
export async function sendNow(held: Lease, clientUid: string, csrf: string): Promise<Outcome> {
  return navigator.locks.request(LOCK, async () => {
    const all = await outbox(held);
    for (const opened of all) {
      if (opened.row.state !== "waiting" || opened.row.clientUid === clientUid) continue;
      if ((await sendOne(held, opened, csrf)).result === "kept") return KEPT;
    }
    const mine = await waitingRow(held, clientUid);
    if (mine === null) return SENT; // another page sent it meanwhile
    return mine.row.state === "waiting" ? sendOne(held, mine, csrf, true) : REFUSED;
  });
}

async function sendAll(): Promise<Contact> {
  const said = await state();
  if (said === null) return contact;
  let held = await lease();
  if ((await lockedLeases()).length > 0) held = (await newLease(said.csrf)) ?? held;
  if (held === null) return contact;
  for (const opened of await outbox(held)) {
    if (opened.row.state !== "waiting") continue;
    if ((await sendOne(held, opened, said.csrf)).result === "kept") break;
  }
  return contact;
}

/** Kept: stop here, the server cannot be reached; everything stays in its order. */
async function sendOne(held: Lease, opened: Opened, csrf: string, fromPage = false): Promise<Outcome> {
  const { form } = opened.waiting;
  const photos = await photosOf(held, opened.row);
  const body = form === undefined ? entryBody(opened, photos) : formBody(opened, photos, fromPage);
  body.append("lease", held.uid);
  let response: Response;
  try {
    response = await post(form?.action ?? "/visit/entries/", body, csrf, photos.length > 0 ? PATIENCE_WITH_FILES : PATIENCE);
  } catch {
    changed("offline");
    return KEPT;
  }
  return heard(held, opened, response, fromPage);
}

async function heard(held: Lease, opened: Opened, response: Response, fromPage: boolean): Promise<Outcome> {
  const { status } = response;
  // To the sign-in, or to the region's policy that has still to be signed.
  if (status === 401 || status === 403 || response.type === "opaqueredirect") {
    changed("sign-in");
    return KEPT;
  }
  if (status === 409) {
    await state(); // the lease has ended: says so, and locks what it opened
    return KEPT;
  }
  if (status === 413) {
    await refuse(held, opened, "写真が大きすぎて送れません。", "写真を外して、もう一度書いてください。");
    return REFUSED;
  }
  if (opened.waiting.form !== undefined && (status === 400 || status === 404)) {
    await refuse(held, opened, "この部屋には、いま書けません。", "本文を写し、連携ホスト（主催の事業所）に電話で伝えてください。");
    return REFUSED;
  }
  if (!response.ok && status !== 422) {
    changed("offline");
    return KEPT;
  }
  const answer = (await response.json()) as Answer;
  if (answer.result !== "refused") {
    await sent(opened.row.clientUid);
    return { ...SENT, said: answer.said ?? "" };
  }
  if (fromPage && answer.composer) {
    // It stands in the form again, with what is missing.
    await sent(opened.row.clientUid);
    return { ...REFUSED, composer: answer.composer };
  }
  await refuse(held, opened, answer.reason, answer.remedy);
  return REFUSED;
}

function entryBody(opened: Opened, photos: Blob[]): FormData {
  const body = new FormData();
  body.append("client_uid", opened.row.clientUid);
  body.append("written_at", new Date(opened.row.writtenAt).toISOString());
  body.append("entry", JSON.stringify(opened.waiting));
  for (const [number, photo] of photos.entries()) body.append("photo", photo, `photo-${number + 1}.jpg`);
  return body;
}

function formBody(opened: Opened, files: Blob[], fromPage: boolean): FormData {
  const body = new FormData();
  for (const [name, value] of opened.waiting.form?.fields ?? []) body.append(name, value);
  for (const [number, file] of files.entries()) {
    const { field, name } = opened.waiting.form!.files[number]!;
    body.append(field, file, name);
  }
  if (!fromPage) body.append("written_at", new Date(opened.row.writtenAt).toISOString());
  return body;
}

async function post(url: string, body: FormData, csrf: string, patience = PATIENCE): Promise<Response> {
  const send = (token: string): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: { ...JSON_HEADERS, "X-CSRFToken": token },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
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
  // A server that was away for a moment does not say when it is back.
  setInterval(() => contact === "offline" && navigator.onLine && void sync(), 10_000);
}
