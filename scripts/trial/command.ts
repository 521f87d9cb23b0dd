import type { TrialCase } from './case.ts'

const source = `import * as z from 'zod'
import { NO_SKILL } from '../conversations.ts'
import { defineCommand } from './command.ts'

/** Takes the conversation away from its skill. */
export const leaveSkill = defineCommand({
  type: 'leaveSkill',
  schema: z.object({ type: z.literal('leaveSkill') }),
  order: 4,
  countsAfterEnd: false,
  replacesDefaultMessage: false,
  parse: () => ({ ok: true, command: { type: 'leaveSkill' } }),
  ask: () => ({ action: { type: 'transfer', skillId: NO_SKILL }, applied: true, reasons: [] }),
})
`

const check = `import { expect, test } from 'vitest'
import { givenFunction, startTestServer } from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { FIRST_INPUTS, openConsumer, openIn, setUrgent } from './scene.fixture.ts'

test('the new command has its effect, and closes nothing', async () => {
  await using server = await startTestServer()
  await givenFunction(server, 'controllerbot_messaging_ttr', "callback(null, { type: 'leaveSkill' })")
  await using consumer = await openConsumer(server, FIRST_INPUTS)
  const conversationId = await openIn(server, consumer)

  await setUrgent(server, consumer, conversationId)

  await consumer.until(
    () => consumer.details(conversationId)?.skillId === '-1',
    'the conversation without a skill',
  )
  expect(consumer.details(conversationId)).toMatchObject({ stage: 'OPEN' })
  const [invocation] = await invocationsOf(server, conversationId)
  expect(invocation?.commands).toContainEqual({ type: 'leaveSkill', applied: true })
})
`

export const command: TrialCase = {
  name: 'command',
  steps: [
    { file: 'packages/contract/src/commands/leave-skill.ts', create: source },
    {
      file: 'packages/contract/src/commands/index.ts',
      insert: [
        {
          after: "import type { CommandDefinition, Parsed } from './command.ts'",
          text: "import { leaveSkill } from './leave-skill.ts'",
        },
        { after: 'const LIST = [', text: '  leaveSkill,' },
      ],
    },
  ],
  tests: [
    'packages/contract/src/events',
    'packages/contract/src/commands/read-commands.test.ts',
    'apps/server/src/bots/controller-bot/plan.test.ts',
  ],
  check: { file: 'apps/server/src/bots/controller-bot/trial.test.ts', text: check },
}
