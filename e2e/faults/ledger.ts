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
export interface Ledger<Entry> {
  acknowledge(entry: Entry): void
  entries(): Entry[]
}

export function openLedger<Entry>(file: string): Ledger<Entry> {
  writeFileSync(file, '')
  return {
    acknowledge: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
    entries() {
      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
      return lines.map((line) => JSON.parse(line) as Entry)
    },
  }
}

/** One entry per conversation, the newest. */
export function newest<Entry extends { conversationId: string }>(
  entries: readonly Entry[],
): Entry[] {
  return [...new Map(entries.map((entry) => [entry.conversationId, entry])).values()]
}
