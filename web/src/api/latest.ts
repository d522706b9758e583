// One request at a time, and only the newest question is asked next.
//
// A slider asks faster than an answer can be painted. Aborting at every step
// would starve the page while the slider moves, so a running request may finish
// as long as it is young; whatever was asked meanwhile is replaced by the newest.

const PATIENCE_MS = 250;

export class LatestOnly<Question, Answer> {
  #ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
  #use: (answer: Answer, question: Question) => void;
  #fail: (error: unknown) => void;
  #running: { controller: AbortController; startedAt: number } | null = null;
  #next: { question: Question } | null = null;

  constructor(
    ask: (question: Question, signal: AbortSignal) => Promise<Answer>,
    use: (answer: Answer, question: Question) => void,
    fail: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#use = use;
    this.#fail = fail;
  }

  /** Asks now, or as soon as the running request is done. Replaces what waited. */
  request(question: Question): void {
    this.#next = { question };
    if (this.#running === null) {
      void this.#run();
    } else if (performance.now() - this.#running.startedAt > PATIENCE_MS) {
      this.#running.controller.abort();
    }
  }

  /** Forgets the running answer: its question no longer applies. */
  replace(question: Question): void {
    this.#next = { question };
    if (this.#running === null) void this.#run();
    else this.#running.controller.abort();
  }

  cancel(): void {
    this.#next = null;
    this.#running?.controller.abort();
  }

  async #run(): Promise<void> {
    while (this.#next !== null) {
      const { question } = this.#next;
      this.#next = null;
      const controller = new AbortController();
      this.#running = { controller, startedAt: performance.now() };
      try {
        const answer = await this.#ask(question, controller.signal);
        if (!controller.signal.aborted) this.#use(answer, question);
      } catch (error) {
        if (!controller.signal.aborted) this.#fail(error);
      }
    }
    this.#running = null;
  }
}
