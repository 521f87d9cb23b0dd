import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const COMPATIBILITY = join(import.meta.dirname, '..', '..', 'docs', 'compatibility.md')

/** What has been shown of the published clients, operation by operation, as docs/compatibility.md spells them. */
export interface Operations {
  /** Runs one operation; it counts as shown when it does not throw. */
  show(operation: string, run: () => Promise<void>): Promise<void>
  /** Prints the closing line and what the document claims differently; the exit code. */
  close(): number
}

/** Rows of the document's tables: operation, shown or not. */
function claims(): Map<string, boolean> {
  const rows = readFileSync(COMPATIBILITY, 'utf8').matchAll(
    /^\| ([^|]+?) +\| (shown|not shown)\b/gm,
  )
  return new Map([...rows].map(([, operation = '', shown]) => [operation, shown === 'shown']))
}

export function openOperations(): Operations {
  const outcomes = new Map<string, boolean>()

  return {
    async show(operation, run) {
      try {
        await run()
        outcomes.set(operation, true)
        console.log(`ok   ${operation}`)
      } catch (error) {
        outcomes.set(operation, false)
        const why = error instanceof Error ? error.message : String(error)
        console.log(`FAIL ${operation}\n     ${why.replaceAll('\n', '\n     ')}`)
      }
    },
    close() {
      const claimed = claims()
      for (const [operation, shown] of claimed) {
        if (shown && !outcomes.has(operation)) {
          outcomes.set(operation, false)
          console.log(
            `FAIL ${operation}\n     docs/compatibility.md says shown, but nothing shows it`,
          )
        }
      }
      for (const operation of outcomes.keys()) {
        if (!claimed.has(operation))
          console.log(`note: docs/compatibility.md does not list "${operation}"`)
      }
      const failed = [...outcomes.values()].filter((passed) => !passed).length
      console.log(`${outcomes.size - failed} passed, ${failed} failed`)
      return failed === 0 ? 0 : 1
    },
  }
}

/** @throws with what was seen instead */
export function expectThat(holds: boolean, seen: unknown): void {
  if (!holds) throw new Error(typeof seen === 'string' ? seen : JSON.stringify(seen, undefined, 2))
}
