import { hash } from 'node:crypto'
import { type Clock, PassingMap } from '#base/kernel'
import type { Principal } from '#base/http'
import type { Answer } from './answers.ts'

const KEPT_MS = 60_000
const MAX_ENTRIES = 10_000
const MAX_BYTES = 16_777_216

export interface RepeatableCall {
  accountId: string
  principal: Principal
  /** Path and query. */
  url: string
  body: Uint8Array
  /** `X-Request-ID` as the client sent it. A request without one is never a repetition. */
  requestId: string | string[] | undefined
}

export interface Repetitions {
  /** Runs the call, unless the same call is running or has succeeded in the last minute: then its answer is returned. */
  join(call: RepeatableCall, run: () => Promise<Answer>): Promise<Answer>
}

interface Entry {
  answer: Promise<Answer>
  bytes: number
  expiresAt: number
}

/** Published clients send the same `X-Request-ID` on every retry. */
export function openRepetitions({ clock }: { clock: Clock }): Repetitions {
  const entries = new PassingMap<string, Entry>()
  let bytes = 0

  function forget(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    bytes -= entry.bytes
  }

  function forgetOldest(): void {
    for (const [key, entry] of entries) {
      const isOver = entries.size > MAX_ENTRIES || bytes > MAX_BYTES
      if (!isOver && entry.expiresAt > clock.now()) return
      forget(key, entry)
    }
  }

  async function keep(key: string, entry: Entry): Promise<void> {
    try {
      const answer = await entry.answer
      if (answer.status >= 300) {
        forget(key, entry)
        return
      }
      if (entries.get(key) !== entry) return
      entry.bytes += answer.body.length
      bytes += answer.body.length
      forgetOldest()
    } catch {
      // The caller of `join` gets the error. The client's next attempt must run again.
      forget(key, entry)
    }
  }

  return {
    join(call, run) {
      if (typeof call.requestId !== 'string' || call.requestId === '') return run()
      const key = keyOf(call)
      const earlier = entries.get(key)
      if (earlier && earlier.expiresAt > clock.now()) return earlier.answer
      const entry = { answer: run(), bytes: key.length, expiresAt: clock.now() + KEPT_MS }
      if (earlier) forget(key, earlier)
      entries.set(key, entry)
      bytes += entry.bytes
      forgetOldest()
      void keep(key, entry)
      return entry.answer
    },
  }
}

function keyOf({ accountId, principal, url, body, requestId }: RepeatableCall): string {
  const digest = hash('sha1', body, 'base64')
  return `${accountId} ${principal.kind}:${principal.id} ${requestId as string} ${digest} ${url}`
}
