import { expect, test } from 'vitest'
import { ChangeFacts, type ConversationState } from './index.ts'

const conversation: ConversationState = {
  conversationId: 'c',
  consumerId: 'ada',
  formerConsumerIds: [],
  authenticated: false,
  skillId: '-1',
  state: 'OPEN',
  stage: 'OPEN',
  startedAt: 0,
  updatedAt: 0,
  firstConversation: true,
  openedOffHours: false,
  ttr: { ttrType: 'NORMAL', value: 3600 },
  effectiveTtr: 0,
  dialogs: [
    {
      dialogId: 'c',
      type: 'MAIN',
      state: 'OPEN',
      openedAt: 0,
      updatedAt: 0,
      participants: [],
      nextSequence: 0,
    },
  ],
  transferred: false,
  rings: [],
  refusals: {},
  idle: {},
  timers: {},
  moves: [],
}

test('a row that a node of version 0.1.0 has written is read as a message', () => {
  const facts = {
    at: 1,
    originator: { userId: 'ada', pid: 'ada', role: 'CONSUMER' },
    offHours: false,
    oldState: 'OPEN',
    conversation,
  }
  const change = { dialogId: 'c', sequence: 0, role: 'CONSUMER' }

  const read = ChangeFacts.parse({ ...facts, change: { ...change, kind: 'line' } })

  expect(read.change).toEqual({ ...change, kind: 'message' })
})
