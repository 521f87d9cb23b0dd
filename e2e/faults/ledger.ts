import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'

/** What the server has acknowledged to a consumer: from then on it must never be lost. */
export interface Acknowledged {
  jwt: string
  conversationId: string
  /** Absent when the conversation was acknowledged, but no message in it yet. */
  message?: { sequence: number; text: string }
  /** How many kills had happened before. */
  kills: number
}

/** Acknowledgements, written outside the server's process and data at the moment they arrive. */
export interface Ledger {
  acknowledge(entry: Acknowledged): void
  /** One entry per conversation, the newest. */
  entries(): Acknowledged[]
}

export function openLedger(file: string): Ledger {
  writeFileSync(file, '')
  return {
    acknowledge: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
    entries() {
      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
      const all = lines.map((line) => JSON.parse(line) as Acknowledged)
      return [...new Map(all.map((entry) => [entry.conversationId, entry])).values()]
    },
  }
}
