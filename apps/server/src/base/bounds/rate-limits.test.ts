import { expect, test } from 'vitest'
import { openBucket, openWindow, takeToken } from './index.ts'

test('a bucket gives a period of tokens at once, and then as many as come back', () => {
  const rate = { tokens: 2, perMs: 1000 }
  const bucket = openBucket(0)
  expect([0, 0, 0].map((now) => takeToken(bucket, rate, now))).toEqual([0, 0, 500])
  expect(takeToken(bucket, rate, 250)).toBe(250)
  expect(takeToken(bucket, rate, 500)).toBe(0)
  // An hour without use fills it once.
  expect([0, 0, 0].map(() => takeToken(bucket, rate, 3_600_000))).toEqual([0, 0, 500])
})

test('a bucket without a limit is full when it gets one', () => {
  const bucket = openBucket(0)
  const unlimited = { tokens: Infinity, perMs: 1000 }
  expect(takeToken(bucket, unlimited, 0)).toBe(0)
  expect([1, 1].map((now) => takeToken(bucket, { tokens: 1, perMs: 1000 }, now))).toEqual([0, 1000])
})

test('a window counts what happened within it, and what was taken back no more', () => {
  const window = openWindow(1000)
  expect([0, 200, 300].map((now) => window.add(2, now))).toEqual([0, 0, 700])
  expect([window.waitFor(2, 300), window.waitFor(3, 300), window.size]).toEqual([700, 0, 2])
  expect([window.add(2, 999), window.add(2, 1000), window.add(2, 1100)]).toEqual([1, 0, 100])
  window.takeBack(1000)
  expect(window.add(2, 1100)).toBe(0)
  expect(window.size).toBe(2)
})

test('a clock that is set back locks nobody out', () => {
  const rate = { tokens: 2, perMs: 1000 }
  const bucket = openBucket(0)
  expect([3_600_000, 3_600_000, 3_600_000].map((now) => takeToken(bucket, rate, now))).toEqual([
    0, 0, 500,
  ])
  expect([0, 500].map((now) => takeToken(bucket, rate, now))).toEqual([500, 0])

  const window = openWindow(1000)
  expect([window.add(1, 3_600_000), window.add(1, 3_600_000)]).toEqual([0, 1000])
  expect([window.add(1, 0), window.add(1, 0), window.add(1, 1000)]).toEqual([0, 1000, 0])
})
