import { useEffect } from 'react'
import type { Desk } from '../desk/desk.ts'
import { isBeside, isOwn, type Talk, waitsForAnswer } from '../desk/state.ts'
import { goTo } from '../place.ts'

/** The conversations in the order of the list. */
export function listed(talks: readonly Talk[]): Talk[] {
  return [
    ...talks.filter(isOwn),
    ...talks.filter(isBeside),
    ...talks.filter(({ status }) => status !== 'mine'),
  ]
}

/** Alt and an arrow go to the conversation before or after this one. */
export function useTalkKeys(desk: Desk, accountId: string): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (!event.altKey || step === undefined) return
      event.preventDefault()
      const { talks, selected } = desk.state()
      const all = listed(talks)
      const here = all.findIndex(({ conversationId }) => conversationId === selected)
      const next = all[here < 0 ? 0 : (here + step + all.length) % all.length]
      if (next) goTo(accountId, next.conversationId)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [desk, accountId])
}

/** To the next conversation in which a consumer waits for an answer. */
export function goToNextWaiting(desk: Desk, accountId: string): void {
  const { talks, selected } = desk.state()
  const all = listed(talks)
  const here = all.findIndex(({ conversationId }) => conversationId === selected)
  const next = [...all.slice(here + 1), ...all.slice(0, Math.max(0, here))].find(waitsForAnswer)
  if (next) goTo(accountId, next.conversationId)
}
