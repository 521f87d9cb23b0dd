import { expect, test } from 'vitest'
import { isLoop, nextCause } from './loop-guard.ts'

const ROUTING = 'routing'
const END = 'end'

test('a function is called once for what it has caused, then no more', () => {
  expect(isLoop(undefined, ROUTING)).toBe(false)
  const first = nextCause(1, 'skill-changed', ROUTING, undefined)
  expect(isLoop(first, ROUTING)).toBe(false)
  const second = nextCause(2, 'skill-changed', ROUTING, first)
  expect(isLoop(second, ROUTING)).toBe(true)
})

test('other kinds of events in the chain are counted by themselves', () => {
  const opening = nextCause(1, 'opened', 'new', undefined)
  const routing = nextCause(2, 'skill-changed', ROUTING, opening)
  expect(isLoop(routing, END)).toBe(false)
  const participants = nextCause(3, 'unassigned', 'participants', routing)
  expect(isLoop(participants, ROUTING)).toBe(true)
})

test('a long chain stays short', () => {
  let cause = nextCause(1, 'opened', 'new', undefined)
  for (let id = 2; id < 100; id += 1) cause = nextCause(id, 'skill-changed', ROUTING, cause)
  expect(cause.chain).toEqual([ROUTING])
})
