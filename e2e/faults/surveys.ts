import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { login } from '@parley/client'
import { serve } from './cluster-agents.ts'
import { missed } from './cluster-consumer.ts'
import { killDuring } from './cluster-kills.ts'
import { openCluster } from './cluster-nodes.ts'
import { interruptingKills, openWitness } from './cluster-witness.ts'
import { newest, openLedger } from './ledger.ts'
import { setSurveyStage } from './surveys-stage.ts'
import { type SurveyEntry, takeSurveys } from './surveys-takers.ts'
import { verifySurveys } from './surveys-verify.ts'
import { removeFolder } from '../live/remove-folder.ts'

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, logs: { type: 'string' } },
})
const PLAN = values.short
  ? { people: 10, ofEachNode: 1, ofDatabase: 1, pauseMs: [2_000, 6_000] as const }
  : { people: 100, ofEachNode: 5, ofDatabase: 2, pauseMs: [5_000, 15_000] as const }

const folder = mkdtempSync(join(tmpdir(), 'parley-ledger-'))
const ledger = openLedger<SurveyEntry>(join(folder, 'ledger.jsonl'))

function progress(): string {
  const surveys = newest(ledger.entries())
  const over = surveys.filter(({ isOver }) => isOver).length
  return `${surveys.length - over} surveys between their questions, ${over} over`
}

async function killAndVerify(): Promise<string[]> {
  await using witness = await openWitness()
  const env = { PARLEY_EGRESS_PRIVATE: witness.address }
  await using cluster = await openCluster({ env, logs: values.logs })
  const agents = await setSurveyStage(cluster, witness)
  const atWork = new AbortController()
  const serving = agents.map((agent) => serve(cluster, agent, atWork.signal))
  const failed = await killDuring(cluster, {
    ...PLAN,
    work: (over) => takeSurveys({ cluster, ledger }, over),
    underWay: () => newest(ledger.entries()).length,
    progress,
    done: () => witness.runs.length,
  })
  atWork.abort()
  await Promise.all(serving)
  const admin = await login(await cluster.endpoint(), cluster.firstRun.admin)
  const complaints = await verifySurveys(admin, ledger.entries(), witness.runs)
  const requests = new Set(witness.runs.map(({ requestId }) => requestId))
  const interrupting = interruptingKills(witness.runs, cluster.kills)
  const surveys = newest(ledger.entries())
  const answers = surveys.flatMap((survey) => survey.answers)
  console.log(
    [
      `${surveys.length} surveys, ${answers.length} answers`,
      `${witness.runs.length} runs of functions for ${requests.size} events`,
      `${interrupting.length} of ${cluster.kills.length} kills interrupted a running function`,
      `${missed.updates} times something was only found by reading again`,
    ].join('\n'),
  )
  return [...failed, ...complaints]
}

try {
  const complaints = await killAndVerify()
  for (const complaint of complaints) console.error(complaint)
  console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
  process.exitCode = complaints.length === 0 ? 0 : 1
} finally {
  removeFolder(folder)
}
