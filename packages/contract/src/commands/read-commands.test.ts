import { COMMAND_TYPES, MAX_TEXT_CHARACTERS } from './index.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCommands } from './read-commands.ts'

const message = (text: unknown) => ({ type: 'systemMessage', text })
const close = { type: 'closeConversation' }
const transfer = { type: 'transfer', skillId: '123456', agentId: '123456' }

test('one object is one command', () => {
  expect(readCommands(message('Hi'))).toEqual({
    commands: [{ type: 'systemMessage', text: 'Hi' }],
    ignored: [],
    notes: {},
  })
})

test('message, transfer and close take effect in this order, whatever their order in the array', () => {
  const { commands } = readCommands([close, transfer, message('Hi')])
  expect(commands).toEqual([message('Hi'), transfer, close])
})

test('only the first command of a type counts, and the others are listed', () => {
  const { commands, ignored } = readCommands([message('one'), message('two'), close, close])
  expect(commands).toEqual([message('one'), close])
  expect(ignored).toEqual([
    { type: 'systemMessage', reason: 'Only the first command of a type counts' },
    { type: 'closeConversation', reason: 'Only the first command of a type counts' },
  ])
})

test.each([undefined, null, [], {}])('%j says nothing at all', (result) => {
  expect(readCommands(result)).toEqual({ commands: [], ignored: [], notes: {} })
})

test.each([
  ['a text', 'string'],
  ['ok', 'string'],
  [42, 'number'],
  [true, 'boolean'],
])('%j is no command', (result, type) => {
  expect(readCommands(result)).toEqual({
    commands: [],
    ignored: [{ type, reason: 'Not an object' }],
    notes: {},
  })
})

test.each([[[]], ['']])('the text %j is a message that sends nothing', (text) => {
  expect(readCommands(message(text)).commands).toEqual([message(text)])
})

test.each([undefined, null, 7, {}, ['a'], [[]], true])('the text %j is no message', (text) => {
  const { commands, ignored } = readCommands(message(text))
  expect(commands).toEqual([])
  expect(ignored).toEqual([
    { type: 'systemMessage', reason: 'The text is neither a string nor []' },
  ])
})

test('a malformed command does not take the place of a good one', () => {
  expect(readCommands([message(7), message('Hi')]).commands).toEqual([message('Hi')])
})

test('a text may be as long as the limit, and no longer', () => {
  const longest = 'x'.repeat(MAX_TEXT_CHARACTERS)
  expect(readCommands(message(longest)).commands).toHaveLength(1)
  expect(readCommands(message(`${longest}x`))).toMatchObject({
    commands: [],
    ignored: [{ type: 'systemMessage', reason: 'The text is longer than 8000 characters' }],
  })
})

test('what the database cannot keep is replaced in texts', () => {
  expect(readCommands(message('a\0b\uD800c')).commands).toEqual([message('a\uFFFDb\uFFFDc')])
})

test.each([
  [{ skillId: '1' }, { skillId: '1' }],
  [{ agentId: '2' }, { agentId: '2' }],
  [{ skillId: '1', agentId: null }, { skillId: '1' }],
  [{ skillId: '', agentId: '2' }, { agentId: '2' }],
  [
    { skillId: 1002, agentId: 3 },
    { skillId: '1002', agentId: '3' },
  ],
  [{ skillId: -1 }, { skillId: '-1' }],
])('a transfer with %j goes to %j', (given, read) => {
  expect(readCommands({ type: 'transfer', ...given }).commands).toEqual([
    { type: 'transfer', ...read },
  ])
})

test('one wrong id of a transfer is left out, the other counts', () => {
  expect(readCommands({ type: 'transfer', skillId: '1', agentId: { a: 1 } })).toEqual({
    commands: [{ type: 'transfer', skillId: '1' }],
    ignored: [],
    notes: { transfer: 'agentId is not an id and was left out' },
  })
})

test.each([
  {},
  { skillId: 1e17 },
  { skillId: true },
  { skillId: '', agentId: '' },
  { skillId: ['1'] },
])('a transfer with %j goes nowhere', (given) => {
  expect(readCommands({ type: 'transfer', ...given })).toMatchObject({
    commands: [],
    ignored: [{ type: 'transfer', reason: 'Neither skillId nor agentId is an id' }],
  })
})

test.each(['SystemMessage', 'sendMessage', 'toString', '__proto__', ''])(
  'the type %j is unknown',
  (type) => {
    expect(readCommands({ type, text: 'Hi' })).toMatchObject({
      commands: [],
      ignored: [
        {
          type,
          reason: 'Unknown type of command: there are systemMessage, transfer, closeConversation',
        },
      ],
    })
  },
)

test('ten thousand commands leave a short record', () => {
  const { commands, ignored } = readCommands(Array.from({ length: 10_000 }, () => message('x')))
  expect(commands).toHaveLength(1)
  expect(ignored).toHaveLength(21)
  expect(ignored.at(-1)).toEqual({ type: '…', reason: '9979 more entries did not count' })
  const few = readCommands(Array.from({ length: 22 }, () => message('x')))
  expect(few.ignored.at(-1)?.reason).toBe('1 more entry did not count')
})

test('deep nesting is looked at no deeper than it needs', () => {
  let nested: unknown = close
  for (let depth = 0; depth < 100_000; depth += 1) nested = [nested]
  expect(readCommands(nested)).toMatchObject({ commands: [], ignored: [{ type: 'array' }] })
  expect(readCommands({ type: nested, text: nested }).commands).toEqual([])
  expect(readCommands(message(nested)).commands).toEqual([])
})

test('whatever a function returns, at most one command of each type comes out', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.array(
      fc.record(
        {
          type: fc.oneof(fc.constantFrom(...COMMAND_TYPES), fc.string()),
          text: fc.jsonValue(),
          skillId: fc.jsonValue(),
          agentId: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    ),
  )
  fc.assert(
    fc.property(anything, (result) => {
      const { commands, ignored } = readCommands(result)
      const types = commands.map(({ type }) => type)
      expect(new Set(types).size).toBe(types.length)
      expect(ignored.length).toBeLessThanOrEqual(21)
    }),
  )
})
