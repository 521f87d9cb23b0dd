import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { call, login, type Session } from '@parley/client'
import { listInvocations } from '@parley/contract'
import { serve } from './cluster-agents.ts'
import { missed } from './cluster-consumer.ts'
import { killDuring } from './cluster-kills.ts'
import { openCluster } from './cluster-nodes.ts'
import { setStage } from './cluster-stage.ts'
import { verifyVisits } from './cluster-verify.ts'
import { type VisitEntry, visitAgainAndAgain } from './cluster-visits.ts'
import { interruptingKills, openWitness } from './cluster-witness.ts'
import { newest, openLedger } from './ledger.ts'
import { removeFolder } from '../live/remove-folder.ts'

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, logs: { type: 'string' } },
})
const PLAN = values.short
  ? { people: 12, ofEachNode: 1, ofDatabase: 1, pauseMs: [2_000, 6_000] as const, interrupting: 1 }
  : {
      people: 200,
      ofEachNode: 20,
      ofDatabase: 5,
      // A node takes up what another one has left when its lease of five seconds is over.
      pauseMs: [5_000, 15_000] as const,
      interrupting: 12,
    }

const folder = mkdtempSync(join(tmpdir(), 'parley-ledger-'))
const ledger = openLedger<VisitEntry>(join(folder, 'ledger.jsonl'))

function progress(): string {
  const entries = ledger.entries()
  const over = entries.filter(({ isOver }) => isOver).length
  return `${newest(entries).length} conversations, ${over} of them over, ${entries.length} acknowledgements`
}

/** How many, with the reasons. */
async function failedRuns(admin: Session): Promise<string> {
  const query = { outcome: ['CODING_FAILURE', 'PLATFORM_FAILURE', 'TIMEOUT'], limit: 500 }
  const { invocations } = await call(admin, listInvocations, { query })
  const reasons = new Set(
    invocations.map(({ errorCode, errorMessage }) => `${errorCode}: ${errorMessage}`),
  )
  return [invocations.length, ...reasons].join(' ')
}

async function killAndVerify(): Promise<string[]> {
  await using witness = await openWitness()
  const env = { PARLEY_EGRESS_PRIVATE: witness.address }
  await using cluster = await openCluster({ env, logs: values.logs })
  const agents = await setStage(cluster, witness)
  const atWork = new AbortController()
  const serving = agents.map((login) => serve(cluster, login, atWork.signal))
  const failed = await killDuring(cluster, {
    ...PLAN,
    work: (over) => visitAgainAndAgain({ cluster, ledger }, over),
    underWay: () => newest(ledger.entries()).length,
    progress,
    done: () => witness.runs.length,
    isEnough: () => interruptingKills(witness.runs, cluster.kills).length >= PLAN.interrupting,
  })
  atWork.abort()
  await Promise.all(serving)

  const entries = ledger.entries()
  const admin = await login(await cluster.endpoint(), cluster.firstRun.admin)
  const verdict = await verifyVisits(admin, entries, witness.runs)
  const interrupting = interruptingKills(witness.runs, cluster.kills)
  const requests = new Set(witness.runs.map(({ requestId }) => requestId))
  console.log(
    [
      `${newest(entries).length} conversations, ${verdict.messages} messages, ${verdict.events} events handled`,
      `${witness.runs.length} runs of functions for ${requests.size} requests`,
      `${await failedRuns(admin)} runs failed, and were repeated`,
      `${interrupting.length} of ${cluster.kills.length} kills interrupted a running function`,
      `${missed.updates} times something was only found by reading again`,
    ].join('\n'),
  )
  return [
    ...failed,
    ...verdict.complaints,
    ...(interrupting.length < PLAN.interrupting
      ? [
          `Only ${interrupting.length} kills interrupted a function, ${PLAN.interrupting} are needed`,
        ]
      : []),
  ]
}

try {
  const complaints = await killAndVerify()
  for (const complaint of complaints) console.error(complaint)
  console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
  process.exitCode = complaints.length === 0 ? 0 : 1
} finally {
  removeFolder(folder)
}
