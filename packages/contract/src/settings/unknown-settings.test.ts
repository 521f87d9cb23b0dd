import { expect, test } from 'vitest'
import * as z from 'zod'
import { refuseUnknown, unknownSettings } from './unknown-settings.ts'

const schema = z.object({
  enabled: z.boolean().default(true),
  calls: z.object({ ringMs: z.int().default(1), bySkill: z.record(z.string(), z.int()) }),
  rules: z.array(z.object({ mail: z.object({ subject: z.string() }).optional() })).default([]),
})

test.each([
  [{ enable: true }, ['enable'], 'enabled'],
  [{ Enabled: true }, ['Enabled'], 'enabled'],
  [{ calls: { ringTimeMs: 1 } }, ['calls', 'ringTimeMs'], 'ringMs'],
  [{ ringMs: 1 }, ['ringMs'], 'calls.ringMs'],
  [{ rules: [{}, { mail: { subjct: 'x' } }] }, ['rules', '1', 'mail', 'subjct'], 'subject'],
  [{ calls: { patience: 1 } }, ['calls', 'patience'], 'ringMs'],
  [{ calls: { enabled: true } }, ['calls', 'enabled'], 'enabled at the top'],
])('the fields %j have a name that is not known, and one that was meant', (value, path, meant) => {
  const otherNames = { 'calls.patience': 'calls.ringMs' }

  expect(unknownSettings(schema, value, otherNames)).toEqual([
    { path, message: `no such setting; did you mean ${meant}?` },
  ])
})

test('a name that is like no other one is refused without a guess', () => {
  const found = unknownSettings(schema, { nothing: 1, calls: { zzz: 1 } })

  expect(found.map(({ message }) => message)).toEqual(['no such setting', 'no such setting'])
})

test('a name that every object has is no setting', () => {
  const found = unknownSettings(schema, { constructor: {}, calls: { toString: 1 } })

  expect(found.map(({ path }) => path)).toEqual([['constructor'], ['calls', 'toString']])
})

test('of many names only some are looked up, and none that is very long', () => {
  const many = Object.fromEntries(Array.from({ length: 60_000 }, (_none, at) => [`enable${at}`, 1]))
  const long = `enabled${'x'.repeat(900_000)}`
  const { user: before } = process.threadCpuUsage()

  expect(unknownSettings(schema, many)).toHaveLength(20)
  expect(unknownSettings(schema, { [long]: 1 })).toEqual([
    { path: [long], message: 'no such setting' },
  ])
  // Processor time, of which it takes some 50 ms: what others do on the machine does not count.
  expect(process.threadCpuUsage().user - before).toBeLessThan(2_000_000)
})

test('known fields, keys of records and values of wrong types are left to the schema', () => {
  const value = { enabled: 3, calls: { ringMs: 1, bySkill: { sales: 1 } }, rules: 'none' }

  expect(unknownSettings(schema, value)).toEqual([])
  expect(unknownSettings(schema, null)).toEqual([])
})

test('a schema that refuses what is unknown parses the rest as before', () => {
  const strict = refuseUnknown(schema)

  const parsed = strict.parse({ calls: { bySkill: {} } })
  const refused = strict.safeParse({ calls: { bySkill: {} }, enable: true })

  expect(parsed).toEqual({ enabled: true, calls: { ringMs: 1, bySkill: {} }, rules: [] })
  expect(refused.error?.issues[0]).toMatchObject({ path: ['enable'] })
})
