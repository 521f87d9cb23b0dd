import type { TrialCase } from './case.ts'

const check = `import { expect, test } from 'vitest'
import { call, startTestServer } from '#testing'

interface Settings {
  messaging: { trialMs: number }
}

test('the new setting has its default, is set, is stored and is checked', async () => {
  await using server = await startTestServer()
  const read = async () => (await call<Settings>(server, 'GET', 'settings')).messaging.trialMs
  expect(await read()).toBe(7)

  await call(server, 'PATCH', 'settings', { messaging: { trialMs: 8 } })

  expect(await read()).toBe(8)
  const { messaging } = await server.context.settings.get(server.accountId)
  expect(messaging.trialMs).toBe(8)
  await expect(call(server, 'PATCH', 'settings', { messaging: { trialMs: -1 } })).rejects.toThrow()
})
`

export const setting: TrialCase = {
  name: 'setting',
  steps: [
    {
      file: 'packages/contract/src/settings/messaging.ts',
      insert: [
        { after: '  schema: z.object({', text: '    trialMs: z.int().positive().default(7),' },
      ],
    },
  ],
  tests: ['packages/contract/src/settings'],
  check: { file: 'apps/server/src/server/context/trial.test.ts', text: check },
}
