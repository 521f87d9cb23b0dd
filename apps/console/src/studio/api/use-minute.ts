import { useSyncExternalStore } from 'react'

const MINUTE_MS = 60_000

const listeners = new Set<() => void>()
let passed = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Renders what says times in minutes again as they pass: one timer for the whole page. */
export function useMinute(): void {
  useSyncExternalStore(subscribe, () => passed)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, MINUTE_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  passed += 1
  for (const listener of listeners) listener()
}
