import { type TranscriptRule } from '@parley/contract'
import { expect, test } from 'vitest'
import { fittingRules } from './fitting-rules.ts'

const MAIL = {
  targetEmail: 'a@example.com',
  senderName: '',
  senderEmail: 'b@example.com',
  subject: '',
}

function fits(conditions: Partial<TranscriptRule>, chat: { csatRank?: number; agentId?: string }) {
  const rule = { ruleId: 'r', enabled: true, mail: MAIL, ...conditions }
  const { csatRank, ...agent } = chat
  const payload = { ...(csatRank !== undefined && { csatRank }), questionWithAnswers: [] }
  const facts = { chatId: 'c', invocationId: 'i', skillId: '1', ...agent, payload }
  return fittingRules([rule], facts).length === 1
}

test.each([
  [{}, {}, true],
  [{ enabled: false }, { csatRank: 1 }, false],
  [{ csatAtMost: 3 }, { csatRank: 3 }, true],
  [{ csatAtMost: 3 }, { csatRank: 4 }, false],
  [{ csatAtMost: 3 }, {}, false],
  [{ csatAtLeast: 4 }, { csatRank: 4 }, true],
  [{ csatAtLeast: 4 }, { csatRank: 3 }, false],
  [{ csatAtLeast: 1 }, {}, false],
  [{ csatAtLeast: 2, csatAtMost: 3 }, { csatRank: 2 }, true],
  [{ skillIds: ['2', '1'] }, {}, true],
  [{ skillIds: ['2'] }, {}, false],
  [{ agentIds: ['7'] }, { agentId: '7' }, true],
  [{ agentIds: ['7'] }, { agentId: '8' }, false],
  [{ agentIds: ['7'] }, {}, false],
  [{ csatAtMost: 3, skillIds: ['1'], agentIds: ['7'] }, { csatRank: 3, agentId: '7' }, true],
  [{ csatAtMost: 3, skillIds: ['1'], agentIds: ['7'] }, { csatRank: 5, agentId: '7' }, false],
])('the rule %j fits the chat %j: %s', (conditions, chat, expected) => {
  expect(fits(conditions, chat)).toBe(expected)
})
