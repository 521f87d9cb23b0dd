import type { TrialCase } from './case.ts'

const source = `import { type Kysely, sql } from 'kysely'

/** Notes of agents. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql\`create table trial_note (account_id text not null, text text not null)\`.execute(db)
}
`

const check = `import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer } from '#testing'

test('the new table is there at the next start', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store

  expect((await sql\`select * from trial_note\`.execute(db)).rows).toEqual([])
})
`

export const migration: TrialCase = {
  name: 'migration',
  steps: [
    { file: 'apps/server/src/base/store/migrations/999-trial-notes.ts', create: source },
    {
      file: 'apps/server/src/base/store/migrations/index.ts',
      insert: [
        {
          after: "import * as reasons from './080-reasons.ts'",
          text: "import * as trialNotes from './999-trial-notes.ts'",
        },
        {
          after: "  '081-procedures': procedures,",
          text: "  '999-trial-notes': trialNotes,",
        },
      ],
    },
  ],
  tests: ['apps/server/src/base/store/migrations'],
  check: { file: 'apps/server/src/server/context/trial.test.ts', text: check },
}
