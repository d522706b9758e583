import { expect, test, vi } from "vitest";
import { LatestOnly } from "./latest";

/** Answers when told to, and remembers what was asked. */
function desk() {
  const open: { question: number; answer: () => void; signal: AbortSignal }[] = [];
  const used: number[] = [];
  const latest = new LatestOnly<number, number>(
    (question, signal) =>
      new Promise((resolve, reject) => {
        open.push({ question, signal, answer: () => resolve(question) });
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    (answer) => used.push(answer),
    () => used.push(-1),
  );
  return { latest, open, used };
}

const settle = () => new Promise((done) => setTimeout(done));

test("while one request runs, only the newest question waits", async () => {
  const { latest, open, used } = desk();
  [1, 2, 3, 4].forEach((question) => latest.request(question));
  open[0]?.answer();
  await settle();
  open[1]?.answer();
  await settle();
  expect(open.map(({ question }) => question)).toEqual([1, 4]);
  expect(used).toEqual([1, 4]);
});

test("an answer whose question was replaced is never used", async () => {
  const { latest, open, used } = desk();
  latest.request(1);
  latest.replace(2);
  await settle();
  expect(open[0]?.signal.aborted).toBe(true);
  open[1]?.answer();
  await settle();
  expect(used).toEqual([2]);
});

test("a request that takes too long gives way to a newer question", async () => {
  const { latest, open } = desk();
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  latest.request(1);
  now.mockReturnValue(1000);
  latest.request(2);
  now.mockRestore();
  await settle();
  expect(open.map(({ question, signal }) => [question, signal.aborted])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test("after a failure the next question is asked as usual", async () => {
  const used: string[] = [];
  const latest = new LatestOnly<string, string>(
    (question) => (question === "bad" ? Promise.reject(new Error("500")) : Promise.resolve(question)),
    (answer) => used.push(answer),
    () => used.push("failed"),
  );
  latest.request("bad");
  await settle();
  latest.request("good");
  await settle();
  expect(used).toEqual(["failed", "good"]);
});
