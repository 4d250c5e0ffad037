// Filling in a form: conditions at once, saving while typing, the side index. Without it the same
// page works by its buttons; the server decides everything again.
interface Condition {
  q: string;
  op: string;
  v: string | number | boolean | null;
}
interface When {
  all: boolean;
  on: Condition[];
}
interface Saved {
  saved: string;
  base: string;
  hidden: string[];
  conflicts: number;
}
type Store = typeof import("./visit-store");
type Lease = import("./visit-store").Lease;
type Field = [name: string, value: string];
const SAVE_AFTER = 2500;
const TRY_AGAIN_AFTER = 10_000;

class RenkeiSheet extends HTMLElement {
  #form!: HTMLFormElement;
  #timer = 0;
  #changes = 0;
  #kept = 0;
  #saving: Promise<void> | null = null;
  /** How many changes lie on this device, sealed; they outlive the page. */
  #sealed = 0;
  /** The writer's own key; what lies on the device may be another person's. */
  #held: Promise<[Store, Lease] | null> = Promise.resolve(null);
  #observer: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#form = this.querySelector("form")!;
    this.#form.addEventListener("input", (event) => this.#changed(event));
    this.#form.addEventListener("submit", (event) => void this.#submitted(event));
    this.#form.addEventListener("click", (event) => this.#reset(event));
    if (this.dataset.autosave) {
      addEventListener("beforeunload", this.#leaving);
      document.addEventListener("visibilitychange", this.#hiding);
      addEventListener("online", this.#back);
      this.#held = ownKey(this.dataset.writer!).catch(() => null);
      void this.#handIn();
    }
    this.querySelector<HTMLElement>("[data-new] :is(input:not([type=hidden]), select, textarea)")?.focus();
    this.#addResets();
    this.#evaluate();
    this.#watchSections();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#observer?.disconnect();
    removeEventListener("beforeunload", this.#leaving);
    document.removeEventListener("visibilitychange", this.#hiding);
    removeEventListener("online", this.#back);
  }

  #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#changes !== this.#kept && this.#changes !== this.#sealed) event.preventDefault();
  };

  #back = (): void => void this.#save();

  #hiding = (): void => {
    if (document.visibilityState === "hidden" && this.#changes !== this.#kept) void this.#save();
  };

  // What lies on the device goes first, so that it is not handed in a second time later.
  async #submitted(event: SubmitEvent): Promise<void> {
    if (!this.#sealed) {
      this.#kept = this.#changes;
      return;
    }
    event.preventDefault();
    await this.#save();
    if (!this.#sealed) this.#form.requestSubmit(event.submitter);
  }

  // What somebody did --------------------------------------------------------------------

  #changed(event: Event): void {
    const target = event.target;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement)) return;
    if (target.name.startsWith("conflict:")) return;
    this.#keepApart(target);
    this.#evaluate();
    this.#addResets();
    this.#changes += 1;
    if (!this.dataset.autosave) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(), SAVE_AFTER);
  }

