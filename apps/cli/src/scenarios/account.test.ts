import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { call, startTestServer } from '../../../server/testing/index.ts'
import { readScenarioFile } from './read-file.ts'
import { type Result, runAll } from './run-all.ts'
import { type Scenario, scenarioOfFile } from './scenario.ts'
import { openWorld } from './world.ts'

function givenScenario(text: string): Scenario {
  const folder = mkdtempSync(join(tmpdir(), 'parley-scenario-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'talk.scenario.yaml')
  writeFileSync(file, text)
  const [read] = readScenarioFile(file, 'talk.yaml')
  return scenarioOfFile(read!)
}

const rings = (settings: string, ringIn: string) =>
  givenScenario(`
name: Rings for ${ringIn}
account: { settings: { messaging: ${settings} } }
steps:
  - consumer opens: { skill: '1001' }
  - expect timer: { name: ring, in: ${ringIn} }
`)

const failures = (results: Result[]) => results.flatMap(({ failure }) => failure?.message ?? [])

test('what one scenario sets of its account is not there for the next one, also where a part of it was refused', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  const { url, accountId, adminBearer: bearer } = server
  const session = { url, accountId, bearer, userId: '', pid: undefined }
  using world = await openWorld(session, [], { skillIds: ['1001'] })
  const run = (scenarios: Scenario[]) => runAll(world, scenarios, () => undefined)
  const ringing = [rings('{ ringMs: 60000 }', '1m'), rings('{ autoCloseMs: 1500000 }', '1h')]
  expect(failures(await run(ringing))).toEqual([])

  const account = {
    settings: { messaging: { autoCloseMs: 1_500_000 } },
    automaticMessages: { NO_SUCH_MESSAGE: { texts: [] } },
  }
  const refused = { ...rings('{}', '1h'), account } as Scenario
  await expect(run([refused])).rejects.toThrow('invalid_value')
  expect(await call(server, 'GET', 'settings')).not.toMatchObject({
    messaging: { autoCloseMs: 1_500_000 },
  })
})
