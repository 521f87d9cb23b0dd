import * as storage from '../storage.ts'
import type { PendingLine } from './state.ts'

interface Kept {
  chatId: string
  lines: PendingLine[]
}

/** The lines of a chat that are not sent yet, kept by the browser until they are. */
export interface KeptLines {
  of(chatId: string): PendingLine[]
  /** Keeps what has come or changed, and forgets what has gone; lines that another tab keeps stay. */
  follow(chatId: string, before: readonly PendingLine[], now: readonly PendingLine[]): void
  forget(): void
}

export function openKeptLines(place: string): KeptLines {
  function of(chatId: string): PendingLine[] {
    try {
      const kept = JSON.parse(storage.read(place) ?? 'null') as Kept | null
      return kept?.chatId === chatId ? kept.lines : []
    } catch {
      // Something else has written into the browser's storage: there is nothing to send.
      return []
    }
  }

  return {
    of,
    follow(chatId, before, now) {
      const touched = new Set([...before, ...now].map(({ lineId }) => lineId))
      const lines = [...of(chatId).filter(({ lineId }) => !touched.has(lineId)), ...now]
      if (lines.length === 0) storage.forget(place)
      else storage.keep(place, JSON.stringify({ chatId, lines } satisfies Kept))
    },
    forget: () => storage.forget(place),
  }
}
