import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// Bounds are made smaller here, which other files must not see: they share their modules.
vi.resetModules()
const { BOUND_ATTACKS } = await import('./bound-attacks.fixture.ts')
const { openDoor } = await import('./door.fixture.ts')
afterAll(() => void vi.resetModules())

let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door[Symbol.asyncDispose]())

const attacks = Object.entries(BOUND_ATTACKS).flatMap(([holds, both]) =>
  both.flatMap(({ attack, shown }) =>
    typeof shown === 'function' ? [{ holds, attack, run: shown }] : [],
  ),
)

test.each(attacks)('$holds: $attack', async ({ holds, run }) => {
  const look = () => door.look(holds)
  const before = await look()
  await using open = new AsyncDisposableStack()

  const seen = await run({ ...door, open, look })

  const after = await look()
  expect(after.held).toBeLessThanOrEqual(after.limit)
  if (seen === 'full') expect(after.beyond).toBeGreaterThan(before.beyond)
})
