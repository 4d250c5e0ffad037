// <renkei-room>: a room that stays up to date while it is open. Without script the page is the same,
// only still. The stream says that something is new; what it is, the page asks of the server, which
// decides anew each time who may see it.

// Reading comes first on a slow line; until then the form is sent as a page.
if (document.querySelector("renkei-composer")) void import("./composer");

interface RoomConfig {
  stream: string;
  token: string;
  entries: string;
  seen: string;
  poll: number;
}

interface LiveMessage {
  topic: string;
  entry?: string;
  number?: number;
  changed?: string;
}

const RETRY_FIRST = 1_000;
const RETRY_LAST = 60_000;
// As many as the server sends at once (queries/entries.py).
const BATCH = 20;

class RenkeiRoom extends HTMLElement {
  private config!: RoomConfig;
  private list!: HTMLElement;
  private newest = 0;
  private source: EventSource | null = null;
  private polling: number | undefined;
  private retry = RETRY_FIRST;
  private asking: Promise<void> | null = null;
  private askAgain = false;

  connectedCallback(): void {
    const config = document.getElementById(this.dataset.config ?? "");
    const list = this.querySelector<HTMLElement>("[data-entries]");
    if (config === null || list === null || "still" in this.dataset) return;
    this.config = JSON.parse(config.textContent ?? "{}") as RoomConfig;
    this.list = list;
    this.newest = Number(this.dataset.newest ?? 0);
    document.addEventListener("visibilitychange", this.onVisible);
    window.addEventListener("online", this.onVisible);
    this.addEventListener("renkei-room-changed", () => this.ask());
    void this.open();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.onVisible);
    window.removeEventListener("online", this.onVisible);
    this.source?.close();
    window.clearInterval(this.polling);
  }

  // The stream -----------------------------------------------------------------------------

  private async open(): Promise<void> {
    this.source?.close();
    this.source = null;
    const token = await this.token();
    if (token === null) return this.later();
    const source = new EventSource(`${this.config.stream}?token=${encodeURIComponent(token)}`);
    this.source = source;
    source.onopen = () => {
      this.retry = RETRY_FIRST;
      this.dataset.live = "stream";
      this.stopPolling();
      // What came between the page and the stream, or between two streams.
      this.ask();
    };
    source.onmessage = (event: MessageEvent<string>) => this.heard(JSON.parse(event.data) as LiveMessage);
    source.onerror = () => {
      this.poll();
      if (source.readyState === EventSource.CLOSED) this.later();
    };
  }

  private heard(message: LiveMessage): void {
    if (message.topic.startsWith("revoke:")) {
      // Perhaps this page is not ours any more: the token says so, or we go on as before.
      void this.open();
    } else if (message.changed !== undefined) {
      void this.refresh(message.changed);
    } else if ((message.number ?? Infinity) > this.newest) {
      this.ask();
    }
  }

  private async token(): Promise<string | null> {
    try {
      const response = await fetch(this.config.token, { headers: { Accept: "application/json" } });
      if (response.status === 404 || response.status === 401 || response.status === 403) {
        location.reload();
        return null;
      }
      return response.ok ? ((await response.json()) as { token: string }).token : null;
    } catch {
      return null;
    }
  }

  private later(): void {
    this.poll();
    window.setTimeout(() => void this.open(), this.retry);
    this.retry = Math.min(this.retry * 2, RETRY_LAST);
  }

  private poll(): void {
    this.dataset.live = "poll";
    this.polling ??= window.setInterval(() => this.ask(), this.config.poll * 1_000);
  }

  private stopPolling(): void {
    window.clearInterval(this.polling);
    this.polling = undefined;
  }

  // New entries ----------------------------------------------------------------------------

  /** Ask for what is new; one question at a time, and once more where something came meanwhile. */
  private ask(): void {
    if (this.asking !== null) {
      this.askAgain = true;
      return;
    }
    this.asking = this.fetchNew()
      .catch(() => undefined)
      .finally(() => {
        this.asking = null;
        if (this.askAgain) {
          this.askAgain = false;
          this.ask();
        }
      });
  }

  private async fetchNew(): Promise<void> {
    let added = 0;
    for (;;) {
      const fragment = await this.fragment(`after=${this.newest}`);
      if (fragment === null) break;
      const items = [...fragment.querySelectorAll<HTMLElement>("li[data-number]")];
      added += this.insert(fragment, items);
      if (items.length < BATCH) break;
    }
    if (added > 0) this.announce(`新しい書き込みが${added}件あります。`);
  }

  private async fragment(query: string): Promise<DocumentFragment | null> {
    const seen = document.visibilityState === "visible" ? "&seen=1" : "";
    const response = await fetch(`${this.config.entries}?${query}${seen}`);
    if (response.redirected || response.status === 404) {
      location.reload();
      return null;
    }
    if (!response.ok) return null;
    const template = document.createElement("template");
    template.innerHTML = await response.text();
    return template.content;
  }

  /** Oldest first to the top of their day; an entry that is there already is not doubled. */
  private insert(fragment: DocumentFragment, items: HTMLElement[]): number {
    const top = this.list.getBoundingClientRect().top;
    const height = this.list.offsetHeight;
    let added = 0;
    for (const item of items.reverse()) {
      const number = Number(item.dataset.number);
      this.newest = Math.max(this.newest, number);
      if (this.list.querySelector(`li[data-number="${number}"]`) !== null) continue;
      const day = item.closest<HTMLElement>("ol[data-day]")?.dataset.day ?? "";
      this.dayList(day, fragment).prepend(document.importNode(item, true));
      added += 1;
    }
    if (added > 0) this.querySelector("[data-empty]")?.remove();
    // Whoever reads further down stays where they are.
    if (top < 0) window.scrollBy(0, this.list.offsetHeight - height);
    return added;
  }

  private dayList(day: string, fragment: DocumentFragment): HTMLElement {
    const present = this.list.querySelector<HTMLElement>(`ol[data-day="${day}"]`);
    if (present !== null) return present;
    const mark = fragment.querySelector(`[data-daymark="${day}"]`);
    const list = document.createElement("ol");
    list.className = "ents";
    list.dataset.day = day;
    this.list.prepend(list);
    if (mark !== null) this.list.prepend(document.importNode(mark, true));
    return list;
  }

  /** An entry that looks different now: confirmed, answered, hidden. Not under somebody's hands. */
  private async refresh(uid: string): Promise<void> {
    const shown = this.list.querySelector<HTMLElement>(`li[data-entry="${CSS.escape(uid)}"]`);
    if (shown === null || shown.contains(document.activeElement) || shown.querySelector("details[open]")) return;
    const fragment = await this.fragment(`entry=${encodeURIComponent(uid)}`).catch(() => null);
    const item = fragment?.querySelector("li[data-number]");
    if (item) shown.replaceWith(document.importNode(item, true));
  }

  private announce(text: string): void {
    const news = this.querySelector<HTMLElement>("[data-news]");
    if (news !== null) news.textContent = text;
  }

  // Seen -----------------------------------------------------------------------------------

  private readonly onVisible = (): void => {
    if (document.visibilityState !== "visible") return;
    this.ask();
    void this.tellSeen();
  };

  private async tellSeen(): Promise<void> {
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
    const body = new URLSearchParams({ up_to: String(this.newest) });
    await fetch(this.config.seen, { method: "POST", headers, body }).catch(() => undefined);
  }
}

customElements.define("renkei-room", RenkeiRoom);
