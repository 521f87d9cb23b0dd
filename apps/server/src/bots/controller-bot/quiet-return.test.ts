import type { ChangeFacts, ConversationChange } from '@parley/contract'
import { raisedEvent } from '@parley/contract/events'
import { expect, test } from 'vitest'
import { someConversation, someFacts } from './change-facts.fixture.ts'

const HOUR_MS = 3_600_000

function isQuietReturn(facts: ChangeFacts): boolean {
  return raisedEvent(facts)?.invokesFunction === false
}

function isQuiet({
  hours,
  authenticated = true,
  autoClosed = true,
}: {
  hours: number
  authenticated?: boolean
  autoClosed?: boolean
}): boolean {
  const at = 1_528_463_781_807
  const change: ConversationChange = {
    kind: 'opened',
    firstConversation: false,
    previous: { endAt: at - hours * HOUR_MS, autoClosed },
  }
  return isQuietReturn(someFacts(change, { at, conversation: someConversation({ authenticated }) }))
}

test('an authenticated consumer who returns within 48 hours of an auto-close raises no event', () => {
  expect(isQuiet({ hours: 47 })).toBe(true)
  expect(isQuiet({ hours: 48 })).toBe(true)
  expect(isQuiet({ hours: 48.0001 })).toBe(false)
  expect(isQuiet({ hours: 49 })).toBe(false)
})

test('anonymous consumers, and conversations that somebody closed, raise it', () => {
  expect(isQuiet({ hours: 47, authenticated: false })).toBe(false)
  expect(isQuiet({ hours: 49, authenticated: false })).toBe(false)
  expect(isQuiet({ hours: 1, autoClosed: false })).toBe(false)
})

test('a first conversation raises it', () => {
  expect(isQuietReturn(someFacts({ kind: 'opened', firstConversation: true }))).toBe(false)
})
