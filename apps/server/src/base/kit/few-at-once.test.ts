import { expect, test } from 'vitest'
import { openFewAtOnce } from './few-at-once.ts'

test('two works of one key run at once, the others in the order of asking, also after a failure', async () => {
  const queue = openFewAtOnce(2)
  const begun: string[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const ask = (key: string, name: string) =>
    queue.run(key, () => {
      begun.push(name)
      const gate = Promise.withResolvers<void>()
      gates.set(name, gate)
      return gate.promise
    })

  const failing = ask('a', 'a1')
  const others = [ask('a', 'a2'), ask('a', 'a3'), ask('a', 'a4'), ask('b', 'b1')]
  await Promise.resolve()
  expect(begun).toEqual(['a1', 'a2', 'b1'])

  gates.get('a1')?.reject(new Error('broken'))
  await expect(failing).rejects.toThrow('broken')
  await expect.poll(() => begun).toEqual(['a1', 'a2', 'b1', 'a3'])
  gates.get('a2')?.resolve()
  await expect.poll(() => begun).toEqual(['a1', 'a2', 'b1', 'a3', 'a4'])
  for (const { resolve } of gates.values()) resolve()
  await Promise.all(others)
  const again = ask('a', 'a5')
  await expect.poll(() => begun.at(-1)).toBe('a5')
  gates.get('a5')?.resolve()
  await again
})