  // 「なし」 and the like stand alone; a value and the reason for having none exclude each other.
  #keepApart(target: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): void {
    const field = target.closest<HTMLElement>(".sheet__field");
    if (!field) return;
    const boxes = [...field.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
    if (target instanceof HTMLInputElement && target.type === "checkbox") {
      if (!target.checked) return;
      if ("absence" in target.dataset) {
        for (const other of boxes) if (other !== target) other.checked = false;
        for (const typed of field.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=checkbox]), textarea")) typed.value = "";
        return;
      }
      const alone = "alone" in target.dataset;
      for (const other of boxes) if (other !== target && (alone || "alone" in other.dataset)) other.checked = false;
      return;
    }
    if (target.value) for (const box of boxes) if ("absence" in box.dataset) box.checked = false;
  }

  // A radio cannot be taken back by itself.
  #addResets(): void {
    for (const options of this.querySelectorAll<HTMLElement>(".sheet__options")) {
      if (!options.querySelector("input[type=radio]")) continue;
      const button = options.querySelector("button");
      const chosen = options.querySelector<HTMLInputElement>("input:checked");
      if (!chosen) button?.remove();
      else if (!button) {
        const reset = document.createElement("button");
        reset.type = "button";
        reset.className = "btn btn--link";
        reset.dataset.reset = "";
        const legend = options.closest("fieldset")?.querySelector("legend")?.firstChild?.textContent ?? "";
        reset.append("取り消す");
        const whose = document.createElement("span");
        whose.className = "vh";
        whose.textContent = `（${legend.trim()}）`;
        reset.append(whose);
        options.append(reset);
      }
    }
  }

  #reset(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-reset]") : null;
    const options = button?.closest<HTMLElement>(".sheet__options");
    if (!options) return;
    const radios = [...options.querySelectorAll<HTMLInputElement>("input[type=radio]")];
    for (const radio of radios) radio.checked = false;
    radios[0]?.focus();
    radios[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Conditions ---------------------------------------------------------------------------

  #evaluate(): void {
    const parts = [...this.querySelectorAll<HTMLElement>("[data-when]")];
    // An answer that is hidden counts for nothing, so one change may travel along a chain.
    for (let round = 0; round < parts.length + 1; round += 1) {
      let moved = false;
      for (const part of parts) {
        const when = JSON.parse(part.dataset.when!) as When;
        const met = when.on.map((condition) => this.#met(condition));
        // null: only the server can tell (days); the part stays as it is until the next saving.
        if (met.includes(null)) continue;
        const hide = !(when.all ? met.every(Boolean) : met.some(Boolean));
        if (part.hidden !== hide) {
          part.hidden = hide;
          moved = true;
          this.#mirror(part);
        }
      }
      if (!moved) return;
    }
  }

  #mirror(part: HTMLElement): void {
    const entry = part.id ? this.querySelector<HTMLElement>(`[data-for="${CSS.escape(part.id)}"]`) : null;
    if (entry) entry.hidden = part.hidden;
  }

  #values(name: string): string[] {
    const named = [...this.#form.elements].filter(
      (control): control is HTMLInputElement => "name" in control && (control.name === name || control.name === `${name}~y` || control.name === `${name}~other`),
    );
    return named
      .filter((control) => !control.closest("[data-when][hidden]"))
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value.trim())
      .filter((value) => value !== "" && !value.startsWith("~"));
  }

  #met(condition: Condition): boolean | null {
    const values = this.#values(condition.q);
    if (condition.op === "exists") return values.length > 0 === condition.v;
    if (condition.v === null) return null;
    const same = (value: string): boolean =>
      typeof condition.v === "number" ? toNumber(value) === condition.v : value === String(condition.v);
    if (condition.op === "=") return values.some(same);
    if (condition.op === "!=") return values.length > 0 && !values.some(same);
    return values.some((value) => compare(toNumber(value), condition.op, Number(condition.v)));
  }

  // Saving -------------------------------------------------------------------------------

  /** One saving at a time: who asks during one waits for it. */
  #save(): Promise<void> {
    this.#saving ??= this.#saveNow().finally(() => (this.#saving = null));
    return this.#saving;
  }

  async #saveNow(): Promise<void> {
    if (this.#changes === this.#kept) return;
    const upTo = this.#changes;
    try {
      let answer = await this.#post();
      if (answer.status === 403 && (await this.#renewToken())) answer = await this.#post();
      if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
        this.#took((await answer.json()) as Saved, upTo);
      } else {
        await this.#lost(answer.status === 401 || answer.status === 403, upTo);
      }
    } catch {
      await this.#lost(false, upTo);
    } finally {
      if (this.#changes !== this.#kept) {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => void this.#save(), this.#state === "lost" ? TRY_AGAIN_AFTER : SAVE_AFTER);
      }
    }
  }

  #post(fields?: Field[]): Promise<Response> {
    const body = new FormData(fields ? undefined : this.#form);
    for (const [name, value] of fields ?? []) body.append(name, value);
    for (const name of [...body.keys()]) if (name.startsWith("conflict:")) body.delete(name);
    body.set("csrfmiddlewaretoken", this.#form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")!.value);
    body.set("act", "autosave");
    return fetch(this.dataset.autosave!, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
  }

  // After signing in again the page's token is an old one.
  async #renewToken(): Promise<boolean> {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector<HTMLInputElement>("renkei-sheet input[name=csrfmiddlewaretoken]");
    const own = this.#form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
    if (!fresh || !own) return false;
    // Somebody else signed in on this device: what stands here is not theirs to save.
    if (fresh.closest<HTMLElement>("renkei-sheet")?.dataset.writer !== this.dataset.writer) return false;
    own.value = fresh.value;
    return true;
  }

  get #state(): string {
    return this.querySelector<HTMLElement>("[data-saved]")?.dataset.state ?? "";
  }

  #took(saved: Saved, upTo: number): void {
    this.#kept = upTo;
    if (this.#sealed) void this.#held.then((key) => key?.[0].dropDraft(key[1], this.dataset.autosave!));
    this.#sealed = 0;
    this.#form.querySelector<HTMLInputElement>("input[name=base]")!.value = saved.base;
    for (const part of this.querySelectorAll<HTMLElement>("[data-when][data-path]")) {
      const when = JSON.parse(part.dataset.when!) as When;
      if (when.on.some((condition) => condition.v === null)) {
        part.hidden = saved.hidden.includes(part.dataset.path!);
        this.#mirror(part);
      }
    }
    this.#say(saved.conflicts ? `${saved.saved}。ほかの人の記入と食い違う所があります。「内容を確かめる」で選べます。` : saved.saved, "");
  }

  async #lost(signedOut: boolean, upTo: number): Promise<void> {
    const sealed = await this.#seal().catch(() => false);
    if (sealed) this.#sealed = upTo;
    const where = sealed ? "この端末に保存しました。" : "まだ保存できていません。";
    const then = sealed ? "つながると届きます。この画面を閉じたときは、この様式を開くと届きます。" : "つながったら、この画面から保存します。";
    this.#say(
      signedOut
        ? `${where}サインインの時間が切れました。別のタブでサインインすると、この画面から続けて保存します。`
        : where + then,
      "lost",
    );
  }

  // What the server does not have yet, under the key of this device's visits; false where there is none.
  async #seal(): Promise<boolean> {
    const key = await this.#held;
    if (key === null || Date.now() >= key[1].expiresAt) return false;
    const [found, held] = key;
    const fields: Field[] = [];
    for (const [name, value] of new FormData(this.#form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.push([name, value]);
    }
    await found.keepDraft(held, this.dataset.autosave!, fields);
    return true;
  }

  // Written without a network and left: the server joins it with what others wrote since, and shows
  // both versions where they differ.
  async #handIn(): Promise<void> {
    const key = await this.#held;
    if (key === null) return;
    const [found, held] = key;
    const kept = await found.draft<Field[]>(held, this.dataset.autosave!);
    if (kept === null) return;
    const answer = await this.#post(kept).catch(() => null);
    if (!answer?.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) {
      this.#say("この端末に、まだ届いていない書き込みがあります。つながったら、この様式を開き直してください。", "lost");
      return;
    }
    await found.dropDraft(held, this.dataset.autosave!);
    if (this.#changes === this.#kept) location.reload();
  }

  #say(text: string, state: string): void {
    const line = this.querySelector<HTMLElement>("[data-saved]");
    if (!line) return;
    line.textContent = text;
    line.dataset.state = state;
  }

  // Side index ---------------------------------------------------------------------------

  #watchSections(): void {
    const links = new Map([...this.querySelectorAll<HTMLAnchorElement>(".sheet__index a")].map((link) => [link.hash.slice(1), link]));
    const inView = new Set<string>();
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (entry.isIntersecting) inView.add(entry.target.id);
          else inView.delete(entry.target.id);
        }
        const current = [...links.keys()].find((id) => inView.has(id));
        if (!current) return;
        for (const [id, link] of links) {
          if (id === current) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      },
      { rootMargin: "-10% 0px -60% 0px" },
    );
    for (const section of this.querySelectorAll(".sheet__section")) this.#observer.observe(section);
  }
}

/** What this device keeps, with the writer's key; null where nobody ever let it keep anything. */
async function ownKey(writer: string): Promise<[Store, Lease] | null> {
  if (!isSecureContext || !localStorage.getItem("renkei-visit")) return null;
  const [found, { sessionLease }] = await Promise.all([import("./visit-store"), import("./visit-sync")]);
  const kept = await found.lease();
  const held = kept?.writer === writer ? kept : await sessionLease();
  return held && [found, held];
}

function toNumber(text: string): number {
  return text === "" ? Number.NaN : Number(text.normalize("NFKC").replaceAll(",", ""));
}

function compare(value: number, op: string, answer: number): boolean {
  if (op === ">") return value > answer;
  if (op === "<") return value < answer;
  if (op === ">=") return value >= answer;
  return value <= answer;
}

customElements.define("renkei-sheet", RenkeiSheet);

export {};
