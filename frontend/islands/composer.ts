// <renkei-composer>: a room's composer that loses no word. What is sent goes into this device's outbox
// first, sealed, and out of it when the server has it; the entry's own id keeps it single however
// often it is sent. Without script, or where there is no key, the same form is sent as a page.
import "./visit-outbox";

import { h } from "./visit-dom";
import {
  draft,
  dropDraft,
  enqueue,
  keepDraft,
  outbox,
  type Lease,
  type Waiting,
  type WaitingForm,
} from "./visit-store";
import { sendNow, sessionLease } from "./visit-sync";
import { unsentList } from "./visit-unsent";

type Field = [name: string, value: string];

// Fields that belong to one sending, not to what somebody is writing.
const OWN = new Set(["csrfmiddlewaretoken", "client_uid"]);
const AGAIN = 10_000;
const SAID = "renkei-said";
const SAVED = "この端末に保存しました。つながると送ります。急ぐときは、電話してください。";
const HELD = "まだ送っていません。つながるまで、この画面を閉じないでください。急ぐときは、電話してください。";

class RenkeiComposer extends HTMLElement {
  private held: Lease | null = null;
  private opening: Promise<Lease | null> | null = null;
  private busy = false;
  /** Nothing can be sealed and nobody answers: the page alone holds the words. */
  private holding = false;
  private pause = 0;
  private readonly action = location.pathname;

  connectedCallback(): void {
    // Over plain http there is neither a key nor a lock; the form works as it stands.
    if (!isSecureContext || navigator.locks === undefined) return;
    this.addEventListener("submit", this.onSubmit);
    this.addEventListener("input", this.onInput);
    addEventListener("renkei-visit-changed", this.onChanged);
    addEventListener("online", this.onAgain);
    addEventListener("beforeunload", this.onLeave);
    setInterval(this.onAgain, AGAIN);
    void this.start();
  }

  disconnectedCallback(): void {
    removeEventListener("renkei-visit-changed", this.onChanged);
    removeEventListener("online", this.onAgain);
    removeEventListener("beforeunload", this.onLeave);
  }

  private async start(): Promise<void> {
    this.tell(sessionStorage.getItem(SAID) ?? "");
    sessionStorage.removeItem(SAID);
    const held = await this.key();
    if (held !== null) await this.restore(held);
    await this.drawUnsent();
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector("form");
  }

  private csrf(): string {
    return this.form?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  // The key ---------------------------------------------------------------------------------

  /** This session's key, asked of the server once per page: another person's may lie here. */
  private async key(): Promise<Lease | null> {
    if (this.held !== null && Date.now() < this.held.expiresAt) return this.held;
    this.opening ??= sessionLease().finally(() => {
      this.opening = null;
    });
    this.held = await this.opening.catch(() => null);
    this.dataset.keeps = this.held === null ? "page" : "sealed";
    return this.held;
  }

  // Sending ---------------------------------------------------------------------------------

  private readonly onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.send();
  };

  private async send(): Promise<void> {
    const { form } = this;
    if (this.busy || form === null) return;
    this.busy = true;
    this.tell("送っています。");
    form.querySelector(".btn")?.setAttribute("aria-disabled", "true");
    try {
      clearTimeout(this.pause);
      const held = await this.key();
      if (held === null || !(await this.sendSealed(form, held))) await this.sendBare(form);
    } finally {
      this.busy = false;
      this.form?.querySelector(".btn")?.removeAttribute("aria-disabled");
    }
  }

  /** False: this device could not keep it. */
  private async sendSealed(form: HTMLFormElement, held: Lease): Promise<boolean> {
    const clientUid = valueOf(form, "client_uid");
    const [waiting, files] = this.read(form);
    try {
      await enqueue(held, waiting, files, clientUid, false);
    } catch {
      return false;
    }
    this.holding = false;
    await dropDraft(held, this.action);
    const outcome = await sendNow(held, clientUid, this.csrf()).catch(() => null);
    if (outcome?.result === "sent") this.arrived(form, outcome.said);
    else if (outcome?.result === "refused") {
      if (outcome.composer) await this.show(outcome.composer, held);
      else this.empty(form, "");
    } else this.empty(form, SAVED);
    await this.drawUnsent();
    return true;
  }

  private async sendBare(form: HTMLFormElement): Promise<void> {
    const body = new FormData(form);
    const headers = { Accept: "application/json", "X-CSRFToken": this.csrf() };
    try {
      const response = await fetch(this.action, { method: "POST", headers, body, redirect: "manual" });
      if (response.ok) {
        this.holding = false;
        this.arrived(form, ((await response.json()) as { said: string }).said);
        return;
      }
      if (response.status === 422) {
        this.holding = false;
        await this.show(((await response.json()) as { composer: string }).composer, null);
        return;
      }
    } catch {
      // Nobody answers.
    }
    this.holding = true;
    this.tell(HELD);
  }

