import process from 'node:process'
import type { Reporter, TestCase } from 'vitest/node'

/** Names, when all have run, the tests that passed only when they were run again: each has a race that is to be mended. */
export class FlakyReporter implements Reporter {
  readonly #flaky: string[] = []

  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return
    const errors = (test.result().errors ?? []).map(({ message }) => `    ${message}\n`)
    this.#flaky.push(`  ${test.module.relativeModuleId} > ${test.fullName}\n${errors.join('')}`)
  }

  onTestRunEnd(): void {
    if (this.#flaky.length === 0) return
    process.stdout.write(`\nPassed only when run again:\n${this.#flaky.join('')}`)
  }
}
