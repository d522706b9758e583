// Prints the figures as JSON lines, and why a run failed.

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class BenchReporter implements Reporter {
  printsToStdio(): boolean {
    return true;
  }

  onStdOut(chunk: string | Buffer): void {
    for (const line of String(chunk).split("\n")) {
      if (line.startsWith("BENCH ")) console.log(line.slice("BENCH ".length));
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== "passed") console.error(`${test.title}: ${result.error?.message ?? result.status}`);
  }
}
