import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { PassingMap, PassingSet } from './passing-map.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void

const TURNS = 1000
const AT_ONCE = 8
const TURNS_OF_COLLECTION = 25
const VALUE_BYTES = 1000

/** Bytes of values that left the map and are in memory after young collections, where the map itself has lived long. */
async function bytesKept(
  map: Map<number, Uint8Array> | PassingMap<number, Uint8Array>,
): Promise<number> {
  function pass(turn: number): void {
    const ids = Array.from({ length: AT_ONCE }, (_, index) => turn * AT_ONCE + index)
    for (const id of ids) map.set(id, new Uint8Array(VALUE_BYTES))
    for (const id of ids) map.delete(id)
  }
  pass(0)
  await nextTurn()
  collect({ type: 'major' })
  collect({ type: 'major' })
  await nextTurn()
  const before = process.memoryUsage().external
  for (let turn = 1; turn <= TURNS; turn++) {
    pass(turn)
    if (turn % TURNS_OF_COLLECTION === 0) collect({ type: 'minor' })
    await nextTurn()
  }
  return process.memoryUsage().external - before
}

test('young collections free what has left a map that has lived long', async () => {
  const passed = TURNS * AT_ONCE * VALUE_BYTES

  expect(await bytesKept(new PassingMap())).toBeLessThan(passed / 10)
  // Where this fails, the language's own map does as well, and this one is not needed any more.
  expect(await bytesKept(new Map())).toBeGreaterThan(passed / 4)
})

test('what is in it, its order and its size are those of the language’s own', () => {
  const passing = new PassingMap<number, string>()
  const plain = new Map<number, string>()
  for (let turn = 0; turn < 2000; turn++) {
    const key = (turn * 7919) % 97
    if (turn % 3 === 0) {
      expect(passing.delete(key)).toBe(plain.delete(key))
    } else {
      passing.set(key, `${turn}`)
      plain.set(key, `${turn}`)
    }
    expect(passing.size).toBe(plain.size)
    expect(passing.get(key)).toBe(plain.get(key))
    expect(passing.has(key)).toBe(plain.has(key))
  }
  expect([...passing]).toEqual([...plain])
  expect([...passing.keys()]).toEqual([...plain.keys()])
  expect([...passing.values()]).toEqual([...plain.values()])
  passing.clear()
  expect([...passing]).toEqual([])
})

test('whoever walks through it meets what has changed meanwhile', () => {
  const map = new PassingMap<number, string>()
  for (let key = 0; key < 200; key++) map.set(key, 'old')
  const met: string[] = []
  for (const [key, value] of map) {
    met.push(value)
    if (key !== 0) continue
    for (let other = 0; other < 190; other++) map.delete(other)
    for (let other = 190; other < 200; other++) map.set(other, 'new')
  }
  expect(met).toEqual(['old', ...Array.from({ length: 10 }, () => 'new')])
})

test('whoever walks through it may delete what is still to come', () => {
  const set = new PassingSet<number>()
  for (let item = 0; item < 200; item++) set.add(item)
  const met: number[] = []
  for (const item of set) {
    met.push(item)
    for (let other = item; other < item + 10; other++) set.delete(other)
  }
  expect(met).toEqual(Array.from({ length: 20 }, (_, index) => index * 10))
  expect(set.size).toBe(0)
})
