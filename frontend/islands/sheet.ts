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
const SAVE_AFTER = 2500;
const TRY_AGAIN_AFTER = 10_000;

class RenkeiSheet extends HTMLElement {
  #form!: HTMLFormElement;
  #timer = 0;
  #changes = 0;
  #kept = 0;
  #saving = false;
  #observer: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#form = this.querySelector("form")!;
    this.#form.addEventListener("input", (event) => this.#changed(event));
    this.#form.addEventListener("submit", () => (this.#kept = this.#changes));
    this.#form.addEventListener("click", (event) => this.#reset(event));
    if (this.dataset.autosave) {
      addEventListener("beforeunload", this.#leaving);
      document.addEventListener("visibilitychange", this.#hiding);
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
  }

  #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#changes !== this.#kept) event.preventDefault();
  };

  #hiding = (): void => {
    if (document.visibilityState === "hidden" && this.#changes !== this.#kept) void this.#save();
  };

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

  async #save(): Promise<void> {
    if (this.#saving || this.#changes === this.#kept) return;
    this.#saving = true;
    const upTo = this.#changes;
    try {
      let answer = await this.#post();
      if (answer.status === 403 && (await this.#renewToken())) answer = await this.#post();
      if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
        this.#took((await answer.json()) as Saved, upTo);
      } else {
        this.#lost(answer.status === 401 || answer.status === 403);
      }
    } catch {
      this.#lost(false);
    } finally {
      this.#saving = false;
      if (this.#changes !== this.#kept) {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => void this.#save(), this.#state === "lost" ? TRY_AGAIN_AFTER : SAVE_AFTER);
      }
    }
  }

  #post(): Promise<Response> {
    const body = new FormData(this.#form);
    for (const name of [...body.keys()]) if (name.startsWith("conflict:")) body.delete(name);
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
    own.value = fresh.value;
    return true;
  }

  get #state(): string {
    return this.querySelector<HTMLElement>("[data-saved]")?.dataset.state ?? "";
  }

  #took(saved: Saved, upTo: number): void {
    this.#kept = upTo;
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

  #lost(signedOut: boolean): void {
    this.#say(
      signedOut
        ? "まだ保存できていません。サインインの時間が切れました。別のタブでサインインすると、この画面から続けて保存します。"
        : "まだ保存できていません。つながったら、この画面から保存します。",
      "lost",
    );
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
