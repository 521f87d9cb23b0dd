import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { call, login } from '@parley/client'
import { createFunction, deployFunction, setAutomaticMessage } from '@parley/contract'
import { eventually } from '../live/eventually.ts'
import { BASE, filledDataDir, undeployExample } from '../fill/filled-base.ts'
import { type LiveParley, startParley } from '../live/parley.ts'
import { type Acknowledged, newest, openLedger } from './ledger.ts'
import { startTraffic } from './traffic.ts'
import { ANSWER, complaintsAbout, wasInterrupted } from './verify.ts'
import { removeFolder } from '../live/remove-folder.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const PLAN = values.short
  ? { kills: 2, withPostgres: 1, interrupted: 1, consumers: 4 }
  : { kills: 20, withPostgres: 5, interrupted: 5, consumers: 4 }

/** Runs long enough that a random kill often finds it running. */
const SLOW_ANSWER = `function lambda(input, callback) {
  const { convId } = input.payload.general
  setTimeout(() => callback(null, { type: 'systemMessage', text: '${ANSWER} ' + convId }), 200 + Math.random() * 600)
}`

async function deploySlowAnswer(parley: LiveParley): Promise<void> {
  const session = await login(parley.endpoint, parley.firstRun.admin)
  await undeployExample(session)
  const { functionId } = await call(session, createFunction, {
    body: {
      name: 'slow_answer',
      description: 'Answers every new conversation, slowly',
      eventId: 'controllerbot_messaging_new_conversation',
      code: SLOW_ANSWER,
    },
  })
  await call(session, deployFunction, { params: { functionId } })
  // It would go out instead where the function takes long.
  await call(session, setAutomaticMessage, {
    params: { type: 'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME' },
    body: { active: false },
  })
}

/** Which of the kills take PostgreSQL along, spread over the run. */
function takesPostgres(kill: number): boolean {
  return kill % Math.floor(PLAN.kills / PLAN.withPostgres) === 0
}

const dataDir = await filledDataDir(BASE)
const ledgerFile = join(dataDir, '..', `parley-ledger-${process.pid}.jsonl`)
const ledger = openLedger<Acknowledged>(ledgerFile)
const acknowledged = () => newest(ledger.entries())

async function killAgainAndAgain(): Promise<void> {
  for (let kill = 0; kill < PLAN.kills; kill++) {
    const parley = await startParley({ dataDir })
    if (kill === 0) await deploySlowAnswer(parley)
    const traffic = startTraffic(
      { endpoint: parley.endpoint, ledger },
      { consumers: PLAN.consumers, kills: kill },
    )
    const before = acknowledged().length
    // More than those who come: the first function runs.
    const enough = before + 2 * PLAN.consumers
    await eventually('Traffic', () => acknowledged().length > enough || undefined)
    await sleep(randomInt(0, 800))
    const scope = takesPostgres(kill) ? 'everything' : 'server'
    const stopping = traffic.stop()
    await parley.kill(scope)
    await stopping
    console.log(
      `kill ${kill + 1} (${scope}), ready had taken ${Math.round(parley.readyMs)} ms, ${acknowledged().length} conversations acknowledged`,
    )
  }
}

/** How many kills found the function running: its second attempt shows it. */
function interruptedKills(entries: Acknowledged[], wasRepeated: boolean[]): number {
  return new Set(entries.filter((_, index) => wasRepeated[index]).map(({ kills }) => kills)).size
}

async function verify(): Promise<string[]> {
  await using parley = await startParley({ dataDir })
  const session = await login(parley.endpoint, parley.firstRun.admin)
  const entries = acknowledged()
  const complaints: string[] = []
  for (const entry of entries) complaints.push(...(await complaintsAbout(session, entry)))
  const wasRepeated: boolean[] = []
  for (const { conversationId } of entries) {
    wasRepeated.push(await wasInterrupted(session, conversationId))
  }
  const interrupted = interruptedKills(entries, wasRepeated)
  console.log(
    `${entries.length} acknowledged conversations, ${interrupted} kills interrupted a running function`,
  )
  if (interrupted < PLAN.interrupted) {
    complaints.push(
      `Only ${interrupted} kills interrupted a running function, ${PLAN.interrupted} are needed`,
    )
  }
  return complaints
}

try {
  await killAgainAndAgain()
  const complaints = await verify()
  for (const complaint of complaints) console.error(complaint)
  console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
  process.exitCode = complaints.length === 0 ? 0 : 1
} finally {
  removeFolder(dataDir)
  rmSync(ledgerFile, { force: true })
}
