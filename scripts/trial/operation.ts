import type { TrialCase } from './case.ts'

const spec = `
export const getIdleTimings = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/idle-timings',
  auth: 'account:read',
  summary: 'The idle times in force for a skill',
  params: InAccount,
  query: z.object({ skillId: z.string() }),
  reply: z.record(z.string(), IdleTiming),
} as const satisfies RouteSpec`

const source = `import type { IdleTimings } from '@parley/contract'
import { idleTimings } from './idle-timings.ts'
import type { MessageSettings } from './repository.ts'

export async function readIdleTimings(
  { messageSettings }: { messageSettings: MessageSettings },
  accountId: string,
  skillId: string,
): Promise<IdleTimings> {
  return idleTimings(await messageSettings.get(accountId), skillId)
}
`

const check = `import { expect, test } from 'vitest'
import { call, startTestServer } from '#testing'

test('the new operation answers', async () => {
  await using server = await startTestServer()
  const timing = { time: 90, timeUnits: 'seconds', repeat: 2 }
  await call(server, 'PUT', 'automatic-messages/AGENT_NON_RESPONSIVE', { timing })

  expect(await call(server, 'GET', 'idle-timings?skillId=1001')).toMatchObject({ agent: timing })
})
`

export const operation: TrialCase = {
  name: 'operation of the native API',
  steps: [
    {
      file: 'packages/contract/src/automatic-messages.ts',
      insert: [{ after: '  reply: AutomaticMessage,\n} as const satisfies RouteSpec', text: spec }],
    },
    {
      file: 'apps/server/src/bots/controller-bot/read-idle-timings.ts',
      create: source,
    },
    {
      file: 'apps/server/src/bots/controller-bot/routes.ts',
      insert: [
        {
          after: "import { applyReplay, type ApplyReplayDeps } from './apply-replay.ts'",
          text: "import { readIdleTimings } from './read-idle-timings.ts'",
        },
        {
          after:
            'export function controllerBotRoutes({ app }: Http, deps: SettingDeps & ApplyReplayDeps): void {',
          text: '  route(app, contract.getIdleTimings, ({ params, query }) =>\n    readIdleTimings(deps, params.accountId, query.skillId),\n  )',
        },
      ],
    },
  ],
  tests: ['packages/contract/src/permissions.test.ts'],
  check: { file: 'apps/server/src/bots/controller-bot/trial.test.ts', text: check },
}
