/** What a smoke run has found, in the order of its questions. */
export interface Checks {
  check(claim: string, holds: boolean, seen?: string | number): void
  /** Prints the closing line; the exit code. */
  close(): number
}

export function openChecks(): Checks {
  let passed = 0
  let failed = 0
  return {
    check(claim, holds, seen) {
      if (holds) passed++
      else failed++
      console.log(
        `${holds ? 'ok  ' : 'FAIL'} ${claim}${holds || seen === undefined ? '' : `\n     ${String(seen)}`}`,
      )
    },
    close() {
      console.log(`${passed} passed, ${failed} failed`)
      return failed === 0 ? 0 : 1
    },
  }
}
