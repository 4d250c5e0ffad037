// One person without reception: head, emergency facts, the last entries, and a place to write.
import { shrink } from "./visit-photo";
import { h, icon, moment } from "./visit-dom";
import {
  draft,
  dropDraft,
  enqueue,
  keepDraft,
  type Lease,
  type Measurement,
  type Opened,
  type Snapshot,
} from "./visit-store";
import { sync } from "./visit-sync";

interface Measure {
  code: string;
  label: string;
  unit: string;
  step: string;
  low: string;
  high: string;
}

interface Draft {
  kind: string;
  text: string;
  addressees: string[];
  measurements: Measurement[];
}

const KINDS: [code: string, word: string][] = [
  ["record", "記録"],
  ["notice", "連絡"],
  ["question", "相談"],
];
const MOST_PHOTOS = 4;

function measures(): Measure[] {
  return JSON.parse(document.getElementById("visit-measures")?.textContent ?? "[]") as Measure[];
}

export async function drawPerson(held: Lease, person: Snapshot, waiting: Opened[]): Promise<HTMLElement> {
  const page = h("div", { class: "visit__person" });
  const back = h("p", { class: "sub" }, h("a", { href: "#" }, "訪問"), " ›");
  const heading = h("h1", { tabindex: "-1" }, person.name, h("small", {}, person.kana));
  const facts = h("p", { class: "facts" }, ...person.facts.map((fact) => h("span", {}, fact)));
  page.append(back, heading, facts, emergency(person));
  if (person.may_write) page.append(await composer(held, person));
  else page.append(h("p", { class: "note" }, "この人の記録は読むだけです。"));
  if (waiting.length > 0) page.append(ownEntries(waiting));
  page.append(entries(person), sheets(person), contacts(person));
  page.append(h("p", { class: "sub" }, `${person.taken}に端末に入れた内容です。`));
  return page;
}

function emergency(person: Snapshot): HTMLElement {
  const list = h("dl", { class: "visit__facts" });
  for (const { label, text, urgent } of person.emergency) {
    list.append(h("div", urgent ? { class: "is-urgent" } : {}, h("dt", {}, label), h("dd", {}, text)));
  }
  return h("section", { class: "sec", "aria-label": "救急の情報" }, h("h2", {}, "救急の情報"), list);
}

function contacts(person: Snapshot): HTMLElement {
  const list = h("ul", { class: "lines visit__phones" });
  for (const { label, number } of person.phones) {
    const digits = number.replace(/[^0-9]/g, "");
    list.append(h("li", {}, h("span", {}, label), h("a", { href: `tel:${digits}` }, number)));
  }
  return h("section", { class: "sec" }, h("h2", {}, "連絡先"), h("p", {}, person.address), list);
}

function entries(person: Snapshot): HTMLElement {
  const list = h("ol", { class: "ents" });
  for (const entry of person.entries) {
    const article = h(
      "article",
      { class: `entry${entry.kind === "urgent" ? " entry--urgent" : ""}` },
      h("p", { class: "entry__t" }, h("b", {}, entry.at)),
      h(
        "div",
        {},
        h("p", { class: "entry__k" }, h("span", { class: "kd" }, entry.word)),
        h("p", { class: "entry__by" }, entry.author),
        h("p", { class: "visit__text" }, entry.text),
      ),
    );
    list.append(h("li", {}, article));
  }
  const section = h("section", { class: "sec" }, h("h2", {}, "経過"), list);
  if (person.entries.length === 0) section.append(h("p", {}, "まだ書き込みがありません。"));
  return section;
}

function sheets(person: Snapshot): HTMLElement {
  const list = h("ul", { class: "lines" });
  for (const sheet of person.sheets) {
    const item = h("li", {}, h("b", {}, sheet.title), `　${sheet.version}`);
    for (const { label, before, after } of sheet.changes) {
      const was = before ? h("del", { class: "was" }, before) : null;
      item.append(h("br"), `${label}：`, was ?? "", was ? " → " : "", h("ins", { class: "now" }, after));
    }
    if (sheet.changes.length === 0) item.append(h("br"), "変更なし");
    list.append(item);
  }
  if (person.sheets.length === 0) return h("div");
  return h("section", { class: "sec" }, h("h2", {}, "様式の変わった所"), list);
}

function ownEntries(waiting: Opened[]): HTMLElement {
  const list = h("ul", { class: "lines visit__unsent" });
  for (const { row, waiting: entry } of waiting) {
    const word = row.state === "refused" ? "送れませんでした" : "未送信";
    list.append(
      h(
        "li",
        {},
        h("p", {}, h("span", { class: "st st--soon" }, icon("offline"), word), `　${moment(row.writtenAt)}`),
        h("p", { class: "visit__text" }, entry.text),
      ),
    );
  }
  return h("section", { class: "sec" }, h("h2", {}, "この端末だけにある書き込み"), list);
}

