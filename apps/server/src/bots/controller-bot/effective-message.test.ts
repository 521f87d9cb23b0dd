import type { AutomaticMessageSetting } from '@parley/contract'
import { AUTOMATIC_MESSAGE_TYPES, effectiveMessage, IDLE_TYPES } from '@parley/contract'
import { expect, test } from 'vitest'
import { idleThresholds } from './idle-timings.ts'

const type = 'YOU_ARE_CONNECTED_TO'

function textFor(
  settings: Omit<AutomaticMessageSetting, 'type'>[],
  skillId?: string,
  language?: string,
  accountLanguage?: string,
): string {
  const typed = settings.map((setting) => ({ type, ...setting }) as const)
  return effectiveMessage(typed, type, skillId, language, accountLanguage).text
}

test('every kind is on and has a text of its own by default', () => {
  const messages = AUTOMATIC_MESSAGE_TYPES.map((kind) =>
    effectiveMessage([], kind, undefined, undefined, undefined),
  )
  expect(messages.every(({ active, text }) => active && text !== '')).toBe(true)
  expect(new Set(messages.map(({ text }) => text)).size).toBe(AUTOMATIC_MESSAGE_TYPES.length)
  expect(messages.filter(({ timing }) => timing).map((message) => message.type)).toEqual([
    ...IDLE_TYPES,
  ])
})

test('the setting of a skill beats the one of a language, which beats the one for all', () => {
  const all = { text: 'all' }
  const skill = { skillId: '1', text: 'skill' }
  const language = { language: 'de', text: 'language' }
  const both = { skillId: '1', language: 'de', text: 'both' }
  expect(textFor([all, skill, language, both], '1', 'de')).toBe('both')
  expect(textFor([all, skill, language], '1', 'de')).toBe('skill')
  expect(textFor([all, language], '1', 'de')).toBe('language')
  expect(textFor([all, skill, language, both], '2', 'fr')).toBe('all')
  expect(textFor([skill, language, both], '2', 'fr')).toBe('You are now connected to an agent.')
})

test('a language is found by its parents, in any spelling', () => {
  const settings = [
    { language: 'zh', text: 'zh' },
    { language: 'zh-Hant', text: 'zh-Hant' },
  ]
  expect(textFor(settings, undefined, 'zh-hant-TW')).toBe('zh-Hant')
  expect(textFor(settings, undefined, 'ZH_CN')).toBe('zh')
  expect(textFor(settings, undefined, 'zh-TW')).toBe('zh-Hant')
  expect(textFor([{ language: 'en-US', text: 'us' }], undefined, 'en')).not.toBe('us')
  expect(textFor(settings, undefined, '😀')).toBe('You are now connected to an agent.')
})

test('what the account has not set is said in the language of the conversation, else in its own', () => {
  const [english, german] = [
    'You are now connected to an agent.',
    'Sie sind jetzt mit einem Agenten verbunden.',
  ]
  expect(textFor([], undefined, 'de_AT', 'en-US')).toBe(german)
  expect(textFor([], undefined, 'en-GB', 'de-DE')).toBe(english)
  expect(textFor([], undefined, undefined, 'de-DE')).toBe(german)
  expect(textFor([], undefined, 'den', 'de-DE')).toBe(english)
  expect(textFor([{ text: 'all' }], undefined, 'de')).toBe('all')
  expect(textFor([{ language: 'de', text: 'own' }], undefined, undefined, 'de')).toBe(german)
})

test('each member is inherited by itself', () => {
  const settings = [
    { type, active: false },
    { type, skillId: '1', text: 'Hello from one' },
    { type, skillId: '2', active: true },
  ] as const
  expect(effectiveMessage(settings, type, '1', undefined, undefined)).toEqual({
    type,
    active: false,
    text: 'Hello from one',
  })
  expect(effectiveMessage(settings, type, '2', undefined, undefined).active).toBe(true)
})

test('times are per skill, in seconds or minutes', () => {
  const settings: AutomaticMessageSetting[] = [
    { type: 'AGENT_NON_RESPONSIVE', timing: { time: 90, timeUnits: 'seconds', repeat: 3 } },
    {
      type: 'AGENT_NON_RESPONSIVE',
      skillId: '1',
      timing: { time: 2, timeUnits: 'minutes', repeat: 1 },
    },
  ]
  expect(idleThresholds(settings, '1').agent).toEqual({ afterMs: 120_000, repeat: 1 })
  expect(idleThresholds(settings, '2').agent).toEqual({ afterMs: 90_000, repeat: 3 })
  expect(idleThresholds(settings, '2').queue).toEqual({ afterMs: 1_800_000, repeat: 1 })
})
