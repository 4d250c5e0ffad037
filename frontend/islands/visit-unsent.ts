// What this device has not sent yet, as a list: on the page of the visit and on the room's own page.
import { button, h, icon, moment } from "./visit-dom";
import { sent, type Opened } from "./visit-store";
import { sync } from "./visit-sync";

const KINDS: Record<string, string> = { notice: "連絡", question: "相談", order: "指示", record: "記録", urgent: "緊急" };

/** The entries with what to do about each, and a button to send now what can be sent. */
export function unsentList(waiting: Opened[], redraw: () => void, ownPage = false): HTMLElement[] {
  const items = waiting.map((each) => item(each, ownPage));
  const parts: HTMLElement[] = [h("ul", { class: "lines visit__unsent" }, ...items)];
  if (waiting.some(({ row }) => row.state === "waiting")) {
    parts.push(h("p", { class: "btns" }, button("今 送る", () => void sync().then(redraw), "btn--2")));
  }
  return parts;
}

function item({ row, waiting: entry }: Opened, ownPage: boolean): HTMLElement {
  const refused = row.state === "refused";
  const word = h("span", { class: `st st--${refused ? "over" : "soon"}` }, icon(refused ? "warning" : "offline"));
  word.append(refused ? "送れませんでした" : "未送信");
  const photos = row.photos.length > 0 ? `${entry.form ? "ファイル" : "写真"}${row.photos.length}${entry.form ? "つ" : "枚"}` : "";
  const whose = ownPage ? [] : [`${entry.name}さん`, entry.place];
  const about = [KINDS[entry.kind], ...whose, moment(row.writtenAt), photos].filter(Boolean).join("　");
  const line = h("li", {}, h("p", {}, word, ` ${about}`), h("p", { class: "visit__text" }, entry.text));
  if (!refused) return line;
  line.append(
    h("p", { class: "note note--over" }, h("b", {}, entry.reason ?? ""), ` ${entry.remedy ?? ""}`),
    h(
      "p",
      { class: "btns" },
      button("本文を写す", () => void navigator.clipboard.writeText(entry.text), "btn--2 btn--s"),
      button("この端末から消す", () => void sent(row.clientUid), "btn--2 btn--s"),
    ),
  );
  return line;
}
