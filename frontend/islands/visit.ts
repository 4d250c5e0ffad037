// <renkei-visit>: today's persons without reception. Everything it shows comes out of the sealed
// store; the page itself holds no word about anybody, so the service worker may keep it.
import "../styles/visit.css";
import "./visit-outbox";

import { button, h, until } from "./visit-dom";
import { drawPerson } from "./visit-person";
import { lease, lock, outbox, persons, type Lease, type Opened, type Snapshot } from "./visit-store";
import { lastContact, newLease, state, takePersons, type State } from "./visit-sync";
import { unsentList } from "./visit-unsent";

const ASK_FIRST = 1500;

class RenkeiVisit extends HTMLElement {
  private said: State | null = null;
  private message = "";
  private ending = 0;
  private busy = false;

  connectedCallback(): void {
    addEventListener("hashchange", () => void this.draw(true));
    addEventListener("renkei-visit-changed", () => void this.draw());
    document.addEventListener("visibilitychange", () => void this.draw());
    void this.start();
  }

  private async start(): Promise<void> {
    const asked = state("&persons=1");
    // On a good line the server says first whose key lies here: it may be the last user's.
    await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, navigator.onLine ? ASK_FIRST : 0))]);
    await this.draw();
    this.said = await asked;
    await this.draw();
    await keepShell();
  }

  private async draw(moved = false): Promise<void> {
    const held = await lease();
    clearTimeout(this.ending);
    if (held !== null) {
      const left = Math.min(held.expiresAt - Date.now() + 50, 0x7fffffff);
      this.ending = window.setTimeout(() => void this.draw(true), left);
    }
    const [page, uid] = location.hash.slice(1).split("/");
    const known = held === null ? [] : await persons(held);
    const person = page === "person" ? known.find((each) => each.uid === uid) : undefined;
    if (person !== undefined && held !== null) {
      // A page somebody writes on is not drawn anew under their hands.
      if (!moved && this.dataset.page === location.hash) return;
      this.dataset.page = location.hash;
      const waiting = (await outbox(held)).filter((each) => each.waiting.person === person.uid);
      this.replaceChildren(await drawPerson(held, person, waiting));
    } else {
      this.dataset.page = "";
      this.replaceChildren(...(await this.home(held, known)));
    }
    if (moved) this.querySelector<HTMLElement>("h1")?.focus();
  }

  private async home(held: Lease | null, known: Snapshot[]): Promise<HTMLElement[]> {
    const parts = [h("h1", { tabindex: "-1" }, "訪問"), h("p", { class: "sub" }, this.standing(held, known))];
    if (this.message) parts.push(h("p", { class: "note note--in", role: "status" }, this.message));
    if (known.length > 0) parts.push(this.onDevice(known));
    if (held !== null) {
      const waiting = await outbox(held);
      if (waiting.length > 0) parts.push(this.unsent(waiting));
    }
    if (this.said !== null) parts.push(this.choice(held, this.said));
    else if (lastContact() === "sign-in") {
      parts.push(h("p", {}, h("a", { class: "btn", href: "/accounts/login/?next=/visit/" }, "サインインする")));
    }
    return parts;
  }

  private standing(held: Lease | null, known: Snapshot[]): string {
    if (held !== null && known.length > 0) return `この端末に${known.length}人。${until(held.expiresAt)}まで電波なしで読み書きできます。`;
    if (lastContact() === "offline") return "電波がありません。この端末で開ける記録はありません。";
    return "訪問の前に、きょうの人を端末に入れてください。電波がなくても読み書きできます。";
  }

  private onDevice(known: Snapshot[]): HTMLElement {
    const list = h("ul", { class: "lines visit__persons" });
    for (const person of known) {
      list.append(
        h(
          "li",
          {},
          h("a", { href: `#person/${person.uid}` }, h("b", {}, `${person.name}さん`)),
          h("span", { class: "sub" }, person.facts.slice(0, 2).join("　")),
        ),
      );
    }
    const drop = button("この端末から消す", () => void this.drop(), "btn--link");
    return h("section", { class: "sec" }, h("div", { class: "sec__h" }, h("h2", {}, "端末に入っている人"), drop), list);
  }

  private async drop(): Promise<void> {
    await lock();
    this.message = "端末から消しました。未送信の書き込みは、つぎに鍵を受け取ると送られます。";
    await this.draw();
  }

  private unsent(waiting: Opened[]): HTMLElement {
    const head = h("div", { class: "sec__h" }, h("h2", { id: "outbox" }, "送っていない"), h("span", { class: "sub" }, "電波が戻ると送ります"));
    return h("section", { class: "sec" }, head, ...unsentList(waiting, () => void this.draw()));
  }

  private choice(held: Lease | null, said: State): HTMLElement {
    const form = h("form", { class: "visit__choice" });
    const list = h("ul", { class: "lines" });
    const chosen = said.persons.some((each) => each.planned);
    for (const person of said.persons) {
      const box = h("input", { type: "checkbox", name: "person", value: person.uid }) as HTMLInputElement;
      box.checked = person.planned || (!chosen && said.persons.length <= 5);
      const label = h("label", { class: "ck" }, box, h("span", {}, h("b", {}, `${person.name}さん`), ` ${person.at}　${person.facts}`));
      list.append(h("li", {}, label));
    }
    const take = h("button", { class: "btn" }, "") as HTMLButtonElement;
    const count = (): string[] => [...form.querySelectorAll<HTMLInputElement>("input:checked")].map((each) => each.value);
    const name = (): void => {
      const number = count().length;
      take.textContent = number > 0 ? `きょうの${number}人を端末に入れる` : "人を選んでください";
      take.disabled = number === 0 || this.busy;
    };
    form.addEventListener("change", name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.take(held, count(), said.csrf);
    });
    if (said.persons.length === 0) return h("section", { class: "sec" }, h("h2", {}, "受け持ちの人"), h("p", {}, "受け持ちの人がいません。チームに入ると、ここに並びます。"));
    form.append(list, h("p", { class: "btns" }, take));
    name();
    return h("section", { class: "sec" }, h("div", { class: "sec__h" }, h("h2", {}, "きょう訪問する人"), h("span", { class: "sub" }, said.today)), form);
  }

  private async take(held: Lease | null, uids: string[], csrf: string): Promise<void> {
    this.busy = true;
    try {
      const kept = held ?? (await newLease(csrf));
      if (kept === null) throw new Error("no lease");
      const count = await takePersons(kept, uids, csrf);
      this.message = `${count}人を端末に入れました。${until(kept.expiresAt)}まで電波なしで読み書きできます。`;
    } catch {
      this.message = "端末に入れられませんでした。電波のある所で、もう一度押してください。";
    }
    this.busy = false;
    await this.draw();
    await keepShell();
  }
}

/** The page and what it is made of, for the next time without reception. No word about anybody. */
async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/visit/worker.js", { scope: "/" });
  } catch {
    return; // without reception; the worker of the last time stays
  }
  const { active } = await navigator.serviceWorker.ready;
  const files = performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => new URL(name).pathname.includes("/static/"));
  active?.postMessage({ kind: "shell", files: [...new Set(files)] });
}

customElements.define("renkei-visit", RenkeiVisit);