  private readonly onAgain = (): void => {
    if (this.holding) void this.send();
  };

  private readonly onLeave = (event: BeforeUnloadEvent): void => {
    if (this.holding) event.preventDefault();
  };

  /** The open room fetches it; a page that stands still, or shows measurements beside it, comes anew. */
  private arrived(form: HTMLFormElement, said: string): void {
    const room = document.querySelector("renkei-room:not([data-still])");
    const measured = fieldsOf(form).some(([name, value]) => name.startsWith("m-") && value !== "");
    this.empty(form, said);
    if (room === null || measured) {
      // The page that comes says it: nobody wonders whether it arrived.
      sessionStorage.setItem(SAID, said);
      location.assign(this.action);
    } else room.dispatchEvent(new Event("renkei-room-changed"));
  }

  private empty(form: HTMLFormElement, words: string): void {
    form.reset();
    form.querySelector<HTMLInputElement>("[name=client_uid]")!.value = crypto.randomUUID();
    this.tell(words);
  }

  /** The composer with each sentence at its field; chosen files stay chosen. */
  private async show(html: string, held: Lease | null): Promise<void> {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.querySelector("form");
    const { form } = this;
    if (fresh === null || form === null) return location.reload();
    for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      fresh.querySelector(`input[type=file][name="${CSS.escape(input.name)}"]`)?.replaceWith(input);
    }
    form.replaceWith(document.importNode(fresh, true));
    this.tell("");
    this.querySelector<HTMLElement>(".error-summary")?.focus();
    if (held !== null && this.form) await keepDraft(held, this.action, fieldsOf(this.form));
  }

  private tell(words: string): void {
    const place = this.querySelector("[data-state]");
    if (place !== null) place.textContent = words;
  }

  // What is written -------------------------------------------------------------------------

  private read(form: HTMLFormElement): [Waiting, File[]] {
    const files: File[] = [];
    const kept: WaitingForm = { action: this.action, fields: [], files: [] };
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") {
        if (name !== "csrfmiddlewaretoken") kept.fields.push([name, value]);
      } else if (value.size > 0) {
        files.push(value);
        kept.files.push({ field: name, name: value.name });
      }
    }
    const { person = "", name = "", place = "" } = this.dataset;
    const entry = { person, name, place, room: "", addressees: [], measurements: [] };
    return [{ ...entry, kind: valueOf(form, "kind"), text: valueOf(form, "text"), form: kept }, files];
  }

  private readonly onInput = (): void => {
    clearTimeout(this.pause);
    this.pause = window.setTimeout(() => void this.keep(), 400);
  };

  private async keep(): Promise<void> {
    const { form, held } = this;
    if (form === null || held === null || this.busy) return;
    if (valueOf(form, "text").trim() === "") await dropDraft(held, this.action);
    else await keepDraft(held, this.action, fieldsOf(form));
  }

  private async restore(held: Lease): Promise<void> {
    const kept = await draft<Field[]>(held, this.action);
    const { form } = this;
    if (kept === null || form === null || valueOf(form, "text") !== "") return;
    const chosen = (name: string, value: string): boolean => kept.some((each) => each[0] === name && each[1] === value);
    for (const control of form.elements) {
      if (control instanceof HTMLInputElement && ["radio", "checkbox"].includes(control.type)) {
        control.checked = chosen(control.name, control.value);
      } else if (control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement || control instanceof HTMLInputElement) {
        const found = kept.find(([name]) => name === control.name);
        if (found !== undefined && !OWN.has(control.name)) control.value = found[1];
      }
    }
    this.tell("書きかけを戻しました。");
  }

  // What waits ------------------------------------------------------------------------------

  private readonly onChanged = (): void => void this.drawUnsent();

  private async drawUnsent(): Promise<void> {
    const place = this.querySelector("[data-unsent]");
    if (place === null || this.held === null) return;
    const mine = (await outbox(this.held)).filter((each) => each.waiting.form?.action === this.action);
    const fresh = this.busy ? valueOf(this.form, "client_uid") : "";
    const shown = mine.filter((each) => each.row.clientUid !== fresh);
    const head = h("h2", { id: "unsent" }, "まだ届いていない書き込み");
    place.replaceChildren(...(shown.length > 0 ? [h("section", { class: "sec" }, head, ...unsentList(shown, this.onChanged, true))] : []));
  }
}

function valueOf(form: HTMLFormElement | null, name: string): string {
  return form === null ? "" : String(new FormData(form).get(name) ?? "");
}

function fieldsOf(form: HTMLFormElement): Field[] {
  const fields: Field[] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !OWN.has(name)) fields.push([name, value]);
  }
  return fields;
}

customElements.define("renkei-composer", RenkeiComposer);
