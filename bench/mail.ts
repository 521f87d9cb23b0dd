import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { call } from '@parley/client'
import * as contract from '@parley/contract'
import { eventually } from '../e2e/live/eventually.ts'
import { freePort } from '../apps/server/testing/free-port.ts'
import { startParley } from '../e2e/live/parley.ts'
import { endAndRate, setStage, type Stage, startChat } from '../e2e/mail/chat-stage.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'

/** As many as there may be rules: each gives one mail per chat. */
const MAILS_PER_CHAT = 100
/** Less is no machine's fault, beside other work either: a wait in the way of each mail left 0.14. */
const LEAST_SHARE = 0.25
/** Makes about 4 KB of text and HTML. */
const LINES_PER_CHAT = 12
const LINE = 'The quick brown fox jumps over the lazy dog, and then it does so again.'

const targets = join(import.meta.dirname, 'targets')

class Child implements AsyncDisposable {
  readonly process: ChildProcess

  constructor(file: string, port: number) {
    const env = { ...process.env, PORT: String(port) }
    this.process = fork(join(targets, file), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  }

  async answer(): Promise<unknown> {
    const [message] = (await once(this.process, 'message')) as [unknown]
    return message
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.process, 'close')
    this.process.kill()
    await closed
  }
}

async function startChild(file: string, port: number): Promise<Child> {
  const child = new Child(file, port)
  await child.answer()
  return child
}

/** Rated chats whose mails are held. */
async function holdMails(stage: Stage, chats: number): Promise<void> {
  const mail = {
    targetEmail: 'team@example.com',
    senderName: 'Chat Team',
    senderEmail: 'noreply@example.com',
    subject: 'Your chat',
  }
  const rules = Array.from({ length: MAILS_PER_CHAT }, (_, rule) => ({ ruleId: `r${rule}`, mail }))
  await call(stage.admin, contract.setTranscriptSettings, { body: { rules, holdMails: true } })
  for (let done = 0; done < chats; done++) {
    const chat = await startChat(stage, 'Ada')
    const { chatId } = chat
    for (let line = 0; line < LINES_PER_CHAT; line++) {
      await call(chat.consumer, contract.writeConsumerLine, {
        params: { chatId },
        body: { text: LINE },
      })
    }
    await endAndRate(chat, 1)
  }
  await inState(stage, 'held', chats * MAILS_PER_CHAT)
}

async function inState(stage: Stage, state: contract.MailState, count: number): Promise<void> {
  await eventually(`${count} mails to be ${state}`, async () => {
    const { states } = await call(stage.admin, contract.countMails)
    return states[state] === count || undefined
  })
}

/** Mails per second, from the moment they are asked for until the last has arrived. */
async function measure(sink: Child, count: number, send: () => unknown): Promise<number> {
  sink.process.send({ wait: count })
  const arrived = sink.answer()
  const startedAt = performance.now()
  await send()
  await arrived
  return (count * 1000) / (performance.now() - startedAt)
}

export async function benchMail({ short }: BenchOptions): Promise<BenchReport> {
  const [chats, rounds] = short ? [3, 1] : [20, 5]
  const count = chats * MAILS_PER_CHAT
  const port = await freePort()
  await using sink = await startChild('mail-sink.ts', port)
  await using bare = await startChild('mail-sender.ts', port)
  await using parley = await startParley({
    env: { PARLEY_SMTP_URL: `smtp://127.0.0.1:${port}` },
  })
  const stage = await setStage(parley)
  await holdMails(stage, chats)
  const { mails } = await call(stage.admin, contract.listMails, { query: { limit: 1 } })
  const { subject, html, text } = await call(stage.admin, contract.getMail, {
    params: { mailId: mails[0]?.mailId ?? '' },
  })

  const sendBare = () => bare.process.send({ count, subject, html, text })
  const sendAll = (state: contract.MailState) => () =>
    call(stage.admin, contract.sendMails, { body: { state } })
  await measure(sink, count, sendBare)
  await measure(sink, count, sendAll('held'))
  await inState(stage, 'sent', count)
  const measured: { bare: number; parley: number }[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const bareRate = await measure(sink, count, sendBare)
    const parleyRate = await measure(sink, count, sendAll('sent'))
    await inState(stage, 'sent', count)
    measured.push({ bare: bareRate, parley: parleyRate })
  }
  const reached = median(measured.map((rates) => rates.parley / rates.bare))
  return {
    rows: (['bare', 'parley'] as const).map((sender) => ({
      sender,
      mails: count,
      'mails/s': round(median(measured.map((rates) => rates[sender]))),
    })),
    bars: [
      {
        name: 'P10',
        measure: 'transcript mails per second ÷ bare nodemailer pool of 5',
        reached,
        bar: 0.7,
        wants: 'more',
      },
      {
        name: 'mails',
        measure: 'transcript mails per second ÷ bare nodemailer pool of 5, on any machine',
        reached,
        bar: LEAST_SHARE,
        wants: 'more',
        isRequired: true,
      },
    ],
    details: { measured, bytes: html.length + text.length },
  }
}
