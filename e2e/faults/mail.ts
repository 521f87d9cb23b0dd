import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { call } from '@parley/client'
import * as contract from '@parley/contract'
import { openTestMailServer, type Treatment } from '../../apps/server/testing/mail-server.ts'
import { eventually } from '../live/eventually.ts'
import { BASE, filledDataDir } from '../fill/filled-base.ts'
import { startParley } from '../live/parley.ts'
import { deployDecision, setStage, type Stage } from '../mail/chat-stage.ts'
import { ORDERS, startRatings } from './ratings.ts'
import { removeFolder } from '../live/remove-folder.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const PLAN = values.short
  ? { kills: 5, withPostgres: 2, interrupted: 1 }
  : { kills: 50, withPostgres: 10, interrupted: 10 }
const CONSUMERS = 4
const DECIDES = 'denver_post_survey_email_transcript'

/** Runs long enough that a kill often finds it running; one mail for each kind of order. */
const DECISION = `function lambda(input, callback) {
  const [{ answer }] = input.payload.questionWithAnswers
  const mails = ${JSON.stringify(ORDERS)}.map((order) => ({ targetEmail: order + '@example.com',
    senderName: 'Chat', senderEmail: 'noreply@example.com', subject: answer + ' ' + order }))
  setTimeout(() => callback(null, mails), 50 + Math.random() * 200)
}`

const FAULTS: Treatment[] = [
  'drop',
  'accept-and-drop',
  { receiver: 451, answer: '4.3.0 try later' },
  { content: 452, answer: '4.3.1 no space' },
]

/** Fails half of the time. */
function half(): Treatment {
  return randomInt(2) === 0 ? 'accept' : (FAULTS[randomInt(FAULTS.length)] ?? 'drop')
}

const dataDir = await filledDataDir(BASE)
const acknowledged = new Set<string>()
await using smtp = await openTestMailServer()
smtp.treat = half
const start = () => startParley({ dataDir, env: { PARLEY_SMTP_URL: smtp.url } })

async function killAgainAndAgain(): Promise<Stage> {
  let stage: Stage | undefined
  for (let kill = 0; kill < PLAN.kills; kill++) {
    const parley = await start()
    stage = await setStage(parley, stage)
    if (kill === 0) await prepare(stage)
    const ratings = startRatings(stage, CONSUMERS, (token) => void acknowledged.add(token))
    await sleep(randomInt(300, 1500))
    const scope = kill % Math.floor(PLAN.kills / PLAN.withPostgres) === 0 ? 'everything' : 'server'
    const stopping = ratings.stop()
    await parley.kill(scope)
    await stopping
    console.log(
      `kill ${kill + 1} (${scope}): ${acknowledged.size} surveys acknowledged, ${smtp.mails.length} mails taken in ${smtp.attempts} attempts`,
    )
  }
  if (!stage) throw new Error('Nothing was killed')
  return stage
}

async function prepare(stage: Stage): Promise<void> {
  const questions = [{ questionId: 'token', kind: 'text', text: 'Token?' } as const]
  await call(stage.admin, contract.setChatSettings, {
    body: { survey: { questions }, startsPerMinute: 100_000 },
  })
  await deployDecision(stage, 'decide_transcript', DECISION)
}

/** Sends the mails that wait for their next attempt, until no mail waits. */
async function sendTheRest(stage: Stage): Promise<void> {
  const subjects = () => new Set(smtp.mails.map(({ raw }) => subjectOf(raw)))
  const missing = () => {
    const taken = subjects()
    return expected().filter((subject) => !taken.has(subject))
  }
  await eventually(
    'Every mail to leave',
    async () => {
      await call(stage.admin, contract.sendMails, { body: { state: 'deferred' } })
      const { states } = await call(stage.admin, contract.countMails)
      const isDone = states.queued + states.deferred === 0 && missing().length === 0
      return isDone || undefined
    },
    { patienceMs: 300_000, pauseMs: 500 },
  ).catch((cause: unknown) => {
    throw new Error(`Missing: ${missing().slice(0, 10).join(', ')}`, { cause })
  })
}

function expected(): string[] {
  return [...acknowledged].flatMap((token) => ORDERS.map((order) => `${token} ${order}`))
}

function subjectOf(raw: string): string {
  return /^Subject: (.*?)\r?$/m.exec(raw)?.[1] ?? ''
}

/** Chats whose function was running when a kill came: it was called again by the next node. */
async function interruptedChats(stage: Stage): Promise<number> {
  const chats = new Set<string | undefined>()
  let after: string | undefined
  do {
    const query = { limit: 500, eventId: DECIDES, ...(after !== undefined && { after }) }
    const page = await call(stage.admin, contract.listInvocations, { query })
    for (const { attempt, conversationId } of page.invocations) {
      if (attempt > 1) chats.add(conversationId)
    }
    after = page.next
  } while (after !== undefined)
  return chats.size
}

async function verify(stage: Stage): Promise<string[]> {
  await using parley = await start()
  const again = await setStage(parley, stage)
  await sendTheRest(again)
  const { states } = await call(again.admin, contract.countMails)
  const idsBySubject = new Map<string, Set<string>>()
  for (const { raw, messageId } of smtp.mails) {
    const subject = subjectOf(raw)
    idsBySubject.set(subject, (idsBySubject.get(subject) ?? new Set()).add(messageId))
  }
  const duplicates = smtp.mails.length - idsBySubject.size
  console.log(
    `${acknowledged.size} surveys, ${idsBySubject.size} mails, ${duplicates} repetitions, ${smtp.attempts} attempts; ${JSON.stringify(states)}`,
  )
  const complaints = [...idsBySubject]
    .filter(([, ids]) => ids.size !== 1)
    .map(([subject, ids]) => `"${subject}" came under ${ids.size} Message-IDs`)
  const interrupted = await interruptedChats(again)
  console.log(`${interrupted} functions were interrupted by a kill and called again`)
  if (interrupted < PLAN.interrupted) {
    complaints.push(
      `Only ${interrupted} functions were interrupted, ${PLAN.interrupted} are needed`,
    )
  }
  const unsent = Object.entries(states).filter(([state, count]) => state !== 'sent' && count > 0)
  if (unsent.length > 0) complaints.push(`Mails that are not sent: ${JSON.stringify(states)}`)
  if (states.sent !== idsBySubject.size) {
    complaints.push(`${states.sent} mails count as sent, ${idsBySubject.size} have arrived`)
  }
  return complaints
}

try {
  const complaints = await verify(await killAgainAndAgain())
  for (const complaint of complaints) console.error(complaint)
  console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
  process.exitCode = complaints.length === 0 ? 0 : 1
} finally {
  removeFolder(dataDir)
}
