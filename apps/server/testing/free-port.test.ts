import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'

test('nobody is given a port that another has not yet begun to use', async () => {
  const ports = await Promise.all(Array.from({ length: 1_000 }, () => freePort()))
  expect(new Set(ports).size).toBe(ports.length)
})
