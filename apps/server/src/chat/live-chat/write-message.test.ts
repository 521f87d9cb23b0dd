import { expect, test } from 'vitest'
import { draftOf } from './change-chat.ts'
import type { ChatState } from './state.ts'
import { addMessage } from './write-message.ts'

function chatOf(change: Partial<ChatState>): ChatState {
  return {
    chatId: 'c',
    stage: 'active',
    skillId: '1',
    skillName: 'CustomerCare',
    consumer: { name: 'Ada' },
    tokenHash: '',
    startedAt: 0,
    agents: [],
    managers: [],
    nextSequence: 0,
    characters: 0,
    ...change,
  }
}

test.each([
  ['characters', { characters: 3_999_999 }, 'ab'],
  ['entries', { nextSequence: 20_000 }, 'a'],
])(
  'a chat that has too many %s takes no more messages, and can still end',
  (_what, change, text) => {
    const draft = draftOf(chatOf(change), 1000)
    expect(() => addMessage(draft, { by: 'CONSUMER', name: 'Ada', text })).toThrow(/too long/)
    expect(draft.add({ type: 'ended', by: 'SYSTEM', reason: 'silence' })).toMatchObject({
      type: 'ended',
    })
  },
)

test('a message counts towards the length of its chat', () => {
  const draft = draftOf(chatOf({ characters: 5 }), 1000)
  addMessage(draft, { by: 'AGENT', name: 'John', text: 'Hello' })
  expect(draft.state).toMatchObject({ characters: 10, nextSequence: 1, lastLineAt: 1000 })
})
