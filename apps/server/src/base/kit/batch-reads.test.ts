import { expect, test } from 'vitest'
import { batchReads } from './batch-reads.ts'

function openReads() {
  const asked: { keys: readonly string[]; answer: () => void; fail: () => void }[] = []
  const read = batchReads<string, string>(
    { monotonic: { afterTurn: (run) => void setImmediate(run) } },
    (key) => key,
    (keys) => {
      const { promise, resolve, reject } = Promise.withResolvers<Map<string, string>>()
      const found = keys.filter((key) => key !== 'absent').map((key) => [key, `<${key}>`] as const)
      const answer = () => resolve(new Map(found))
      asked.push({ keys, answer, fail: () => reject(new Error('away')) })
      return promise
    },
  )
  const until = async (count: number) => await expect.poll(() => asked).toHaveLength(count)
  return { asked, read, until }
}

test('askers that come while a reading runs share the next one, and equal keys share their value', async () => {
  const { asked, read, until } = openReads()
  const first = read('a')
  await until(1)
  const later = [read('b'), read('b'), read('a'), read('absent')]
  asked[0]?.answer()
  expect(await first).toBe('<a>')
  await until(2)
  expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['b', 'a', 'absent']])
  asked[1]?.answer()
  expect(await Promise.all(later)).toEqual(['<b>', '<b>', '<a>', undefined])
})

test('a reading that fails is the failure of its askers only', async () => {
  const { asked, read, until } = openReads()
  const failing = read('a')
  await until(1)
  const next = read('b')
  asked[0]?.fail()
  await expect(failing).rejects.toThrow('away')
  await until(2)
  asked[1]?.answer()
  expect(await next).toBe('<b>')
})
