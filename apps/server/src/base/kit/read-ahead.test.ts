import { expect, test } from 'vitest'
import { openReadAhead } from './read-ahead.ts'

/** Answers what was asked for, in one reading each. */
function readAhead() {
  let now = 0
  const readings: string[][] = []
  const expected = openReadAhead<string>(
    { monotonic: { now: () => now } },
    3,
    async (account, ids) => {
      readings.push(ids.map((id) => `${account}/${id}`))
      if (ids.includes('broken')) throw new Error('unreadable')
      return new Map(ids.filter((id) => id !== 'gone').map((id) => [id, `${account}'s ${id}`]))
    },
  )
  return { expected, readings, pass: (ms: number) => (now += ms) }
}

test('who reads reads with it what waits next of its account, in the order of asking', async () => {
  const { expected, readings } = readAhead()
  const [one, two, gone, four] = ['1', '2', 'gone', '4'].map((id) => expected('acme', id))
  const other = expected('umbra', '1')

  expect(await one?.read()).toBe("acme's 1")
  expect(readings).toEqual([['acme/1', 'acme/2', 'acme/gone']])
  expect(await Promise.all([two?.read(), gone?.read()])).toEqual(["acme's 2", undefined])
  expect(readings).toHaveLength(1)
  expect(await other.read()).toBe("umbra's 1")
  expect(await four?.read()).toBe("acme's 4")
  expect(readings.slice(1)).toEqual([['umbra/1'], ['acme/4']])
})

test('what was read more than a second ago is read again', async () => {
  const { expected, readings, pass } = readAhead()
  const [one, two, three] = ['1', '2', '3'].map((id) => expected('acme', id))
  await one?.read()
  pass(1000)
  await two?.read()
  expect(readings).toHaveLength(1)
  pass(1)
  await three?.read()
  expect(readings.at(-1)).toEqual(['acme/3'])
})

test('one that does not wait any more is not read, and one that is expected twice is read once', async () => {
  const { expected, readings } = readAhead()
  const [one, two, again, left] = ['1', '2', '2', '3'].map((id) => expected('acme', id))
  left?.[Symbol.dispose]()
  await one?.read()
  expect(await Promise.all([two?.read(), again?.read()])).toEqual(["acme's 2", "acme's 2"])
  expect(readings).toEqual([['acme/1', 'acme/2']])
})

test('a failure meets all that were read together, and nothing later', async () => {
  const { expected } = readAhead()
  const [one, two] = ['broken', '2'].map((id) => expected('acme', id))
  await expect(one?.read()).rejects.toThrow('unreadable')
  await expect(two?.read()).rejects.toThrow('unreadable')
  expect(await expected('acme', '2').read()).toBe("acme's 2")
})