async function composer(held: Lease, person: Snapshot): Promise<HTMLElement> {
  const kept = await draft<Draft>(held, person.uid);
  const form = h("form", { class: "composer visit__composer" }) as HTMLFormElement;
  const kinds = h("div", { class: "kinds", role: "radiogroup", "aria-label": "種類" });
  for (const [code, word] of KINDS) {
    const choice = h("input", { type: "radio", name: "kind", value: code }) as HTMLInputElement;
    choice.checked = code === (kept?.kind ?? "record");
    kinds.append(h("label", {}, choice, word));
  }
  const text = h("textarea", { id: "visit-text", name: "text", rows: "3" }) as HTMLTextAreaElement;
  text.value = kept?.text ?? "";
  const problem = h("p", { class: "f__error", role: "alert" });
  problem.hidden = true;
  const photos = h("input", { type: "file", name: "photos", id: "visit-photos", accept: "image/jpeg,image/png", multiple: "" });
  form.append(
    h("p", { class: "composer__to" }, "職員の部屋に書く", h("span", {}, "家族には見えません。電波が戻ると送ります。")),
    kinds,
    h("label", { class: "vh", for: "visit-text" }, "本文"),
    text,
    addressees(person, kept),
    measurements(kept),
    h("div", { class: "f" }, h("label", { for: "visit-photos" }, "写真"), photos),
    h("p", { class: "sub" }, "急ぐときは、電話してください。電波がない間は届きません。"),
    problem,
    h("p", { class: "composer__row" }, h("button", { class: "btn btn--2" }, "この端末に保存して送る")),
  );
  const tell = (sentence: string): void => {
    problem.textContent = sentence ? `＊${sentence}` : "";
    problem.hidden = sentence === "";
  };
  let pause = 0;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = window.setTimeout(() => void keepDraft(held, person.uid, read(form)), 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    void write(held, person, form, tell);
  });
  return form;
}

function addressees(person: Snapshot, kept: Draft | null): HTMLElement {
  const set = h("fieldset", { class: "f visit__to" }, h("legend", {}, "相談する相手"));
  for (const profession of person.professions) {
    const box = h("input", { type: "checkbox", name: "addressee", value: profession }) as HTMLInputElement;
    box.checked = kept?.addressees.includes(profession) ?? false;
    set.append(h("label", { class: "ck" }, box, profession));
  }
  return set;
}

function measurements(kept: Draft | null): HTMLElement {
  const box = h("details", { class: "visit__measures" }, h("summary", {}, "測定を入れる"));
  const grid = h("div", { class: "visit__grid" });
  for (const measure of measures()) {
    const id = `visit-m-${measure.code}`;
    const input = h("input", { id, name: `m-${measure.code}`, inputmode: measure.step ? "decimal" : "text", autocomplete: "off" }) as HTMLInputElement;
    input.value = kept?.measurements.find((each) => each.code === measure.code)?.value ?? "";
    const unit = measure.unit ? `（${measure.unit}）` : "";
    grid.append(h("div", { class: "f" }, h("label", { for: id }, `${measure.label}${unit}`), input));
  }
  box.append(grid);
  if (kept?.measurements.length) box.setAttribute("open", "");
  return box;
}

function read(form: HTMLFormElement): Draft {
  const data = new FormData(form);
  return {
    kind: String(data.get("kind") ?? "record"),
    text: String(data.get("text") ?? "").trim(),
    addressees: data.getAll("addressee").map(String),
    measurements: measures()
      .map(({ code }) => ({ code, value: String(data.get(`m-${code}`) ?? "").normalize("NFKC").trim() }))
      .filter(({ value }) => value !== ""),
  };
}

/** What is surely a slip of the finger is asked back before it goes into the queue. */
function slip(written: Draft): string {
  for (const { code, value } of written.measurements) {
    const measure = measures().find((each) => each.code === code);
    if (measure === undefined || !measure.step) continue;
    const number = Number(value);
    if (!Number.isFinite(number)) return `${measure.label}を数字で入力してください。`;
    if (number < Number(measure.low) || number > Number(measure.high)) {
      return `${measure.label}は${measure.low}から${measure.high}${measure.unit}までです。打ち間違いがないか確かめてください。`;
    }
  }
  return "";
}

async function write(held: Lease, person: Snapshot, form: HTMLFormElement, tell: (sentence: string) => void): Promise<void> {
  const written = read(form);
  const files = [...(form.elements.namedItem("photos") as HTMLInputElement).files ?? []];
  let sentence = slip(written);
  if (!written.text && written.measurements.length === 0 && files.length === 0) sentence = "本文を入力してください。";
  if (written.kind === "question" && written.addressees.length === 0) sentence = "相談する相手を選んでください。";
  if (files.length > MOST_PHOTOS) sentence = `写真は1回に${MOST_PHOTOS}枚までです。分けて書いてください。`;
  tell(sentence);
  if (sentence) return;
  let photos: Blob[];
  try {
    photos = await Promise.all(files.map(shrink));
  } catch {
    tell("写真を読めませんでした。JPEGかPNGの写真を選んでください。");
    return;
  }
  try {
    await enqueue(held, { person: person.uid, name: person.name, room: person.room, ...written }, photos);
  } catch {
    tell("この端末に保存できませんでした。空き容量を確かめてください。本文はこの画面に残っています。");
    return;
  }
  await dropDraft(held, person.uid);
  location.hash = "";
  void sync();
}

