import { expect, test } from 'vitest'
import { batchReads } from './batch-reads.ts'

function openReads() {
  const asked: { keys: string[]; answer: () => void; fail: () => void }[] = []
  const read = batchReads<string, string>(
    (key) => key,
    (keys) => {
      const { promise, resolve, reject } = Promise.withResolvers<Map<string, string>>()
      const found = keys.filter((key) => key !== 'absent').map((key) => [key, `<${key}>`] as const)
      const answer = () => resolve(new Map(found))
      asked.push({ keys, answer, fail: () => reject(new Error('away')) })
      return promise
    },
  )
  return { asked, read }
}

test('askers that come while a reading runs share the next one, and equal keys share their value', async () => {
  const { asked, read } = openReads()
  const first = read('a')
  await Promise.resolve()
  const later = [read('b'), read('b'), read('a'), read('absent')]
  expect(asked.map(({ keys }) => keys)).toEqual([['a']])
  asked[0]?.answer()
  expect(await first).toBe('<a>')
  await Promise.resolve()
  expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['b', 'a', 'absent']])
  asked[1]?.answer()
  expect(await Promise.all(later)).toEqual(['<b>', '<b>', '<a>', undefined])
})

test('a reading that fails is the failure of its askers only', async () => {
  const { asked, read } = openReads()
  const failing = read('a')
  await Promise.resolve()
  const next = read('b')
  asked[0]?.fail()
  await expect(failing).rejects.toThrow('away')
  await Promise.resolve()
  asked[1]?.answer()
  expect(await next).toBe('<b>')
})
